import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventBuffer, createSession, type Session } from 'better-sse';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { HttpError } from '../http/errors.ts';

/** The part of the log that the feed uses. */
export interface StoredLog {
  /** Up to `limit` messages after an entry, fewer if they are large, in id order. */
  entriesAfter(id: number, limit: number): Promise<readonly FeedMessage[]>;
  newestEntryId(): Promise<number>;
  /** Calls the listener for each new entry of any server, in id order. Returns a function that unsubscribes. */
  onStored(listener: (messages: readonly FeedMessage[]) => void): () => void;
}

/** Streams all new entries to any number of pages as server-sent events. */
export interface Feed {
  /** Serves one page until it disconnects or its session ends. Resumes after the last entry that it saw. */
  open(request: IncomingMessage, response: ServerResponse, viewer?: FeedViewer): Promise<void>;
  /** Number of connected pages. */
  readonly readers: number;
  /** Asks all pages to reconnect, to another server if there is one, and disconnects them. */
  close(): void;
}

/** The person who reads the feed. */
interface FeedViewer {
  /** The only agent whose calls are visible; undefined: all calls are visible. */
  visibleTo: string | undefined;
  /** Calls the listener when the session ends. Returns a function that unsubscribes. */
  onEnd(listener: () => void): () => void;
}

interface FeedOptions {
  log: StoredLog;
  /** Called for each message sent to a page, with the milliseconds since the webhook arrived. */
  onSent?: (lag: number) => void;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
}

/** Maximum number of missed messages read at once. */
const PAGE = 200;
/** Maximum number of bytes buffered for a slow page. */
const MOST_WAITING = 256 * 1024;
/** Milliseconds after which a page reconnects. */
const RETRY = 1000;
/** Period in milliseconds over which disconnected pages reconnect. */
const SPREAD = 3000;
/** Some proxies cut connections after ten seconds of silence. */
const KEEP_ALIVE = 8_000;

interface Reader {
  session: Session;
  visibleTo: string | undefined;
  response: ServerResponse;
  /** The newest entry that was sent, or that is not visible to this reader. */
  sentId: number;
  /** Whether it is catching up from the store, so that live messages must wait. */
  catchingUp: boolean;
  /** Whether entries were stored since it last read the store. */
  stale: boolean;
}

export function createFeed({ log, onSent, now, random }: FeedOptions): Feed {
  const readers = new Set<Reader>();
  /** Listens to the log only while pages are connected, because each message has a cost. */
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

  // The library's keep-alive would still write after a page was disconnected.
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

  /** Sends missed messages from the store as fast as the reader reads them, one batch at a time. */
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
        // After an empty batch the listener takes over, unless new entries arrived meanwhile.
        more = missed.length > 0 || reader.stale;
      }
    } catch {
      // The store is down. The page reconnects and resumes.
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
      // The page may have seen a higher id, if another log has replaced the one that it knows.
      const sentId = seen === undefined ? newest : Math.min(seen, newest);
      const session = await createSession(request, response, {
        retry: RETRY,
        keepAlive: null,
        // Messages are serialized once for all readers.
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
      // A page may disconnect at any time, even before it is registered. Nothing can be pushed after that.
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

/** Asks a page to reconnect after a random delay and to resume. */
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

/** The last entry that the page saw: from the Last-Event-ID header, or from the URL at the first connection. */
function resumptionPoint(request: IncomingMessage): number | undefined {
  const asked = URL.parse(request.url ?? '/', 'http://localhost')?.searchParams.get('lastEventId');
  const text = request.headers['last-event-id'] ?? asked;
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Resolves when the page has read most of its buffer, or has disconnected. */
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
