import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { Ring } from '../../domain/calls/ring.ts';
import { createGroupCommit, type GroupLimits } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import { type Appended, append, type Outcome, rehearse, type Told } from './append.ts';
import { type IncomingEntry, newEntryRow } from './entry.ts';
import { createFollower } from './follow.ts';
import { entriesAfter, newestEntryId } from './read.ts';

/**
 * Limits of one commit, and of the memory used while the store is slow. A body has at most 512 KiB, and about
 * 1 KiB in practice.
 */
const LIMITS: GroupLimits = {
  batch: { items: 1_000, size: 1_000_000 },
  queue: { items: 10_000, size: 64_000_000 },
};

/** The log of webhooks. Methods reject with StoreUnavailable while the store is down. */
export interface Log {
  /**
   * Resolves when the entry and its updated call are on disk and visible to all readers. Entries that wait at
   * the same time share a transaction.
   * @param told message to the routing, which may decide the reply in the transaction.
   */
  append(entry: IncomingEntry, told?: unknown): Promise<Outcome>;
  /** Calls the listener for each new entry of any server, in id order. Returns a function that unsubscribes. */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
  /** Calls the listener with what the ringing of each call came to, if an entry decided it that this server got. */
  onRing(listener: (ring: Ring) => void): void;
  /** Up to `limit` entries after an id, fewer if they are large, in order, each with the state of its call. */
  entriesAfter(id: number, limit: number): Promise<readonly FeedMessage[]>;
  newestEntryId(): Promise<number>;
  /** Resolves if webhooks can be stored. */
  check(): Promise<void>;
  /** Accepts no more entries; resolves when all waiting ones are settled. Close the store after that. */
  close(): Promise<void>;
}

/**
 * Opens the log of a store.
 * @param commit appends entries in one transaction, together with whatever else they cause.
 */
export async function createLog(
  store: Store,
  commit: (items: readonly Told[]) => Promise<Appended> = (items) =>
    store.perform(
      append,
      items.map(({ row }) => row),
    ),
): Promise<Log> {
  const { engine } = store;
  const ringListeners = new Set<(ring: Ring) => void>();
  const follower = createFollower((after, limit) => entriesAfter(store, after, limit));
  // If the store is down, it reports the newest entry once it is back.
  await newestEntryId(store).then(follower.news, () => {});
  engine.listen(follower.news);

  async function commitAndTell(items: readonly Told[]): Promise<readonly Outcome[]> {
    const { outcomes, newestEntryId: newest, rings } = await commit(items);
    follower.news(newest);
    for (const ring of rings) for (const listener of ringListeners) listener(ring);
    return outcomes;
  }

  const group = createGroupCommit(commitAndTell, ({ row }) => row.body.length, LIMITS);
  return {
    append: async (entry, told) => group.add({ row: newEntryRow(entry), told }),
    onStored: follower.onStored,
    onRing: (listener) => void ringListeners.add(listener),
    entriesAfter: (id, limit) => entriesAfter(store, id, limit),
    newestEntryId: () => newestEntryId(store),
    check: () => store.check((transaction) => rehearse(engine, transaction)),
    close: group.close,
  };
}
