import type { FeedMessage } from '../../domain/console-api.ts';

/** Entries that are read at once. */
const PAGE = 200;

type Listener = (messages: readonly FeedMessage[]) => void;

/** All entries in the order of their ids, whichever server stored them: none missing, none twice. */
export interface StoredFeed {
  /** Returns its undo. */
  onStored(listener: Listener): () => void;
  /** This server stored something after the entry `previous` up to `newest`; `stored` tells what. */
  committed(previous: number, newest: number, stored: () => readonly FeedMessage[]): void;
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
    // Apart from the commit that is told of: a listener that fails is no fault of the store.
    for (const listener of listeners) queueMicrotask(() => listener(messages));
  }

  async function catchUp(): Promise<void> {
    reading = true;
    try {
      while (position !== undefined && position < wanted) {
        const messages = await read(position, PAGE);
        position = messages.at(-1)?.entry.id ?? wanted;
        if (messages.length > 0) tell(messages);
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
    committed(previous, newest, stored) {
      // The log can only be shorter than this server left it where another one took its place.
      if (previous < writtenTo) wanted = position = previous;
      position ??= previous;
      writtenTo = newest;
      if (newest <= position) return;
      if (reading || position !== previous) return want(newest);
      position = newest;
      if (listeners.size > 0) tell(stored());
    },
    news(newest) {
      position ??= newest;
      if (newest > position) want(newest);
    },
  };
}
