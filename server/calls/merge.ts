import type { LogEntry } from '../../domain/log-entry.ts';
import { type CallState, reduce } from '../../domain/reduce.ts';
import type { CallRow, Counters, EntryRow } from '../store/schema.ts';
import type { Prepared } from './incoming.ts';
import { callRow, entryOf, entryRow, type Seen } from './rows.ts';

/** A call as it is stored. */
export interface KnownCall extends Seen {
  state: CallState;
}

/** An entry that is stored. */
export type StoredKey = Pick<EntryRow, 'id' | 'call_number' | 'deduplication_key' | 'jti'>;

/** What became of an entry. */
export interface Outcome {
  id: number;
  stored: 'new' | 'repeated';
}

export interface Merged {
  /** Of each entry, in their order. */
  outcomes: Outcome[];
  /** The new ones, in the order of their ids. */
  entries: LogEntry[];
  entryRows: EntryRow[];
  /** Every call that has a new entry. */
  callRows: CallRow[];
  counters: Counters;
}

/**
 * What storing entries makes of the log and of the calls. What was stored before, or occurs twice among
 * them, changes nothing.
 * @param placed entries, each with the id of its call.
 * @param known the calls of these ids, as far as they exist, and what is stored in them under the same keys.
 */
export function merge(
  placed: readonly { entry: Prepared; callId: string }[],
  known: { calls: ReadonlyMap<string, KnownCall>; keys: readonly StoredKey[]; counters: Counters },
): Merged {
  let { newest_entry_id: entryId, newest_call_number: callNumber } = known.counters;
  const ids = new Map<string, number>();
  const remember = (number: number, key: string, jti: string | null, id: number) => {
    ids.set(`${number} key ${key}`, id);
    if (jti !== null) ids.set(`${number} jti ${jti}`, id);
  };
  for (const row of known.keys) remember(row.call_number, row.deduplication_key, row.jti, row.id);

  const outcomes: Outcome[] = [];
  const entries: LogEntry[] = [];
  const entryRows: EntryRow[] = [];
  const touched = new Map<string, KnownCall>();
  for (const { entry, callId } of placed) {
    const call = touched.get(callId) ?? known.calls.get(callId);
    const number = call?.number ?? callNumber + 1;
    const before =
      ids.get(`${number} key ${entry.deduplicationKey}`) ??
      (entry.jti === null ? undefined : ids.get(`${number} jti ${entry.jti}`));
    if (before !== undefined) {
      outcomes.push({ id: before, stored: 'repeated' });
      continue;
    }
    callNumber = Math.max(callNumber, number);
    entryId += 1;
    const place = { id: entryId, callNumber: number, callId };
    const logEntry = entryOf(entry, place);
    remember(number, entry.deduplicationKey, entry.jti, entryId);
    touched.set(callId, {
      number,
      firstSeenAt: Math.min(call?.firstSeenAt ?? Infinity, logEntry.receivedAt),
      lastEntryId: entryId,
      state: reduce(call?.state, logEntry),
    });
    outcomes.push({ id: entryId, stored: 'new' });
    entries.push(logEntry);
    entryRows.push(entryRow(entry, place));
  }
  return {
    outcomes,
    entries,
    entryRows,
    callRows: [...touched.values()].map(({ state, ...seen }) => callRow(state, seen)),
    counters: { newest_entry_id: entryId, newest_call_number: callNumber },
  };
}
