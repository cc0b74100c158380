import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventBuffer, createSession, type Session } from 'better-sse';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { HttpError } from '../http/errors.ts';

/** What the feed needs of the stored log. */
export interface StoredLog {
  /** Up to `limit` messages after an entry, in the order of their ids. */
  entriesAfter(id: number, limit: number): Promise<readonly FeedMessage[]>;
  newestEntryId(): Promise<number>;
  /** Calls the listener with what was just stored, by whichever server, in the order of ids. Returns the undo. */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
}

/** Server-sent events of everything that is stored, to any number of pages. */
export interface Feed {
  /** Serves one page until it leaves, or its session ends. Resumes after the entry that it saw last. */
  open(request: IncomingMessage, response: ServerResponse, viewer?: FeedViewer): Promise<void>;
  /** Pages that are connected now. */
  readonly readers: number;
  /** Asks all pages to connect anew, elsewhere if there is an elsewhere, and lets them go. */
  close(): void;
}

/** Whoever reads the feed. */
interface FeedViewer {
  /** The agent whose calls alone may be seen; undefined: all calls. */
  visibleTo: string | undefined;
  /** Calls the listener when they may read no more. Returns its undo. */
  onEnd(listener: () => void): () => void;
}

interface FeedOptions {
  log: StoredLog;
  /** Called for each message that was handed to a page, with the milliseconds since its receipt. */
  onSent?: (lag: number) => void;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
}

/** Messages that a page which missed some gets at once. */
const PAGE = 200;
/** Bytes that may wait for a slow page; it then gets no more until it has read. */
const MOST_WAITING = 256 * 1024;
/** Milliseconds after which a page tries again. */
const RETRY = 1000;
/** Milliseconds over which pages that are let go together come back. */
const SPREAD = 3000;
const KEEP_ALIVE = 15_000;

interface Reader {
  session: Session;
  visibleTo: string | undefined;
  response: ServerResponse;
  /** The newest entry that it was sent, or may not see. */
  sentId: number;
  /** Whether it is being brought up to date from the store, so that live messages must wait. */
  catchingUp: boolean;
  /** Whether something was stored since it read the store last. */
  stale: boolean;
}

export function createFeed({ log, onSent, now, random }: FeedOptions): Feed {
  const readers = new Set<Reader>();
  /** The log is listened to while somebody reads: what it tells costs something. */
  let stopListening: (() => void) | undefined;
  let closed = false;

  function enter(reader: Reader): void {
    readers.add(reader);
    stopListening ??= log.onStored(onStored);
  }

  function leave(reader: Reader): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  }

  function send(reader: Reader, message: FeedMessage, text: string): void {
    reader.sentId = message.entry.id;
    if (!maySee(reader, message)) return;
    reader.session.push(text, 'entry', String(message.entry.id));
    onSent?.(now() - message.entry.receivedAt);
  }

  // Not the library's: that goes on where a page was let go and has not read to the end, where nothing may be written.
  const keepingAlive = setInterval(() => {
    for (const { session } of readers) void session.batch(createEventBuffer().comment().dispatch());
  }, KEEP_ALIVE).unref();

  function onStored(messages: readonly FeedMessage[]): void {
    const texts = messages.map((message) => JSON.stringify(message));
    for (const reader of readers) {
      if (reader.catchingUp) {
        reader.stale = true;
        continue;
      }
      if (reader.response.writableLength > MOST_WAITING) {
        void catchUp(reader);
        continue;
      }
      for (const [index, message] of messages.entries()) {
        if (message.entry.id > reader.sentId) send(reader, message, texts[index] ?? '');
      }
    }
  }

  /** Sends what a reader missed from the store, as fast as it reads; holds one page of it at a time. */
  async function catchUp(reader: Reader): Promise<void> {
    const { response } = reader;
    reader.catchingUp = true;
    try {
      let more = true;
      while (more && readers.has(reader)) {
        reader.stale = false;
        const missed = await log.entriesAfter(reader.sentId, PAGE);
        for (const message of missed) {
          await drained(response);
          if (!readers.has(reader)) return;
          send(reader, message, JSON.stringify(message));
        }
        // From an empty page on, the listener takes over, unless it had something while the page was read.
        more = missed.length > 0 || reader.stale;
      }
    } catch {
      // The store is away. The page connects anew, and resumes where it is.
      leave(reader);
      response.end();
    } finally {
      reader.catchingUp = false;
    }
  }

  return {
    async open(request, response, viewer) {
      const seen = resumptionPoint(request);
      if (!URL.canParse(request.url ?? '', `http://${request.headers.host}`)) {
        throw new HttpError(400, 'bad-request', 'Invalid Host header.');
      }
      const newest = await log.newestEntryId();
      // A page may have seen more than there is: another log took the place of the one that it knows.
      const sentId = seen === undefined ? newest : Math.min(seen, newest);
      const session = await createSession(request, response, {
        retry: RETRY,
        keepAlive: null,
        // Messages are text already, made once for all readers.
        serializer: (text) => String(text),
      });
      const reader: Reader = {
        session,
        response,
        visibleTo: viewer?.visibleTo,
        sentId,
        catchingUp: false,
        stale: false,
      };
      if (closed) {
        letGo(reader, random);
        return;
      }
      // A page may leave at any time, also before it is one; nothing can be pushed to it from then on.
      if (response.destroyed || !session.isConnected) return;
      enter(reader);
      const listenNoMore = viewer?.onEnd(() => {
        leave(reader);
        response.end();
      });
      session.once('disconnected', () => leave(reader));
      response.once('close', () => {
        listenNoMore?.();
        leave(reader);
      });
      await catchUp(reader);
    },
    get readers() {
      return readers.size;
    },
    close() {
      closed = true;
      clearInterval(keepingAlive);
      for (const reader of readers) {
        leave(reader);
        letGo(reader, random);
      }
    },
  };
}

function maySee({ visibleTo }: Reader, { call }: FeedMessage): boolean {
  return visibleTo === undefined || call.agent === visibleTo;
}

/** Asks a page to come back, not at the same moment as all others, and to resume where it is. */
function letGo({ session, response, sentId }: Reader, random: () => number): void {
  const farewell = createEventBuffer({ serializer: String })
    .retry(Math.round(RETRY + random() * SPREAD))
    .event('reconnect')
    .id(String(sentId))
    .data('')
    .dispatch();
  void session.batch(farewell);
  response.end();
}

/** The entry that the page saw last: from the browser's own header, or from the address at the first connection. */
function resumptionPoint(request: IncomingMessage): number | undefined {
  const asked = URL.parse(request.url ?? '/', 'http://localhost')?.searchParams.get('lastEventId');
  const text = request.headers['last-event-id'] ?? asked;
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Resolves when little waits for the page, or when it is gone. */
function drained(response: ServerResponse): Promise<void> {
  if (response.writableLength <= MOST_WAITING || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
