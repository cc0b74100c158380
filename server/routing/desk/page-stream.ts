import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventBuffer, createSession } from 'better-sse';

/** Shows a page one state after another, as server-sent events. */
export interface PageStream {
  /**
   * Sends a state, unless it is the one that was sent last, or the page has not read what it was sent before.
   * @param mark the state without what changes all the time
   */
  show(mark: string, state: object): void;
  /** Disconnects the page. Nothing is written from now on, not even while it still reads. */
  end(): void;
}

interface PageStreamOptions {
  /** Name of the events. */
  event: string;
  /** The page has read everything, and there may be something newer. */
  onRead(): void;
}

/** Milliseconds between two signs of life, so that neither proxies nor pages think that it is dead. */
const KEEP_ALIVE_MS = 15_000;

/** Undefined if the page has disconnected meanwhile. */
export async function openPageStream(
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
    show(mark, state) {
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
