import { type ReadonlySignal, signal } from '@preact/signals';
import type { Summary } from '../traffic/entry.ts';

export type FeedState = 'connecting' | 'live' | 'lost';

export type FeedSource = EventTarget & Pick<EventSource, 'close' | 'readyState'>;

export interface FeedOptions {
  connect: () => FeedSource;
  /** Everything from now on will be told. What was before has to be loaded, unless the feed was resumed. */
  onBegin: (isResumed: boolean) => void;
  onEntry: (summary: Summary) => void;
  /** Runs something after so many milliseconds. Returns the undo. */
  after: (ms: number, run: () => void) => () => void;
}

export interface Feed {
  state: ReadonlySignal<FeedState>;
  close(): void;
}

/** `EventSource.CLOSED`: the browser will not try again by itself. */
const CLOSED = 2;
const RETRY_MS = 2000;

/** Hears of every change of the log. A broken connection is resumed where it was. */
export function openFeed({ connect, onBegin, onEntry, after }: FeedOptions): Feed {
  const state = signal<FeedState>('connecting');
  let source: FeedSource;
  let cancelRetry = () => {};

  function open(): void {
    source = connect();
    source.addEventListener('begin', (event) => {
      state.value = 'live';
      const { isResumed }: { isResumed: boolean } = JSON.parse(dataOf(event));
      onBegin(isResumed);
    });
    source.addEventListener('entry', (event) => onEntry(JSON.parse(dataOf(event))));
    source.addEventListener('error', () => {
      state.value = 'lost';
      if (source.readyState === CLOSED) cancelRetry = after(RETRY_MS, open);
    });
  }
  open();

  return {
    state,
    close() {
      cancelRetry();
      source.close();
    },
  };
}

function dataOf(event: Event): string {
  return event instanceof MessageEvent ? String(event.data) : '';
}
