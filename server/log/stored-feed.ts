import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { LogNews } from '../calls/projector.ts';

/** Entries that are read at once. */
const PAGE = 200;

/** Milliseconds after which the log is read again where it could not be. */
const RETRY_MS = 500;

type Listener = (messages: readonly FeedMessage[]) => void;

/** All entries in the order of their ids, whichever server stored them: none missing, none twice. */
export interface StoredFeed extends LogNews {
  /** Returns its undo. */
  onStored(listener: Listener): () => void;
}

/**
 * Reads the log where it has grown and somebody listens.
 * @param read entries after an id, in order, up to a limit. Where it rejects, it is asked again after a while.
 */
export function createStoredFeed(
  read: (after: number, limit: number) => Promise<readonly FeedMessage[]>,
): StoredFeed {
  const listeners = new Set<Listener>();
  /** The newest entry that was told; undefined until the end of the log was heard of. */
  let position: number | undefined;
  let wanted = 0;
  let reading = false;
  let isRetryDue = false;

  function tell(messages: readonly FeedMessage[]): void {
    // Apart from the commit that is told of: a listener that fails is no fault of the store.
    for (const listener of listeners) queueMicrotask(() => listener(messages));
  }

  async function catchUp(): Promise<void> {
    reading = true;
    try {
      while (position !== undefined && position < wanted) {
        const after: number = position;
        const messages = await read(after, PAGE);
        // Meanwhile another log may have taken the place of this one.
        if (position !== after) continue;
        position = messages.at(-1)?.entry.id ?? wanted;
        if (messages.length > 0) tell(messages);
      }
    } catch {
      // Nothing may come after what was missed.
      if (!isRetryDue) setTimeout(tryAgain, RETRY_MS).unref();
      isRetryDue = true;
    } finally {
      reading = false;
    }
  }

  function tryAgain(): void {
    isRetryDue = false;
    want(wanted);
  }

  function want(newest: number): void {
    wanted = Math.max(wanted, newest);
    if (reading) return;
    if (listeners.size > 0) void catchUp();
    else position = wanted;
  }

  return {
    onStored(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replaced(newest) {
      wanted = position = newest;
    },
    news(newest) {
      position ??= newest;
      if (newest > position) want(newest);
    },
  };
}
