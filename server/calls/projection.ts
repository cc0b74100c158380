import type { Transaction } from 'kysely';
import { reduce } from '../../domain/reduce.ts';
import type { Engine } from '../store/engine.ts';
import type { CallRow, Schema } from '../store/schema.ts';
import type { KnownCall } from './merge.ts';
import { CALL_COLUMNS, callRow, entryOfRow } from './rows.ts';

/** Entries that are read at once. */
const PAGE = 1_000;

/** Writes calls, new ones and known ones. */
export async function writeCalls(
  engine: Engine,
  transaction: Transaction<Schema>,
  rows: readonly CallRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { number: _number, id: _id, ...changing } = CALL_COLUMNS;
  await transaction
    .insertInto('calls')
    .columns(namesOf(CALL_COLUMNS))
    .expression((given) =>
      given
        .selectFrom(engine.rowsOf(rows, CALL_COLUMNS))
        .select(namesOf(CALL_COLUMNS))
        .where(given.lit(true)),
    )
    .onConflict((conflict) =>
      conflict
        .column('number')
        .doUpdateSet((given) =>
          Object.fromEntries(namesOf(changing).map((name) => [name, given.ref(`excluded.${name}`)])),
        ),
    )
    .execute();
}

/** The names of columns, in the order in which they are listed. */
export function namesOf<Name extends string>(columns: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in columns) names.push(name);
  return names;
}

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
  const calls = new Map<number, KnownCall>();
  for await (const page of entriesOf(engine, transaction, numbers)) {
    for (const { call_number: number, call_id, ...row } of page) {
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
  await writeCalls(engine, transaction, rows);
  const empty = numbers.filter((number) => !calls.has(number)).map((number) => ({ number }));
  await transaction
    .deleteFrom('calls')
    .where('number', 'in', (given) =>
      given.selectFrom(engine.rowsOf(empty, { number: 'integer' })).select('r.number'),
    )
    .execute();
  return rows;
}

/** In no order, which makes no difference to a call: all at once, or a page of one call after the other. */
async function* entriesOf(engine: Engine, transaction: Transaction<Schema>, numbers: readonly number[]) {
  const entries = transaction
    .selectFrom('entries')
    .innerJoin('calls', 'calls.number', 'call_number')
    .selectAll('entries')
    .select('calls.id as call_id')
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
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: typeof all = await entries
        .where('call_number', '=', number)
        .where('deduplication_key', '>', after)
        .orderBy('deduplication_key')
        .execute();
      yield page;
      after = page.length < PAGE ? undefined : page.at(-1)?.deduplication_key;
    }
  }
}
