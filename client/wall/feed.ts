import { type ReadonlySignal, signal } from '@preact/signals';
import type { WallView } from '../../domain/api/wall-api.ts';
import { createScope } from '../../ui/scope.ts';
import { readWallView } from './api.ts';

/** `reconnecting`: what is shown may be out of date. */
export type FeedState = 'connecting' | 'live' | 'reconnecting';

/** `EventSource`, as far as it is used here. */
export type FeedSource = EventTarget & Pick<EventSource, 'close' | 'readyState'>;

interface FeedOptions {
  /** `new EventSource(path)`. */
  connect: (path: string) => FeedSource;
  onView: (view: WallView) => void;
  /** The server is there, and gives no feed. Another try follows all the same. */
  onRefused: () => void;
  /** Runs something before the page is painted next. Returns the undo. */
  beforePaint: (run: () => void) => () => void;
  /** From 0 to 1. */
  random: () => number;
}

/** Follows the desk. Each message tells everything, so that nothing has to be resumed. */
export interface Feed {
  state: ReadonlySignal<FeedState>;
  /** A good moment to try again. */
  wake(): void;
  /** The machine slept: nothing that was connected is any more. */
  slept(): void;
  close(): void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** `EventSource.CLOSED`: the browser does not try again by itself. */
const CLOSED = 2;

export function createFeed({ connect, onView, onRefused, beforePaint, random }: FeedOptions): Feed {
  const state = signal<FeedState>('connecting');
  let connection = createScope();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  /** The newest view that is not shown yet. */
  let received: WallView | null = null;
  let cancelPaint: (() => void) | null = null;

  function open(): void {
    connection.close();
    connection = createScope();
    clearTimeout(timer);
    const source = connect('api/wall/feed');
    connection.add(() => source.close());
    connection.listen(source, 'wall', (event) => {
      const view = event instanceof MessageEvent ? readWallView(event.data) : null;
      if (view === null) return;
      attempt = 0;
      received = view;
      cancelPaint ??= beforePaint(show);
    });
    connection.listen(source, 'error', () => {
      const isRefused = source.readyState === CLOSED;
      connection.close();
      state.value = 'reconnecting';
      const wait = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
      timer = setTimeout(open, wait * (0.5 + random() / 2));
      attempt += 1;
      if (isRefused) onRefused();
    });
  }

  function show(): void {
    cancelPaint?.();
    cancelPaint = null;
    const view = received;
    received = null;
    if (view === null) return;
    state.value = 'live';
    onView(view);
  }

  open();

  return {
    state,
    wake() {
      if (state.peek() === 'reconnecting') open();
    },
    slept: open,
    close() {
      connection.close();
      clearTimeout(timer);
      cancelPaint?.();
    },
  };
}
