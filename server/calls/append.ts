import type { Store } from '../store/store.ts';
import type { Prepared } from './incoming.ts';
import { entryRow } from './rows.ts';
import { type Unplaced, unplaced } from './unplaced.ts';

/** What became of an entry. */
export interface Outcome {
  id: number;
  stored: 'new' | 'repeated';
}

/** Entries that were added to the log together. */
export interface Addition {
  /** What became of each entry, in their order. */
  outcomes: Outcome[];
  /** The new ones, in the order of their ids. */
  added: Unplaced[];
  /** The newest entry before these, whoever added it. */
  previousEntryId: number;
}

/**
 * Adds entries to the log: all or none, on the disk when this resolves. The calls do not tell of them yet.
 * Rejects with StoreUnavailable, or with the fault of an entry.
 */
export async function appendEntries(store: Store, entries: readonly Prepared[]): Promise<Addition> {
  const rows = entries.map(entryRow);
  const { previousEntryId, ids } = await store.append(rows);
  const added: Unplaced[] = [];
  let newest = previousEntryId;
  const outcomes = rows.map((row, index): Outcome => {
    const id = ids[index] ?? 0;
    const entry = entries[index];
    if (entry === undefined || id <= newest) return { id, stored: 'repeated' };
    newest = id;
    added.push(unplaced(entry, row, id));
    return { id, stored: 'new' };
  });
  return { outcomes, added, previousEntryId };
}
