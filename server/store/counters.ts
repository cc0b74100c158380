import type { Transaction } from 'kysely';
import type { Engine } from './engine.ts';
import { type RowTarget, type RowWrites, rowWrites } from './row-writes.ts';
import type { Counters, CountersRow, Schema } from './schema.ts';

export const COUNTER_COLUMNS = [
  'newest_entry_id',
  'projected_entry_id',
  'newest_call_number',
  'calls_version',
] as const;

/** The counters, which nobody else can change until the transaction ends. */
export function takeCounters(name: Engine['name'], transaction: Transaction<Schema>): Promise<Counters> {
  return transaction
    .selectFrom('counters')
    .select(COUNTER_COLUMNS)
    .$if(name === 'postgres', (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

const PROJECTED: RowTarget<Omit<CountersRow, 'probe' | 'newest_entry_id'>> = {
  table: 'counters',
  key: 'id',
  create: false,
  columns: {
    id: 'integer',
    projected_entry_id: 'integer',
    newest_call_number: 'integer',
    calls_version: 'integer',
  },
};

/** Writes how far the calls are. */
export function writesOfProgress(counters: Counters): RowWrites {
  return rowWrites(PROJECTED, [{ ...counters, id: 1 }]);
}

/** Whether the calls are still as they were when the counters were `before`, and the log goes as far as `reach`. */
export function isUnchanged(counters: Counters, before: Counters, reach: number): boolean {
  return (
    counters.projected_entry_id === before.projected_entry_id &&
    counters.calls_version === before.calls_version &&
    counters.newest_entry_id >= reach
  );
}
