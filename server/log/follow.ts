import type { FeedMessage } from '../../domain/api/console-api.ts';

/** Maximum number of entries read at once. */
const PAGE = 200;

/** Milliseconds after which a failed read is retried. */
const RETRY_MS = 500;

type Listener = (messages: readonly FeedMessage[]) => void;

/** Delivers the entries of all servers in id order, each exactly once. */
interface Follower {
  /** Reports the newest entry id. */
  news(newestEntryId: number): void;
  /** Returns a function that unsubscribes. */
  onStored(listener: Listener): () => void;
}

/**
 * Reads new entries while there are listeners.
 * @param read returns up to a limit of entries after an id, in order, and none only if there are none. If it
 * rejects, it is called again later.
 */
export function createFollower(
  read: (after: number, limit: number) => Promise<readonly FeedMessage[]>,
): Follower {
  const listeners = new Set<Listener>();
  /** The newest delivered entry; undefined until the end of the log is known. */
  let position: number | undefined;
  let wanted = 0;
  let reading = false;
  let isRetryDue = false;

  function tell(messages: readonly FeedMessage[]): void {
    // Separate from the commit: a listener that throws is not an error of the store.
    for (const listener of listeners) queueMicrotask(() => listener(messages));
  }

  async function catchUp(): Promise<void> {
    reading = true;
    try {
      while (position !== undefined && position < wanted) {
        const until = wanted;
        const messages = await read(position, PAGE);
        // Skip entries that were deleted in the meantime.
        position = messages.at(-1)?.entry.id ?? until;
        if (messages.length > 0) tell(messages);
      }
    } catch {
      // No later entry may be delivered before the missed one.
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
