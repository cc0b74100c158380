import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { describeStores, type TestStores } from '../store/test-stores.ts';
import { createRounds } from './guard.ts';
import { callDetail } from './queries.ts';
import { rebuildCalls } from './rebuild.ts';
import { deleteCallsBefore } from './retention.ts';
import { createPatientIngest } from './test-ingest.ts';
import { answer, event, statusOf } from './test-webhooks.ts';

const HOUR_MS = 3_600_000;
const CALLED_AT = Date.parse('2026-03-29T21:20:05Z');

async function openLog({ open, place }: TestStores) {
  const here = await place();
  const store = await open(here);
  return { here, store, ...(await createPatientIngest(store)) };
}

const everything = (store: Store) =>
  store.read(async (db) => ({
    calls: await db.selectFrom('calls').selectAll().orderBy('number').execute(),
    entries: await db.selectFrom('entries').selectAll().orderBy('id').execute(),
    places: await db.selectFrom('places').selectAll().orderBy('entry_id').execute(),
    legs: await db.selectFrom('legs').selectAll().orderBy('uuid').execute(),
  }));

describeStores('calls made anew', (stores) => {
  it('are what they were, whatever had become of them', async () => {
    const { here, store, ingest } = await openLog(stores);
    await Promise.all(
      Array.from({ length: 130 }, (_, index) =>
        ['started', 'answered', 'completed'].map((status, second) =>
          ingest(event(statusOf(`caller-${index}`, status, second, `CON-${index}`))),
        ),
      ).flat(),
    );
    // More than is read at once.
    await Promise.all(
      Array.from({ length: 1_200 }, (_, second) =>
        ingest(event(statusOf('caller-7', 'ringing', second, 'CON-7'))),
      ),
    );
    const before = await everything(store);
    await store.write(async (transaction) => {
      const wrong = { state: '{}', status: 'started', from_party: null, first_seen_at: 7 } as const;
      await transaction.updateTable('calls').set(wrong).execute();
      const empty = { ...before.calls[0], ...wrong, number: 999, id: 'CON-empty', last_entry_id: 1 };
      await transaction.insertInto('calls').values(empty).execute();
    });
    const progress: number[] = [];
    expect(await rebuildCalls(store, (done) => progress.push(done))).toBe(130);
    expect(await everything(store)).toEqual(before);
    expect(progress).toEqual([50, 100, 130, 130]);

    const program = join(import.meta.dirname, '../commands/rebuild.ts');
    const env = { DATA_DIR: here.dataDir, ...(here.databaseUrl && { DATABASE_URL: here.databaseUrl }) };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env });
    expect(stderr + stdout).toBe('All 130 calls are made anew from their entries.\n');
  }, 30_000);
});

describeStores('calls of which somebody took the entries out of the log', (stores) => {
  it('are gone when all are made anew', async () => {
    const { store, ingest } = await openLog(stores);
    for (const call of ['CON-1', 'CON-2'])
      await ingest(event(statusOf(`leg of ${call}`, 'started', 0, call)));
    await store.write((transaction) => transaction.deleteFrom('entries').where('id', '=', 1).execute());
    expect(await rebuildCalls(store, () => {})).toBe(1);
    const { calls, places } = await everything(store);
    expect(calls.map(({ id }) => id)).toEqual(['CON-2']);
    expect(places.map(({ entry_id }) => entry_id)).toEqual([2]);
  });
});

describeStores('a log of the first version, in which each entry told its call', (stores) => {
  it('is taken over whole', async () => {
    const { here, store, ingest } = await openLog(stores);
    for (const [second, status] of ['started', 'answered', 'completed'].entries())
      await ingest(event(statusOf('caller', status, second)));
    await ingest(event(statusOf('other', 'started', 0, 'CON-2')));
    const before = await everything(store);
    await store.write(async (transaction) => {
      for (const statement of [
        'alter table entries add column call_number bigint references calls(number)',
        `update entries set call_number =
          (select call_number from places where entry_id = entries.id and entry_id < 4)`,
        `create index entries_of_call on entries (call_number, id) where call_number is not null`,
        'drop table places',
        `delete from kysely_migration where name = '002-places'`,
        // One of them was not projected when the server ended.
        'update counters set projected_entry_id = 3',
      ])
        await sql.raw(statement).execute(transaction);
    });
    const anew = await stores.open(here);
    expect((await callDetail(anew, 'CON-1'))?.entries).toHaveLength(3);
    const { settled } = await createPatientIngest(anew);
    await settled();
    expect(await everything(anew)).toEqual(before);
    expect(here.lines).toEqual([]);
  });
});

describeStores('retention', (stores) => {
  it('deletes old calls whole, and nothing else', async () => {
    const { store, ingest } = await openLog(stores);
    const tell = (call: string, status: string, receivedAt: number, second = 0) =>
      ingest(event(statusOf(`leg of ${call}`, status, second, call), { receivedAt }));
    await Promise.all(
      Array.from({ length: 120 }, (_, index) => tell(`CON-${index}`, 'started', index * 1000)),
    );
    await Promise.all(Array.from({ length: 700 }, (_, index) => tell('CON-0', 'ringing', 500_000, index)));
    expect(await deleteCallsBefore(store, 110_000)).toBe(110);
    const { calls, entries, places, legs } = await everything(store);
    expect(calls.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `CON-${110 + index}`));
    expect(entries).toHaveLength(10);
    expect(places).toHaveLength(10);
    expect(legs).toHaveLength(10);
    expect(await deleteCallsBefore(store, 110_000)).toBe(0);
    expect(await tell('CON-new', 'started', 1)).toEqual({ id: 821, stored: 'new' });
  });

  it('can be ended between two steps', async () => {
    const { store, ingest } = await openLog(stores);
    await ingest(event(statusOf('caller', 'started'), { receivedAt: 1 }));
    expect(await deleteCallsBefore(store, 2, AbortSignal.abort())).toBe(0);
    expect(await deleteCallsBefore(store, 2)).toBe(1);
  });
});

describeStores('the guard', (stores) => {
  /** A guard whose platform knows some legs, at so many hours after the calls. */
  async function guarded(known: Record<string, Readonly<Record<string, unknown>>>, hours: number) {
    const { store, ingest } = await openLog(stores);
    const asked: (string | undefined)[][] = [];
    let now = CALLED_AT + hours * HOUR_MS;
    const round = createRounds({
      store,
      ingest,
      now: () => now,
      log: () => {},
      lookUp: async (uuid, regionUrl) => {
        asked.push([uuid, regionUrl]);
        return known[uuid];
      },
    });
    return {
      store,
      asked,
      tell: (leg: string, status: string, second: number, call = 'CON-1') =>
        ingest(event(statusOf(leg, status, second, call), { receivedAt: CALLED_AT })),
      ask: ingest,
      round: () => round(new AbortController().signal),
      wait: (more: number) => {
        now += more * HOUR_MS;
      },
    };
  }

  const ended = {
    uuid: 'caller',
    status: 'completed',
    start_time: '2026-03-29T21:20:10.000Z',
    end_time: '2026-03-29T21:30:10.000Z',
    duration: '600',
    price: '0.07',
    from: { type: 'phone', number: '447700900000' },
  };

  it('asks how a call ended that must have, and stores the answer', async () => {
    const { store, asked, ask, tell, round } = await guarded({ caller: ended }, 2.2);
    const question = {
      uuid: 'caller',
      conversation_uuid: 'CON-1',
      region_url: 'https://api-us-3.vonage.com',
    };
    await ask(answer(question, { receivedAt: CALLED_AT }));
    await tell('caller', 'started', 0);
    await tell('caller', 'answered', 5);
    await round();
    expect(asked).toEqual([['caller', 'https://api-us-3.vonage.com']]);
    const detail = await callDetail(store, 'CON-1');
    expect(detail?.call).toMatchObject({ status: 'ended', endedAt: Date.parse(ended.end_time), price: 0.07 });
    expect(detail?.entries.at(-1)).toMatchObject({
      payload: { status: 'completed', from: '447700900000', reported_by: 'switchboard' },
    });
    await round();
    expect(asked).toHaveLength(1);
  });

  it('asks about no call that may still go on, or has ended', async () => {
    const early = await guarded({ caller: ended }, 2);
    await early.tell('caller', 'answered', 0);
    await early.round();
    const over = await guarded({ caller: ended }, 9);
    await over.tell('caller', 'completed', 9);
    await over.round();
    expect([...early.asked, ...over.asked]).toEqual([]);
  });

  it('leaves a call alone that goes on, and asks again', async () => {
    const { store, asked, tell, round } = await guarded({ caller: { status: 'answered' } }, 3);
    await tell('caller', 'answered', 0);
    await round();
    await round();
    expect(asked).toHaveLength(2);
    expect((await callDetail(store, 'CON-1'))?.entries).toHaveLength(1);
  });

  it('ends a call that the platform does not know only when it can no longer be', async () => {
    const { store, tell, round, wait } = await guarded({}, 3);
    await tell('caller', 'started', 0);
    await tell('caller', 'answered', 5);
    await round();
    expect((await callDetail(store, 'CON-1'))?.call.status).not.toBe('ended');
    wait(22);
    await round();
    const call = (await callDetail(store, 'CON-1'))?.call;
    expect(call).toMatchObject({ status: 'ended', endedAt: CALLED_AT + 5000 });
  });

  it('comes to every call, be there many that go on', async () => {
    const { asked, tell, round } = await guarded({}, 3);
    await Promise.all(
      Array.from({ length: 45 }, (_, index) => tell(`caller-${index}`, 'answered', 0, `CON-${index}`)),
    );
    for (let times = 0; times < 3; times++) await round();
    expect(new Set(asked.map(([uuid]) => uuid)).size).toBe(45);
    await round();
    expect(asked).toHaveLength(65);
  });
});
