import { type ReadonlySignal, signal } from '@preact/signals';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { createScope } from '../../ui/scope.ts';
import { isFeedMessage } from './guards.ts';

/** `reconnecting`: what is shown may be out of date. */
export type FeedState = 'connecting' | 'live' | 'reconnecting';

export type FeedSource = EventTarget & Pick<EventSource, 'close' | 'readyState'>;

export interface FeedOptions {
  /** `new EventSource(path)`. */
  connect: (path: string) => FeedSource;
  /** Everything that is stored from now on will be told; what was stored before has to be loaded. */
  onFresh: () => void;
  /** In the order of their ids; after a broken connection perhaps some that were told before. */
  onMessages: (messages: readonly FeedMessage[]) => void;
  /** The server is there, and gives no feed. Another try follows all the same. */
  onRefused: () => void;
  /** Runs something before the page is painted next. Returns the undo. */
  beforePaint: (run: () => void) => () => void;
  /** From 0 to 1. */
  random: () => number;
}

/** What the server stores, as it is stored. */
export interface Feed {
  state: ReadonlySignal<FeedState>;
  /** A good moment to try again. */
  wake(): void;
  /** The machine slept: nothing that was connected is any more. */
  slept(): void;
  close(): void;
}

/** After a longer gap the list is loaded anew: that is cheaper than all that happened meanwhile. */
const LONGEST_GAP_MS = 60_000;
/** A connection that died without a sign looks just like one where nothing happens. */
const LONGEST_SILENCE_MS = 120_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const SPREAD_MS = 1_000;
/** `EventSource.CLOSED`: the browser will not try again by itself. */
const CLOSED = 2;

export function createFeed(options: FeedOptions): Feed {
  const { connect, onFresh, onMessages, onRefused, beforePaint, random } = options;
  const state = signal<FeedState>('connecting');
  let connection = createScope();
  let source: FeedSource;
  /** The newest entry that was told; null where everything has to be loaded. */
  let lastId: number | null = null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gapTimer: ReturnType<typeof setTimeout> | undefined;
  let received: FeedMessage[] = [];
  let cancelPaint: (() => void) | null = null;

  function open(): void {
    connection.close();
    connection = createScope();
    clearTimeout(timer);
    const opening = connect(lastId === null ? 'api/feed' : `api/feed?lastEventId=${lastId}`);
    connection.add(() => opening.close());
    connection.listen(opening, 'open', opened);
    connection.listen(opening, 'entry', told);
    connection.listen(opening, 'reconnect', letGo);
    connection.listen(opening, 'error', () => broken(opening.readyState === CLOSED));
    source = opening;
  }

  /** @param ms milliseconds; up to a second more, because a server that stops lets go of all pages at once */
  function openIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(open, ms + SPREAD_MS * random());
  }

  function opened(): void {
    attempt = 0;
    clearTimeout(gapTimer);
    gapTimer = undefined;
    state.value = 'live';
    heard();
    if (lastId === null) {
      onFresh();
    }
  }

  function heard(): void {
    clearTimeout(timer);
    timer = setTimeout(open, LONGEST_SILENCE_MS);
  }

  function told(event: Event): void {
    const message = event instanceof MessageEvent ? parsed(event.data) : null;
    if (!message) {
      return;
    }
    if (lastId !== null && message.entry.id < lastId) {
      // Ids only grow: another log has taken the place of the one that was shown.
      startAnew();
      return;
    }
    heard();
    lastId = message.entry.id;
    received.push(message);
    cancelPaint ??= beforePaint(flush);
  }

  function flush(): void {
    cancelPaint?.();
    cancelPaint = null;
    const messages = received;
    received = [];
    if (messages.length > 0) {
      onMessages(messages);
    }
  }

  function lost(): void {
    state.value = 'reconnecting';
    clearTimeout(timer);
    gapTimer ??= setTimeout(startAnew, LONGEST_GAP_MS);
  }

  function letGo(): void {
    lost();
    connection.close();
    openIn(0);
  }

  /** @param isFinal whether the browser will not try again by itself */
  function broken(isFinal: boolean): void {
    lost();
    if (isFinal) {
      attempt += 1;
      openIn(Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS));
      onRefused();
    }
  }

  function startAnew(): void {
    clearTimeout(gapTimer);
    gapTimer = undefined;
    lastId = null;
    open();
  }

  open();

  return {
    state,
    wake() {
      if (state.peek() === 'reconnecting' || source.readyState === CLOSED) {
        open();
      }
    },
    slept() {
      flush();
      startAnew();
    },
    close() {
      connection.close();
      clearTimeout(timer);
      clearTimeout(gapTimer);
      cancelPaint?.();
    },
  };
}

function parsed(data: unknown): FeedMessage | null {
  try {
    const message: unknown = JSON.parse(String(data));
    return isFeedMessage(message) ? message : null;
  } catch {
    return null;
  }
}
