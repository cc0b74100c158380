import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Desk } from '../../../domain/desk/desk.ts';
import type { Clock } from '../../clock.ts';
import { HttpError } from '../../http/errors.ts';
import { openPageStream, type PageStream } from './page-stream.ts';
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
  stream: PageStream;
}

/** Milliseconds that a tab has to open its feed again. */
const COME_BACK_MS = 1_000;

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
    reader.stream.show(JSON.stringify(view), { now, ...view });
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
      const stream = await openPageStream(request, response, { event: 'desk', onRead: changed });
      if (stream === undefined) return;
      const reader: Reader = { agent, tab, stream };
      readers.add(reader);
      stopListening ??= onChange(changed);
      const listenNoMore = onEnd(() => {
        leave(reader);
        stream.end();
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
      for (const { stream } of readers) stream.end();
      readers.clear();
      stopListening?.();
    },
  };
}
