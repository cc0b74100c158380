import { setTimeout as pause } from 'node:timers/promises';
import type { Store, StoreTransaction } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { type Repeated, repeat } from './repeat.ts';

const DAY_MS = 86_400_000;

/** Milliseconds from the start, and then from one end to the next beginning. */
const TIMES = { firstMs: 60_000, everyMs: 3_600_000 };

/** Calls and entries that are deleted in one transaction. */
const CALLS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 500;

/** Milliseconds between two transactions, in which events are stored. */
const PAUSE_MS = 20;

interface RetentionOptions {
  store: Store;
  /** Days after which a call is deleted with all its entries, counted from its first. */
  days: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Told in a line of words what was deleted, and what went wrong. */
  log: (line: string) => void;
}

/** Deletes calls of a certain age, soon after the start and then every hour, until it is closed. */
export function startRetention({ store, days, now, log }: RetentionOptions): Repeated {
  const work = async (signal: AbortSignal) => {
    const calls = await deleteCallsBefore(store, now() - days * DAY_MS, signal);
    if (calls > 0) log(`Deleted ${calls} calls that are older than ${days} days.`);
  };
  return repeat(work, TIMES, (error) => {
    // The store tells by itself that it is away.
    if (!(error instanceof StoreUnavailable)) log(`Old calls could not be deleted: ${String(error)}.`);
  });
}

/**
 * Deletes the calls of which the first entry was received before a time, a few at once.
 * @param time milliseconds since 1970.
 * @returns how many calls were deleted until all were, or the signal was aborted.
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

/** How many calls were deleted, or undefined where none is old enough. */
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
  const entries = await transaction
    .selectFrom('entries')
    .select('id')
    .where('call_number', 'in', numbers)
    .limit(ENTRIES_AT_ONCE)
    .execute();
  if (entries.length > 0) {
    const ids = entries.map(({ id }) => id);
    await transaction.deleteFrom('entries').where('id', 'in', ids).execute();
  }
  // The rest of a call that is very long is for the next time.
  if (entries.length === ENTRIES_AT_ONCE) return 0;
  await transaction.deleteFrom('call_names').where('call_number', 'in', numbers).execute();
  await transaction.deleteFrom('calls').where('number', 'in', numbers).execute();
  return calls.length;
}
