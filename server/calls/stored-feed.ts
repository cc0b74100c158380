import type { FeedMessage } from '../../domain/console-api.ts';

/** Entries that are read at once. */
const PAGE = 200;

type Listener = (messages: readonly FeedMessage[]) => void;

/** All entries in the order of their ids, whichever server stored them: none missing, none twice. */
export interface StoredFeed {
  /** Returns its undo. */
  onStored(listener: Listener): () => void;
  /** This server stored something after the entry `previous`, or found it stored. */
  committed(previous: number, stored: readonly FeedMessage[]): void;
  /** The log goes as far as `newest`. */
  news(newest: number): void;
}

/**
 * What this server stored is told at once, where nobody else stored anything between; else the log is read.
 * @param read entries after an id, in order, up to a limit. Where it rejects, the next occasion is waited for.
 */
export function createStoredFeed(
  read: (after: number, limit: number) => Promise<readonly FeedMessage[]>,
): StoredFeed {
  const listeners = new Set<Listener>();
  /** The newest entry that was told; undefined until the end of the log was heard of. */
  let position: number | undefined;
  let wanted = 0;
  /** The newest entry when this server wrote last. */
  let writtenTo = 0;
  let reading = false;

  function tell(messages: readonly FeedMessage[]): void {
    position = messages.at(-1)?.entry.id ?? position;
    // Apart from the commit that is told of: a listener that fails is no fault of the store.
    for (const listener of listeners) queueMicrotask(() => listener(messages));
  }

  async function catchUp(): Promise<void> {
    reading = true;
    try {
      while (position !== undefined && position < wanted) {
        const messages = await read(position, PAGE);
        if (messages.length === 0) position = wanted;
        else tell(messages);
      }
    } catch {
      // The store is away; there will be news when it is back.
    } finally {
      reading = false;
    }
  }

  function want(newest: number): void {
    wanted = Math.max(wanted, newest);
    if (!reading) void catchUp();
  }

  return {
    onStored(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    committed(previous, stored) {
      // The log can only be shorter than this server left it where another one took its place.
      if (previous < writtenTo) wanted = position = previous;
      position ??= previous;
      const newest = stored.at(-1)?.entry.id ?? previous;
      writtenTo = newest;
      if (!reading && position === previous && stored.length > 0) tell(stored);
      else if (newest > position) want(newest);
    },
    news(newest) {
      position ??= newest;
      if (newest > position) want(newest);
    },
  };
}
