import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { Store } from '../store/store.ts';
import { append, type Outcome, rehearse } from './append.ts';
import { type IncomingEntry, type NewEntryRow, newEntryRow } from './entry.ts';
import { createFollower } from './follow.ts';
import { createGroupCommit, type GroupLimits } from './group-commit.ts';
import { entriesAfter, newestEntryId } from './read.ts';

/**
 * So much is committed at once, and so much is held in memory while the store is slow. A body has at most 512 KiB,
 * and about 1 KiB in practice.
 */
const LIMITS: GroupLimits = {
  batch: { items: 1_000, size: 1_000_000 },
  queue: { items: 10_000, size: 64_000_000 },
};

/** The log of webhooks. What cannot be done now rejects with StoreUnavailable. */
export interface Log {
  /**
   * Resolves when the entry is on the disk and its call tells of it: who reads after that sees both. Entries that
   * wait at the same time share a transaction.
   */
  append(entry: IncomingEntry): Promise<Outcome>;
  /** Tells of every entry from now on, in the order of ids, whichever server stored it. Returns its undo. */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
  /** Up to `limit` entries after an id, in their order, each with its call as it is now. */
  entriesAfter(id: number, limit: number): Promise<readonly FeedMessage[]>;
  newestEntryId(): Promise<number>;
  /** Resolves where webhooks can be stored. */
  check(): Promise<void>;
  /** Takes nothing more; resolves when all that waits is settled. The store is closed after that. */
  close(): Promise<void>;
}

/** The one log of a store. */
export async function createLog(store: Store): Promise<Log> {
  const { engine } = store;
  const follower = createFollower((after, limit) => entriesAfter(store, after, limit));
  // A store that is away says how far the log goes when it is back.
  await newestEntryId(store).then(follower.news, () => {});
  engine.listen(follower.news);

  async function commit(rows: readonly NewEntryRow[]): Promise<readonly Outcome[]> {
    const { outcomes, newestEntryId: newest } = await store.perform(append, rows);
    follower.news(newest);
    return outcomes;
  }

  const group = createGroupCommit(commit, ({ body }) => body.length, LIMITS);
  return {
    append: async (entry) => group.add(newEntryRow(entry)),
    onStored: follower.onStored,
    entriesAfter: (id, limit) => entriesAfter(store, id, limit),
    newestEntryId: () => newestEntryId(store),
    check: () => store.check((transaction) => rehearse(engine, transaction)),
    close: group.close,
  };
}
