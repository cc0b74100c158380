import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { LogNews, Projector } from '../calls/projector.ts';
import { entriesAfter, newestEntryId } from '../calls/queries.ts';
import { entryRow } from '../calls/rows.ts';
import type { NewEntryRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { appendEntries, type Outcome } from './append.ts';
import { createGroupCommit, type GroupLimits } from './group-commit.ts';
import { type IncomingEntry, prepare } from './incoming.ts';
import { createStoredFeed } from './stored-feed.ts';

export type { Outcome } from './append.ts';
export type { IncomingEntry } from './incoming.ts';

/**
 * So many are added to the log at once, and so much is held in memory while the store is slow. At full load a commit
 * takes some turns of the event loop, and each of these brings hundreds: less at once would fall behind.
 * A body has at most 512 KiB, and about 1 KiB in practice. Where events come at a time, the pace makes a quarter of the
 * commits at five thousand a second; fewer than three have nobody to wait for.
 */
const LIMITS: GroupLimits = {
  batch: { items: 1_000, size: 1_000_000 },
  queue: { items: 10_000, size: 64_000_000 },
  patienceMs: 20,
  pace: { items: 3, ms: 5 },
};

/** The way of a webhook into the log, and the news of what is in it. */
export interface Ingest extends Pick<Projector, 'settled'> {
  /**
   * Resolves when the entry is on the disk: new, or there already from an earlier delivery. Rejects with
   * StoreUnavailable where the sender should try again.
   */
  ingest(entry: IncomingEntry): Promise<Outcome>;
  /**
   * Tells of every entry from now on, in the order of ids, whichever server stored it, as soon as its call
   * tells of it. Returns its undo.
   */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
  /** Takes nothing more; resolves when all that waits is settled. The store is closed after that. */
  close(): Promise<void>;
}

/**
 * The one ingest of a store.
 * @param startProjector gets to know whom to tell the news; the projector is closed with the ingest.
 */
export async function createIngest(
  store: Store,
  startProjector: (news: LogNews) => Projector,
): Promise<Ingest> {
  const feed = createStoredFeed((after, limit) => entriesAfter(store, after, limit));
  // A store that is away says how far it goes when it is back.
  await newestEntryId(store).then(feed.news, () => {});
  const projector = startProjector(feed);
  projector.wake();
  store.engine.listen(({ projectedEntryId, isMore }) => {
    feed.news(projectedEntryId);
    if (isMore) projector.wake();
  });

  async function commit(rows: readonly NewEntryRow[]): Promise<readonly Outcome[]> {
    const { outcomes, previousEntryId, newestEntryId } = await appendEntries(store, rows);
    projector.added(previousEntryId, newestEntryId);
    return outcomes;
  }

  const group = createGroupCommit(commit, ({ body }) => body.length, LIMITS);
  return {
    async ingest(entry) {
      // What waits is texts and numbers, which cost the least to hold.
      const row = entryRow(prepare(entry));
      // A question was answered before it came here: nobody waits for it.
      return entry.type === 'event' ? group.add(row) : group.addPatient(row);
    },
    onStored: feed.onStored,
    settled: projector.settled,
    async close() {
      await group.close();
      await projector.close();
    },
  };
}
