import { setTimeout as pause } from 'node:timers/promises';
import type { Store, StoreTransaction } from '../store/store.ts';

/** Calls and entries deleted per transaction. */
const CALLS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 500;

/** Milliseconds between two transactions, to let events be stored. */
const PAUSE_MS = 20;

/**
 * Deletes the calls whose first entry was received before a time, a few per transaction.
 * @param time milliseconds since 1970.
 * @returns the number of deleted calls, when all are deleted or the signal is aborted.
 */
export async function deleteCallsBefore(store: Store, time: number, signal?: AbortSignal): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const step = await store.write((transaction) => deleteSome(transaction, time));
    if (step === undefined) break;
    deleted += step;
    await pause(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
  return deleted;
}

/** The number of deleted calls, or undefined if none is old enough. */
async function deleteSome(transaction: StoreTransaction, time: number): Promise<number | undefined> {
  const calls = await transaction
    .selectFrom('calls')
    .select('number')
    .where('first_seen_at', '<', time)
    .orderBy('first_seen_at')
    .limit(CALLS_AT_ONCE)
    .execute();
  if (calls.length === 0) return undefined;
  const numbers = calls.map(({ number }) => number);
  // The rest of a very long call is deleted in the next transaction.
  return (await deleteCalls(transaction, numbers, ENTRIES_AT_ONCE)) ? calls.length : 0;
}

/**
 * Deletes calls with their entries and names, and what is listed or to be told of them. Returns false, and keeps the
 * calls, if they have more entries than may be deleted at once.
 */
export async function deleteCalls(
  transaction: StoreTransaction,
  numbers: readonly number[],
  mostEntries?: number,
): Promise<boolean> {
  const entries = transaction
    .selectFrom('entries')
    .select('id')
    .where('call_number', 'in', numbers)
    .$if(mostEntries !== undefined, (some) => some.limit(mostEntries ?? 0));
  const { numDeletedRows } = await transaction
    .deleteFrom('entries')
    .where('id', 'in', entries)
    .executeTakeFirst();
  if (mostEntries !== undefined && numDeletedRows >= BigInt(mostEntries)) return false;
  const calls = await transaction
    .selectFrom('calls')
    .select(['id', 'aliases'])
    .where('number', 'in', numbers)
    .execute();
  for (const { id, aliases } of calls) {
    const former: string[] = aliases === null ? [] : JSON.parse(aliases);
    await transaction
      .deleteFrom('history')
      .where('call', 'in', [id, ...former])
      .execute();
    await transaction
      .deleteFrom('hooks')
      .where('subject', 'in', [id, ...former])
      .execute();
  }
  await transaction.deleteFrom('call_names').where('call_number', 'in', numbers).execute();
  await transaction.deleteFrom('calls').where('number', 'in', numbers).execute();
  return true;
}
