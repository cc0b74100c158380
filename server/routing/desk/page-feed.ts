import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventBuffer, createSession } from 'better-sse';
import type { Clock } from '../../clock.ts';
import { HttpError } from '../../http/errors.ts';

/** Streams the newest state to many pages, as server-sent events. */
export interface PageFeed<Reader> {
  /** Serves a page until it disconnects, or `onEnd` tells that its session ended. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    reader: Reader,
    onEnd: (listener: () => void) => () => void,
  ): Promise<void>;
  /** Number of connected pages. */
  readonly readers: number;
  /** Disconnects all pages. */
  close(): void;
}

/** What a page is shown. */
interface Shown {
  /** The state without what changes all the time. */
  mark: string;
  state: object;
}

interface PageFeedOptions<State, Reader> {
  clock: Clock;
  /** Name of the events. */
  event: string;
  /** Rejects if the store is down: then nothing is sent. */
  read(): Promise<State>;
  showTo(reader: Reader, state: State): Shown;
  /** Calls the listener when the state changed. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
  /** Milliseconds between two readings; 0: a change is read at once. */
  paceMs: number;
  /** Milliseconds after which the state is read again although nothing was told; null: never. */
  lookMs: number | null;
  onOpen?(reader: Reader): void;
  /** A page has disconnected by itself. `others`: those that are connected; null once the feed is closed. */
  onLeave?(reader: Reader, others: () => readonly Reader[] | null): void;
}

export function createPageFeed<State, Reader>(options: PageFeedOptions<State, Reader>): PageFeed<Reader> {
  const { clock, event, read, showTo, onChange, paceMs, lookMs, onOpen, onLeave } = options;
  const readers = new Map<PageStream, Reader>();
  let stopListening: (() => void) | undefined;
  let cancelLook: (() => void) | undefined;
  let busy = false;
  let stale = false;
  let closed = false;

  /** One reading serves all pages, and all changes that came meanwhile. */
  function changed(): void {
    stale = true;
    if (busy || readers.size === 0) return;
    busy = true;
    void clock.during(send()).finally(() => {
      if (paceMs === 0) mayReadAgain();
      else clock.after(paceMs, mayReadAgain);
    });
  }

  function mayReadAgain(): void {
    busy = false;
    if (stale) changed();
  }

  async function send(): Promise<void> {
    stale = false;
    try {
      const state = await read();
      for (const [stream, reader] of readers) stream.show(showTo(reader, state));
    } catch {
      // The store is down, as the pages learn from what they ask for.
    }
  }

  function lookLater(ms: number): void {
    cancelLook = clock.after(ms, () => {
      changed();
      lookLater(ms);
    });
  }

  function leave(stream: PageStream): void {
    const reader = readers.get(stream);
    if (reader === undefined) return;
    readers.delete(stream);
    if (readers.size === 0) rest();
    if (!closed) onLeave?.(reader, () => (closed ? null : [...readers.values()]));
  }

  function rest(): void {
    stopListening?.();
    stopListening = undefined;
    cancelLook?.();
  }

  return {
    async open(request, response, reader, onEnd) {
      if (closed) throw new HttpError(503, 'internal', 'This server stops.');
      const stream = await openPageStream(request, response, { event, onRead: changed });
      if (stream === undefined) return;
      readers.set(stream, reader);
      onOpen?.(reader);
      if (stopListening === undefined) {
        stopListening = onChange(changed);
        if (lookMs !== null) lookLater(lookMs);
      }
      const listenNoMore = onEnd(() => {
        leave(stream);
        stream.end();
      });
      response.once('close', () => {
        listenNoMore();
        leave(stream);
      });
      changed();
    },
    get readers() {
      return readers.size;
    },
    close() {
      closed = true;
      for (const stream of readers.keys()) stream.end();
      readers.clear();
      rest();
    },
  };
}

/** Shows a page one state after another, as server-sent events. */
interface PageStream {
  /** Sends a state, unless it is the one that was sent last, or the page has not read what it was sent before. */
  show(shown: Shown): void;
  /** Disconnects the page. Nothing is written from now on, not even while it still reads. */
  end(): void;
}

interface PageStreamOptions {
  /** Name of the events. */
  event: string;
  /** The page has read everything, and there may be something newer. */
  onRead(): void;
}

/** Milliseconds between two signs of life: some proxies cut connections after ten seconds of silence. */
const KEEP_ALIVE_MS = 8_000;

/** Undefined if the page has disconnected meanwhile. */
async function openPageStream(
  request: IncomingMessage,
  response: ServerResponse,
  { event, onRead }: PageStreamOptions,
): Promise<PageStream | undefined> {
  // The library's keep-alive would still write after the end, and such an error stops the server.
  const session = await createSession(request, response, { retry: 1000, keepAlive: null });
  if (response.destroyed || !session.isConnected) return undefined;
  let sent = '';

  /** What waits for a slow page would be outdated when it is read, and fill the memory. */
  function canWrite(): boolean {
    return session.isConnected && !response.writableEnded && !response.writableNeedDrain;
  }

  const keepingAlive = setInterval(() => {
    if (canWrite()) void session.batch(createEventBuffer().comment().dispatch());
  }, KEEP_ALIVE_MS).unref();
  response.once('close', () => clearInterval(keepingAlive));
  response.on('drain', () => {
    if (canWrite()) onRead();
  });

  return {
    show({ mark, state }) {
      if (mark === sent || !canWrite()) return;
      sent = mark;
      session.push(state, event);
    },
    end() {
      clearInterval(keepingAlive);
      response.end();
    },
  };
}
