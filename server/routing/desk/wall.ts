import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSession, type Session } from 'better-sse';
import type { WallView } from '../../../domain/api/wall-api.ts';
import type { Clock } from '../../clock.ts';
import { HttpError } from '../../http/errors.ts';

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
/** Milliseconds between two signs of life. */
const KEEP_ALIVE_MS = 15_000;

export function createWallFeed({ clock, read, onChange }: WallFeedOptions): WallFeed {
  const readers = new Map<Session, ServerResponse>();
  /** What each wall was sent last, without the time. */
  const sent = new WeakMap<Session, string>();
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
    for (const session of readers.keys()) {
      if (text === sent.get(session) || !session.isConnected) continue;
      sent.set(session, text);
      session.push(view, 'wall');
    }
  }

  function lookLater(): void {
    cancelLook = clock.after(LOOK_MS, () => {
      changed();
      lookLater();
    });
  }

  function rest(): void {
    stopListening?.();
    stopListening = undefined;
    cancelLook?.();
  }

  return {
    async open(request, response, onEnd) {
      if (closed) throw new HttpError(503, 'internal', 'This server stops.');
      const session = await createSession(request, response, { retry: 1000, keepAlive: KEEP_ALIVE_MS });
      if (response.destroyed || !session.isConnected) return;
      readers.set(session, response);
      if (stopListening === undefined) {
        stopListening = onChange(changed);
        lookLater();
      }
      const listenNoMore = onEnd(() => response.end());
      response.once('close', () => {
        listenNoMore();
        readers.delete(session);
        if (readers.size === 0) rest();
      });
      changed();
    },
    get readers() {
      return readers.size;
    },
    close() {
      closed = true;
      for (const response of readers.values()) response.end();
      readers.clear();
      rest();
    },
  };
}
