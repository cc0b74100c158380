import type { Transaction } from 'kysely';
import { type CallState, reduce } from '../../domain/reduce.ts';
import type { Engine } from '../store/engine.ts';
import type { CallRow, Schema } from '../store/schema.ts';
import { CALL_COLUMNS, callRow, entryOfRow } from './rows.ts';

/** Entries that are read at once. */
const PAGE = 500;

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
  const rows: CallRow[] = [];
  for (const number of numbers) {
    const row = await projectCall(transaction, number);
    if (row === undefined) await transaction.deleteFrom('calls').where('number', '=', number).execute();
    else rows.push(row);
  }
  await writeCalls(engine, transaction, rows);
  return rows;
}

async function projectCall(transaction: Transaction<Schema>, number: number): Promise<CallRow | undefined> {
  let state: CallState | undefined;
  let firstSeenAt = Infinity;
  let lastEntryId = 0;
  for (;;) {
    const page = await transaction
      .selectFrom('entries')
      .innerJoin('calls', 'calls.number', 'entries.call_number')
      .selectAll('entries')
      .select('calls.id as call_id')
      .where('call_number', '=', number)
      .where('entries.id', '>', lastEntryId)
      .orderBy('entries.id')
      .limit(PAGE)
      .execute();
    for (const row of page) {
      state = reduce(state, entryOfRow(row, row.call_id));
      firstSeenAt = Math.min(firstSeenAt, row.received_at);
      lastEntryId = row.id;
    }
    if (page.length < PAGE) break;
  }
  return state && callRow(state, { number, firstSeenAt, lastEntryId });
}
