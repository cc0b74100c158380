import type { Transaction } from 'kysely';
import { type CallState, reduce } from '../../domain/calls/reduce.ts';
import type { Engine } from '../store/engine.ts';
import { type RowTarget, rowWrites } from '../store/row-writes.ts';
import type { CallRow, Schema } from '../store/schema.ts';
import { CALL_COLUMNS, callRow, entryOfRow, type Seen } from './rows.ts';

/** Entries that are read at once. */
const PAGE = 1_000;

/** How calls are written, new ones and known ones. */
export const CALLS: RowTarget<CallRow> = {
  table: 'calls',
  key: 'number',
  create: true,
  columns: CALL_COLUMNS,
};

/**
 * Makes calls anew from their entries; those without any are removed. Holds one page of entries at a time.
 * @returns the calls that there are now.
 */
export async function projectAnew(
  engine: Engine,
  transaction: Transaction<Schema>,
  numbers: readonly number[],
): Promise<CallRow[]> {
  if (numbers.length === 0) return [];
  const calls = new Map<number, Seen & { state: CallState }>();
  for await (const page of entriesOf(engine, transaction, numbers)) {
    for (const { number, call_id, ...row } of page) {
      const call = calls.get(number);
      calls.set(number, {
        number,
        state: reduce(call?.state, entryOfRow(row, call_id)),
        firstSeenAt: Math.min(call?.firstSeenAt ?? Infinity, row.received_at),
        lastEntryId: Math.max(call?.lastEntryId ?? 0, row.id),
      });
    }
  }
  const rows = [...calls.values()].map(({ state, ...seen }) => callRow(state, seen));
  await engine.write(transaction, rowWrites(CALLS, rows));
  const empty = numbers.filter((number) => !calls.has(number)).map((number) => ({ number }));
  // Places too, where somebody took the entries out of the log.
  for (const [table, column] of [
    ['places', 'call_number'],
    ['calls', 'number'],
  ] as const) {
    await transaction
      .deleteFrom(table)
      .where(column, 'in', (given) =>
        given.selectFrom(engine.rowsOf(empty, { number: 'integer' })).select('r.number'),
      )
      .execute();
  }
  return rows;
}

/** In no order, which makes no difference to a call: all at once, or a page of one call after the other. */
async function* entriesOf(engine: Engine, transaction: Transaction<Schema>, numbers: readonly number[]) {
  const entries = transaction
    .selectFrom('places')
    .innerJoin('entries', 'entries.id', 'entry_id')
    .innerJoin('calls', 'calls.number', 'call_number')
    .selectAll('entries')
    .select(['calls.number', 'calls.id as call_id'])
    .limit(PAGE);
  const wanted = engine.rowsOf(
    numbers.map((number) => ({ number })),
    { number: 'integer' },
  );
  const all = await entries
    .where('call_number', 'in', (given) => given.selectFrom(wanted).select('r.number'))
    .execute();
  if (all.length < PAGE) {
    yield all;
    return;
  }
  for (const number of numbers) {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: typeof all = await entries
        .where('call_number', '=', number)
        .where('entry_id', '>', after)
        .orderBy('entry_id')
        .execute();
      yield page;
      after = page.length < PAGE ? undefined : page.at(-1)?.id;
    }
  }
}
