import { join } from 'node:path';
import { SqliteQueryCompiler } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { figuresOf } from '../../../domain/desk/figures.ts';
import { createTestDesk, deskRules } from '../../../domain/desk/testing.ts';
import { openStore, type Store } from '../../store/store.ts';
import { tables } from '../../tables.ts';
import { emptyFolder } from '../../testing.ts';
import { deleteDeskBefore, deleteDeskCalls } from './delete.ts';
import { createFiguresReader } from './figures.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A morning with an answered, an abandoned and a waiting call, and the agents' times. */
function morning(): readonly DeskEvent[] {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  desk.page('Alice');
  desk.call('a');
  desk.wait(4);
  desk.answer('Alice');
  desk.call('b');
  desk.wait(9);
  desk.tell({ kind: 'caller ended', call: 'b' });
  desk.tell({ kind: 'caller ended', call: 'a' });
  desk.wait(5);
  desk.page('Bob');
  desk.call('c');
  desk.wait(1_200);
  return desk.events;
}

async function emptyStore(): Promise<Store> {
  const store = await openStore({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
  onTestFinished(() => store.close());
  return store;
}

async function write(store: Store, events: readonly DeskEvent[], from: number): Promise<void> {
  const rows = events.map((event, index) => ({
    id: from + index + 1,
    at: event.at,
    call: 'call' in event ? event.call : null,
    agent: null,
    kind: event.kind,
    body: JSON.stringify(event),
  }));
  await store.write((transaction) => transaction.insertInto('desk_events').values(rows).execute());
}

test('figures that are asked for again and again are those of all events, of which only the new ones are read', async () => {
  const store = await emptyStore();
  const events = morning();
  let now = START;
  const figures = createFiguresReader(store, () => now);
  for (const [from, to] of [
    [0, 6],
    [6, 6],
    [6, 15],
    [15, events.length],
  ] as const) {
    const added = events.slice(from, to);
    if (added.length > 0) await write(store, added, from);
    now = (events[to - 1]?.at ?? START) + 30_000;
    const both = await Promise.all([figures(START, START + DAY), figures(START, START + DAY)]);
    const expected = figuresOf(events.slice(0, to), START, START + DAY, now);
    expect(both).toEqual([expected, expected]);
    // What has been read once is not read again.
    await store.write((transaction) =>
      transaction.updateTable('desk_events').set({ body: 'unreadable' }).where('id', '<=', to).execute(),
    );
  }
});

test('a call that is deleted no longer counts', async () => {
  const store = await emptyStore();
  const events = morning();
  await write(store, events, 0);
  const now = (events.at(-1)?.at ?? START) + 30_000;
  const figures = createFiguresReader(store, () => now);
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 3, answered: 1 });
  const isOfA = (event: DeskEvent) => JSON.stringify(event).includes('"call":"a"');
  await store.write((transaction) => deleteDeskCalls(transaction, ['a']));
  const left = events.filter((event) => !isOfA(event));
  expect(await figures(START, START + DAY)).toEqual(figuresOf(left, START, START + DAY, now));
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 2, answered: 0 });
});

test('events that take the ids of deleted ones count', async () => {
  const store = await emptyStore();
  const events = morning();
  const now = (events.at(-1)?.at ?? START) + HOUR;
  const firstOfC = events.findIndex((event) => 'call' in event && event.call === 'c');
  const before = events.slice(0, firstOfC);
  const ofC = events.slice(firstOfC).filter((event) => 'call' in event && event.call === 'c');
  await write(store, [...before, ...ofC], 0);
  const figures = createFiguresReader(store, () => now);
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 3, waiting: 1 });
  await store.write((transaction) => deleteDeskCalls(transaction, ['c']));
  const next = ofC.map((event): DeskEvent => {
    const ofD: DeskEvent = JSON.parse(JSON.stringify(event).replaceAll('"c"', '"d"'));
    return { ...ofD, at: event.at + HOUR / 2 };
  });
  await write(store, next, before.length);
  expect(await figures(START, START + DAY)).toEqual(figuresOf([...before, ...next], START, START + DAY, now));
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 3, waiting: 1 });
});

test('events that are deleted because of their age no longer count', async () => {
  const store = await emptyStore();
  await write(store, morning(), 0);
  const figures = createFiguresReader(store, () => START + DAY);
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 3 });
  await deleteDeskBefore(store, START + DAY);
  expect(await figures(START, START + DAY)).toMatchObject({ offered: 0, agents: [] });
});

test('only what is new is looked for, and nothing is counted or read again, also while old calls are deleted', async () => {
  const queries: { sql: string; parameters: readonly unknown[] }[] = [];
  const store = await emptyStore();
  const watched: Store = {
    ...store,
    read: (work) =>
      store.read((db) =>
        work(
          db.withPlugin({
            transformQuery({ node, queryId }) {
              queries.push(new SqliteQueryCompiler().compileQuery(node, queryId));
              return node;
            },
            transformResult: async ({ result }) => result,
          }),
        ),
      ),
  };
  const events = morning();
  const last = events.at(-1)?.at ?? START;
  await write(store, events, 0);
  const figures = createFiguresReader(watched, () => last);
  await figures(START, START + DAY);
  await deleteDeskBefore(store, START - 2 * DAY);
  queries.length = 0;
  await figures(START, START + DAY);
  const ofEvents = queries.filter(({ sql }) => sql.includes('"desk_events"'));
  expect(queries.map(({ sql }) => sql).join('\n')).not.toContain('count(');
  expect(ofEvents.map(({ parameters }) => parameters)).toEqual([
    [last - HOUR, START + 2 * DAY, events.length],
  ]);
});

test('figures of many days are read as a whole', async () => {
  const store = await emptyStore();
  const events = morning();
  await write(store, events, 0);
  const figures = createFiguresReader(store, () => START + DAY);
  const asked = [START - 7 * DAY, START + 7 * DAY] as const;
  await figures(...asked);
  expect(await figures(...asked)).toEqual(figuresOf(events, ...asked, START + DAY));
});
