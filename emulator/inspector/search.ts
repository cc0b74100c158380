import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { InspectorApi } from './api.ts';

/** Looks for a text in what only the platform knows: bodies and headers. */
export interface Search {
  /** Ids of the requests that hold it. While another text is looked for, still those of the one before. */
  found: ReadonlySignal<ReadonlySet<number>>;
  close(): void;
}

export interface SearchOptions {
  api: Pick<InspectorApi, 'list'>;
  /** Without spaces around it; empty where nothing is looked for. */
  text: ReadonlySignal<string>;
  /** Changes when there is something new to look through. */
  rows: ReadonlySignal<unknown>;
  /** Another one means that the ids of before mean nothing. */
  epoch: ReadonlySignal<string | undefined>;
  /** Runs something after so many milliseconds. Returns the undo. */
  after: (ms: number, run: () => void) => () => void;
}

/** Milliseconds without a key before the platform is asked. */
const KEY_PAUSE = 150;
/** Milliseconds in which what is new gathers, however much comes. */
const NEWS_PAUSE = 300;

export function createSearch({ api, text, rows, epoch, after }: SearchOptions): Search {
  const found = signal<ReadonlySet<number>>(new Set());
  let isWhole = false;

  /** @param pages how many of the newest are looked through */
  async function look(wanted: string, pages: number, isOver: () => boolean): Promise<void> {
    const ids = new Set<number>();
    try {
      let before: number | undefined;
      do {
        const page = await api.list({ text: wanted, ...(before !== undefined && { before }) });
        if (isOver()) return;
        for (const { id } of page.requests) ids.add(id);
        before = page.next ?? undefined;
        pages -= 1;
      } while (before !== undefined && pages > 0);
      found.value = isWhole ? found.peek().union(ids) : ids;
      isWhole = true;
    } catch {
      // The feed says that the platform is away; what the rows themselves hold is found without it.
      if (!isOver() && !isWhole) found.value = ids;
    }
  }

  let searched: string | undefined;
  const stopLookingForText = effect(() => {
    const wanted = text.value;
    isWhole = false;
    if (wanted === '' || searched !== epoch.value) found.value = new Set();
    searched = epoch.value;
    if (wanted === '') return undefined;
    let isOver = false;
    const cancel = after(KEY_PAUSE, () => void look(wanted, Number.POSITIVE_INFINITY, () => isOver));
    return () => {
      isOver = true;
      cancel();
    };
  });

  let cancelNews: (() => void) | undefined;
  const stopLookingAtNews = effect(() => {
    rows.value;
    if (text.peek() === '') return;
    // What goes on without a pause must not put the look off for ever.
    cancelNews ??= after(NEWS_PAUSE, () => {
      cancelNews = undefined;
      const wanted = text.peek();
      if (wanted !== '' && isWhole) void look(wanted, 1, () => text.peek() !== wanted);
    });
  });

  return {
    found,
    close() {
      stopLookingForText();
      stopLookingAtNews();
      cancelNews?.();
    },
  };
}
