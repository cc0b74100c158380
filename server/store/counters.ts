import type { Transaction } from 'kysely';
import type { Engine } from './engine.ts';
import type { Counters, Schema } from './schema.ts';

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

/** Whether the calls are still as they were when the counters were `before`, and the log goes as far as `reach`. */
export function isUnchanged(counters: Counters, before: Counters, reach: number): boolean {
  return (
    counters.projected_entry_id === before.projected_entry_id &&
    counters.calls_version === before.calls_version &&
    counters.newest_entry_id >= reach
  );
}
