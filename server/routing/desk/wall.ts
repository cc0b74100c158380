import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WallView } from '../../../domain/api/wall-api.ts';
import type { Clock } from '../../clock.ts';
import { HttpError } from '../../http/errors.ts';
import { openPageStream, type PageStream } from './page-stream.ts';

/** Streams the whole desk to supervisors' walls, as server-sent events. */
export interface WallFeed {
  /** Serves one wall until it disconnects, or `onEnd` tells that its session ended. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    onEnd: (listener: () => void) => () => void,
  ): Promise<void>;
  /** Number of connected walls. */
  readonly readers: number;
  close(): void;
}

interface WallFeedOptions {
  clock: Clock;
  read(): Promise<WallView>;
  /** Calls the listener when the desk changed. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
}

/** Milliseconds between two messages: a busy desk changes more often than anybody can read. */
const PACE_MS = 40;
/** Milliseconds after which what no event tells is looked at again, such as messages that somebody listened to. */
const LOOK_MS = 10_000;

export function createWallFeed({ clock, read, onChange }: WallFeedOptions): WallFeed {
  const readers = new Set<PageStream>();
  let stopListening: (() => void) | undefined;
  let cancelLook: (() => void) | undefined;
  let busy = false;
  let stale = false;
  let closed = false;

  /** One reading serves all walls, and all changes that came meanwhile. */
  function changed(): void {
    stale = true;
    if (busy || readers.size === 0) return;
    busy = true;
    void clock.during(send()).finally(() => {
      clock.after(PACE_MS, () => {
        busy = false;
        if (stale) changed();
      });
    });
  }

  async function send(): Promise<void> {
    stale = false;
    const view = await read().catch(() => null);
    if (view === null) {
      // The store is down: the page says since when it has heard nothing.
      return;
    }
    const { now, ...rest } = view;
    const text = JSON.stringify(rest);
    for (const reader of readers) reader.show(text, view);
  }

  function lookLater(): void {
    cancelLook = clock.after(LOOK_MS, () => {
      changed();
      lookLater();
    });
  }

  function leave(reader: PageStream): void {
    if (readers.delete(reader) && readers.size === 0) rest();
  }

  function rest(): void {
    stopListening?.();
    stopListening = undefined;
    cancelLook?.();
  }

  return {
    async open(request, response, onEnd) {
      if (closed) throw new HttpError(503, 'internal', 'This server stops.');
      const reader = await openPageStream(request, response, { event: 'wall', onRead: changed });
      if (reader === undefined) return;
      readers.add(reader);
      if (stopListening === undefined) {
        stopListening = onChange(changed);
        lookLater();
      }
      const listenNoMore = onEnd(() => {
        leave(reader);
        reader.end();
      });
      response.once('close', () => {
        listenNoMore();
        leave(reader);
      });
      changed();
    },
    get readers() {
      return readers.size;
    },
    close() {
      closed = true;
      for (const reader of readers) reader.end();
      readers.clear();
      rest();
    },
  };
}
