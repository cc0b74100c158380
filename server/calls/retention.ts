import { setTimeout as pause } from 'node:timers/promises';
import type { Store, StoreTransaction } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { type Repeated, repeat } from './repeat.ts';

const DAY_MS = 86_400_000;

/** Milliseconds until the first run, and between two runs. */
const TIMES = { firstMs: 60_000, everyMs: 3_600_000 };

/** Calls and entries deleted per transaction. */
const CALLS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 500;

/** Milliseconds between two transactions, to let events be stored. */
const PAUSE_MS = 20;

interface RetentionOptions {
  store: Store;
  /** Age in days, counted from the first entry, at which a call is deleted with all its entries. */
  days: number;
  /** Deletes what other rooms keep of calls, from before a time. */
  others?: readonly ((time: number) => Promise<void>)[];
  /** Milliseconds since 1970. */
  now: () => number;
  /** Gets one line about what was deleted or what failed. */
  log: (line: string) => void;
}

/** Deletes old calls, soon after the start and then every hour, until it is closed. */
export function startRetention({ store, days, others = [], now, log }: RetentionOptions): Repeated {
  const work = async (signal: AbortSignal) => {
    const time = now() - days * DAY_MS;
    const calls = await deleteCallsBefore(store, time, signal);
    for (const other of others) await other(time);
    if (calls > 0) log(`Deleted ${calls} calls older than ${days} days.`);
  };
  return repeat(work, TIMES, (error) => {
    // The store logs its own failure.
    if (!(error instanceof StoreUnavailable)) log(`Deleting old calls failed: ${String(error)}.`);
  });
}

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
  // The rest of a very long call is deleted in the next transaction.
  if (entries.length === ENTRIES_AT_ONCE) return 0;
  await transaction.deleteFrom('call_names').where('call_number', 'in', numbers).execute();
  await transaction.deleteFrom('calls').where('number', 'in', numbers).execute();
  return calls.length;
}
