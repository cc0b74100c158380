import type { NewEntryRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** What became of an entry. */
export interface Outcome {
  id: number;
  stored: 'new' | 'repeated';
}

/** Entries that were added to the log together. */
export interface Addition {
  /** What became of each entry, in their order. */
  outcomes: Outcome[];
  /** The newest entry before these, whoever added it. */
  previousEntryId: number;
  /** The newest with these. */
  newestEntryId: number;
}

/**
 * Adds entries to the log: all or none, on the disk when this resolves. The calls do not tell of them yet.
 * Rejects with StoreUnavailable, or with the fault of an entry.
 */
export async function appendEntries(store: Store, entries: readonly NewEntryRow[]): Promise<Addition> {
  const { previousEntryId, ids } = await store.append(entries);
  let newestEntryId = previousEntryId;
  const outcomes = ids.map((id): Outcome => {
    if (id <= newestEntryId) return { id, stored: 'repeated' };
    newestEntryId = id;
    return { id, stored: 'new' };
  });
  return { outcomes, previousEntryId, newestEntryId };
}
