import { audit } from './audit/audit.ts';
import { type Repeated, repeat } from './calls/repeat.ts';
import { deleteCallsBefore } from './calls/retention.ts';
import { deleteHooksBefore } from './hooks/work.ts';
import { deleteDeskBefore } from './routing/desk/delete.ts';
import type { Store } from './store/store.ts';
import { StoreUnavailable } from './store/store-unavailable.ts';
import type { Voicemails } from './voicemail/voicemails.ts';

const DAY_MS = 86_400_000;

/** Milliseconds until the first run, and between two runs. */
const TIMES = { firstMs: 60_000, everyMs: 3_600_000 };

interface Kept {
  store: Store;
  voicemails: Pick<Voicemails, 'removeBefore'>;
}

interface RetentionOptions extends Kept {
  /** Age in days at which a call is deleted with all that is stored of it. */
  days: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Gets one line about what was deleted or what failed. */
  log: (line: string) => void;
}

/** Deletes what is old, soon after the start and then every hour, until it is closed. */
export function startRetention({ days, now, log, ...kept }: RetentionOptions): Repeated {
  const work = async (signal: AbortSignal) => {
    const calls = await forgetBefore(kept, now() - days * DAY_MS, signal);
    if (calls === 0) return;
    const details = `${calls} calls`;
    const fact = { who: null, from: 'RETENTION_DAYS', what: 'old data deleted', details } as const;
    await kept.store.write((transaction) => audit(transaction, fact, now()));
    log(`Deleted ${calls} calls older than ${days} days.`);
  };
  return repeat(work, TIMES, (error) => {
    // The store logs its own failure.
    if (!(error instanceof StoreUnavailable)) log(`Deleting old calls failed: ${String(error)}.`);
  });
}

/**
 * Deletes all that is stored of calls before a time, milliseconds since 1970. Contacts, accounts, and calls that are
 * not over stay. Returns the number of calls of the log.
 */
export async function forgetBefore(
  { store, voicemails }: Kept,
  time: number,
  signal?: AbortSignal,
): Promise<number> {
  const calls = await deleteCallsBefore(store, time, signal);
  await deleteDeskBefore(store, time);
  await voicemails.removeBefore(time);
  await deleteHooksBefore(store, time);
  return calls;
}
