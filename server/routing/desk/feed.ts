import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSession, type Session } from 'better-sse';
import type { Desk } from '../../../domain/desk/desk.ts';
import type { Clock } from '../../clock.ts';
import { HttpError } from '../../http/errors.ts';
import { viewForAgent } from './view.ts';

/** Streams to each agent's pages what the desk wants of her, as server-sent events. */
export interface DeskFeed {
  /** Serves one tab until it disconnects or its session ends. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    reader: { agent: string; tab: string; onEnd(listener: () => void): () => void },
  ): Promise<void>;
  /** Number of connected pages. */
  readonly readers: number;
  /** Disconnects all pages. What closes now does not count as an agent who left. */
  close(): void;
}

interface DeskFeedOptions {
  clock: Clock;
  read(): Promise<Desk>;
  /** Calls the listener when the desk changed. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
  /** The feed of the tab that takes an agent's calls has closed and did not come back. */
  pageClosed(agent: string): Promise<void>;
}

interface Reader {
  agent: string;
  tab: string;
  session: Session;
  response: ServerResponse;
  /** What it was sent last, without the time. */
  sent: string;
}

/** Milliseconds that a tab has to open its feed again. */
const COME_BACK_MS = 1_000;
/** Milliseconds between two signs of life, so that neither proxies nor pages think that it is dead. */
const KEEP_ALIVE = 15_000;

export function createDeskFeed({ clock, read, onChange, pageClosed }: DeskFeedOptions): DeskFeed {
  const readers = new Set<Reader>();
  let stopListening: (() => void) | undefined;
  let sending = false;
  let stale = false;
  let closed = false;

  /** One reading of the desk serves all readers, and all changes that came meanwhile. */
  function changed(): void {
    stale = true;
    if (sending) return;
    sending = true;
    void clock.during(send()).finally(() => {
      sending = false;
      if (stale && readers.size > 0) changed();
    });
  }

  async function send(): Promise<void> {
    stale = false;
    try {
      const desk = await read();
      for (const reader of readers) show(reader, desk);
    } catch {
      // The store is down: pages are told by their beats.
    }
  }

  function show(reader: Reader, desk: Desk): void {
    const { now, ...view } = viewForAgent(desk, reader.agent, clock.now());
    const text = JSON.stringify(view);
    if (text === reader.sent || !reader.session.isConnected) return;
    reader.sent = text;
    reader.session.push({ now, ...view }, 'desk');
  }

  function leave(reader: Reader): void {
    if (!readers.delete(reader)) return;
    if (readers.size === 0) {
      stopListening?.();
      stopListening = undefined;
    }
    if (closed) return;
    clock.after(COME_BACK_MS, () => void clock.during(lookWhetherGone(reader)).catch(() => {}));
  }

  async function lookWhetherGone({ agent, tab }: Reader): Promise<void> {
    const isBack = [...readers].some((each) => each.agent === agent && each.tab === tab);
    if (isBack || closed) return;
    const desk = await read();
    if (desk.agents.get(agent)?.page?.tab === tab) await pageClosed(agent);
  }

  return {
    async open(request, response, { agent, tab, onEnd }) {
      if (closed) throw new HttpError(503, 'internal', 'This server stops.');
      const session = await createSession(request, response, { retry: 1000, keepAlive: KEEP_ALIVE });
      if (response.destroyed || !session.isConnected) return;
      const reader: Reader = { agent, tab, session, response, sent: '' };
      readers.add(reader);
      stopListening ??= onChange(changed);
      const listenNoMore = onEnd(() => response.end());
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
      for (const { response } of readers) response.end();
      readers.clear();
      stopListening?.();
    },
  };
}
