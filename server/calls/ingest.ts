import type { FeedMessage } from '../../domain/console-api.ts';
import type { Store } from '../store/store.ts';
import { commitEntries } from './commit.ts';
import { createGroupCommit, type GroupLimits } from './group-commit.ts';
import { type IncomingEntry, type Prepared, prepare } from './incoming.ts';
import type { Outcome } from './merge.ts';
import { entriesAfter, newestEntryId } from './queries.ts';
import { createStoredFeed } from './stored-feed.ts';

export type { IncomingEntry } from './incoming.ts';
export type { Outcome } from './merge.ts';

/**
 * So many are reduced in one turn of the event loop, and so much is held in memory while the store is slow.
 * A body has at most 512 KiB, and about 1 KiB in practice.
 */
const LIMITS: GroupLimits = {
  batch: { items: 250, size: 1_000_000 },
  queue: { items: 10_000, size: 64_000_000 },
};

/** The way of a webhook into the log, and the news of what is in it. */
export interface Ingest {
  /**
   * Resolves when the entry is on the disk: new, or there already from an earlier delivery. Rejects with
   * StoreUnavailable where the sender should try again.
   */
  ingest(entry: IncomingEntry): Promise<Outcome>;
  /**
   * Tells of every entry from now on, in the order of ids, whichever server stored it; at once for those of
   * this server. Returns its undo.
   */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
  /** Takes nothing more; resolves when all that waits is settled. The store is closed after that. */
  close(): Promise<void>;
}

/** The one ingest of a store. */
export async function createIngest(store: Store): Promise<Ingest> {
  const feed = createStoredFeed((after, limit) => entriesAfter(store, after, limit));
  // A store that is away says how far it goes when it is back.
  await newestEntryId(store).then(feed.news, () => {});
  store.engine.listen(feed.news);

  async function commit(entries: readonly Prepared[]): Promise<readonly Outcome[]> {
    const { outcomes, stored, previousEntryId } = await commitEntries(store, entries);
    feed.committed(previousEntryId, stored);
    return outcomes;
  }

  const group = createGroupCommit(commit, ({ body }) => body.length, LIMITS);
  return {
    ingest: async (entry) => group.add(prepare(entry)),
    onStored: feed.onStored,
    close: group.close,
  };
}
