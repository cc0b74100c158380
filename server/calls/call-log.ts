import type { CallDetail, CallPage, FeedMessage } from '../../domain/api/console-api.ts';
import { createIngest, type IncomingEntry, type Outcome } from '../log/ingest.ts';
import { openStore, type StoreOptions } from '../store/store.ts';
import { type GuardOptions, startGuard } from './guard.ts';
import { type CallFilter, callsByStatus, listCalls } from './list-calls.ts';
import { startProjectorThread } from './projector-thread.ts';
import { callDetail, entriesAfter, newestEntryId } from './queries.ts';
import type { Repeated } from './repeat.ts';
import { startRetention } from './retention.ts';

/** The log of webhooks and the calls that it tells of. What cannot be done now rejects with StoreUnavailable. */
export interface CallLog {
  /** Resolves when the entry is on the disk. */
  ingest(entry: IncomingEntry): Promise<Outcome>;
  /** Tells of every entry from now on, in the order of ids, whichever server stored it. Returns its undo. */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
  entriesAfter(id: number, limit: number): Promise<readonly FeedMessage[]>;
  newestEntryId(): Promise<number>;
  list(filter: CallFilter): Promise<CallPage>;
  detail(id: string): Promise<CallDetail | undefined>;
  countsByStatus(): Promise<Readonly<Record<string, number>>>;
  /** Resolves where the store works. */
  check(): Promise<void>;
  /** From now on deletes what is too old, and asks how calls ended that do not tell. Until it is closed. */
  keepTidy(options: TidyOptions): void;
  /** Takes nothing more, and resolves when all that was taken is stored. */
  close(): Promise<void>;
}

export interface TidyOptions {
  /** Days that calls are kept; undefined: for ever. */
  retentionDays: number | undefined;
  lookUp: GuardOptions['lookUp'];
  /** Told in a line of words. */
  log: (line: string) => void;
}

/** Milliseconds that a question waits for the calls to tell of all that was acknowledged. */
const PATIENCE_MS = 2_000;

/** Opens the log in a file, or in a database. Throws an Error in words where it can never be opened. */
export async function openCallLog(options: StoreOptions): Promise<CallLog> {
  const store = await openStore(options);
  const ingest = await createIngest(store, (news) =>
    startProjectorThread(options, store.engine, news, options.log),
  );
  const repeated: Repeated[] = [];
  /** What was acknowledged is in what is read, but for what is still to be done after a storm. */
  const settledFirst = async <T>(read: () => Promise<T>): Promise<T> => {
    await atMost(PATIENCE_MS, ingest.settled());
    return read();
  };
  return {
    ingest: ingest.ingest,
    onStored: ingest.onStored,
    entriesAfter: (id, limit) => settledFirst(() => entriesAfter(store, id, limit)),
    newestEntryId: () => settledFirst(() => newestEntryId(store)),
    list: (filter) => settledFirst(() => listCalls(store, filter)),
    detail: (id) => settledFirst(() => callDetail(store, id)),
    countsByStatus: () => callsByStatus(store),
    check: () => store.check(),
    keepTidy({ retentionDays: days, lookUp, log }) {
      const now = Date.now;
      repeated.push(startGuard({ store, ingest: ingest.ingest, lookUp, now, log }));
      if (days !== undefined) repeated.push(startRetention({ store, days, now, log }));
    },
    async close() {
      await Promise.all(repeated.map((work) => work.close()));
      await ingest.close();
      await store.close();
    },
  };
}

/** Waits for something, but no longer than so many milliseconds. */
function atMost(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
