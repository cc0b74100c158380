import type { FeedMessage } from '../../domain/api/console-api.ts';

/** Entries that are read at once. */
const PAGE = 200;

/** Milliseconds after which the log is read again where it could not be. */
const RETRY_MS = 500;

type Listener = (messages: readonly FeedMessage[]) => void;

/** All entries in the order of their ids, whichever server stored them: none missing, none twice. */
interface Follower {
  /** Says how far the log goes. */
  news(newestEntryId: number): void;
  /** Returns its undo. */
  onStored(listener: Listener): () => void;
}

/**
 * Reads the log where it has grown and somebody listens.
 * @param read entries after an id, in order, up to a limit. Where it rejects, it is asked again after a while.
 */
export function createFollower(
  read: (after: number, limit: number) => Promise<readonly FeedMessage[]>,
): Follower {
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
        const until = wanted;
        const messages = await read(position, PAGE);
        // Entries that were deleted meanwhile are passed by.
        position = messages.at(-1)?.entry.id ?? until;
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
    news(newest) {
      position ??= newest;
      if (newest > position) want(newest);
    },
  };
}
