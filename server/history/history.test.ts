import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createContacts } from '../contacts/contacts.ts';
import { insertRows } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { createHistory, type HistoryFilter, historyQuery } from './history.ts';
import type { HistoryBody } from './project.ts';
import { HISTORY_COLUMNS, type HistoryRow } from './tables.ts';

const body: HistoryBody = {
  call: 'leg',
  isCallback: false,
  to: '442038297050',
  queue: 'main',
  exit: 'completed',
  answeredBy: 'Alice',
  hungUpBy: 'caller',
  transferred: false,
  waited: 4,
  talked: 30,
  voicemail: null,
  wrapUp: null,
};

function row(index: number, more: Partial<HistoryRow> = {}): HistoryRow {
  const agent = more.agent ?? 'Alice';
  return {
    id: `call ${index}/${agent}`,
    call: `call ${index}`,
    agent,
    at: 1_000 + index,
    settled_at: 1_000 + index,
    direction: 'inbound',
    outcome: 'answered',
    became: 'answered',
    number: `4477${String(index).padStart(8, '0')}`,
    note: null,
    body: JSON.stringify(body),
    ...more,
  };
}

const OTHERS = Array.from({ length: 38 }, (_, index) => `Agent ${index}`);

const add = (store: Store, rows: readonly HistoryRow[]) =>
  store.write((transaction) => insertRows(store.engine, transaction, 'history', rows, HISTORY_COLUMNS));

describeStores('the history', ({ place, open, engine }) => {
  it('is listed newest first, in pages that repeat and skip none', async () => {
    const store = await open(await place());
    // Several of the same time.
    await add(
      store,
      Array.from({ length: 120 }, (_, index) => row(index, { at: Math.floor(index / 7) })),
    );
    const history = createHistory(store);
    const seen: number[] = [];
    const numbers = new Set<string | null>();
    for (let after: string | undefined; ; ) {
      const page = await history.list({ agent: 'Alice', after });
      seen.push(...page.items.map(({ at }) => at));
      for (const { number } of page.items) numbers.add(number);
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect([seen.length, numbers.size]).toEqual([120, 120]);
  });

  it('is filtered', async () => {
    const store = await open(await place());
    await createContacts(store, () => 0).save(
      '447700000003',
      { name: 'Ángel', company: 'Example', link: null },
      'Bob',
    );
    await add(store, [
      row(1),
      row(2, { outcome: 'missed', became: 'voicemail' }),
      row(3, { outcome: 'declined', became: 'answered', direction: 'outbound' }),
      row(4, { agent: '', outcome: 'voicemail', became: 'voicemail' }),
      row(5, { note: 'Wants a refund', number: null }),
      row(6, { agent: 'Bob', outcome: 'missed' }),
    ]);
    const history = createHistory(store);
    const found = async (filter: Partial<HistoryFilter>) =>
      (await history.list({ agent: 'Alice', ...filter })).items.map(({ at }) => at - 1_000);
    expect(await found({})).toEqual([5, 3, 2, 1]);
    expect(await found({ agent: null })).toEqual([4]);
    expect(await found({ agent: 'Bob' })).toEqual([6]);
    expect(await found({ outcome: 'missed' })).toEqual([2]);
    expect(await found({ outcome: 'answered' })).toEqual([5, 1]);
    // What became of it, whatever it was to her.
    expect(await found({ outcome: 'voicemail' })).toEqual([2]);
    expect(await found({ agent: null, outcome: 'voicemail' })).toEqual([4]);
    expect(await found({ direction: 'outbound' })).toEqual([3]);
    expect(await found({ from: 1_002, to: 1_005 })).toEqual([3, 2]);
    expect(await found({ search: 'angel' })).toEqual([3]);
    expect(await found({ search: 'REFUND' })).toEqual([5]);
    expect(await found({ search: '0000 0003' })).toEqual([3]);
    expect(await found({ search: '07700 000 003' })).toEqual([3]);
    expect(await found({ search: '100%' })).toEqual([]);
    const [item] = (await history.list({ agent: 'Alice', search: 'angel' })).items;
    expect(item).toEqual({
      ...body,
      agent: 'Alice',
      at: 1_003,
      direction: 'outbound',
      outcome: 'declined',
      number: '447700000003',
      contact: { name: 'Ángel', company: 'Example' },
    });
    expect((await history.ofNumber('447700000004', 5)).map(({ agent }) => agent)).toEqual([null]);
  });

  it('counts what an agent missed since it was seen', async () => {
    const store = await open(await place());
    const history = createHistory(store);
    await add(store, [
      row(1, { outcome: 'missed' }),
      row(2, { outcome: 'missed', settled_at: 2_000 }),
      row(3, { outcome: 'declined' }),
      row(4, { outcome: 'missed', agent: 'Bob' }),
    ]);
    expect([await history.missed('Alice'), await history.missed('Bob')]).toEqual([2, 1]);
    await history.seen('Alice', 1_500);
    expect([await history.missed('Alice'), await history.missed('Bob')]).toEqual([1, 1]);
    await history.seen('Alice', 1_000);
    expect(await history.missed('Alice')).toBe(1);
    await history.seen('Alice', 2_000);
    expect(await history.missed('Alice')).toBe(0);
  });

  it('of many calls is read by an index, page by page', async () => {
    const store = await open(await place());
    const outcomes = ['answered', 'answered', 'answered', 'missed', 'declined'] as const;
    for (let start = 0; start < 10_000; start += 2_000) {
      await add(
        store,
        Array.from({ length: 2_000 }, (_, index) =>
          row(start + index, {
            agent: index % 2 === 0 ? '' : (['Alice', ...OTHERS][index % 39] ?? ''),
            outcome: outcomes[index % 5] ?? 'answered',
          }),
        ),
      );
    }
    if (engine === 'postgres') await store.write((db) => sql`analyze history`.execute(db));
    const plan = async (filter: HistoryFilter) => {
      const query = historyQuery(store.engine.reader, store, filter).compile();
      const explain = engine === 'postgres' ? 'explain ' : 'explain query plan ';
      const { rows } = await store.read((db) =>
        db.executeQuery({ ...query, sql: `${explain}${query.sql}`, queryId: query.queryId }),
      );
      return JSON.stringify(rows);
    };
    const [newest] = (await createHistory(store).list({ agent: 'Alice' })).items;
    const { next } = await createHistory(store).list({ agent: 'Alice' });
    expect(newest?.at).toBeGreaterThan(10_900);
    for (const [filter, index] of [
      [{ agent: 'Alice' }, 'history_by_age'],
      [{ agent: 'Alice', after: next ?? '' }, 'history_by_age'],
      [{ agent: null, from: 5_000, to: 6_000 }, 'history_by_age'],
      [{ agent: 'Alice', outcome: 'missed' }, 'history_by_outcome'],
      [{ agent: null, outcome: 'voicemail' }, 'history_by_end'],
    ] as const) {
      const text = await plan(filter);
      expect(text).not.toMatch(/SCAN history|Seq Scan on history/);
      // Postgres chooses among the indexes by what it knows of the rows.
      if (engine === 'postgres') continue;
      expect(text).toContain(index);
      expect(text).not.toContain('TEMP B-TREE');
    }
  });
});
