import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Entry, Summary } from '../traffic/entry.ts';
import type { InspectorApi } from './api.ts';
import type { Feed, FeedOptions, FeedState } from './feed.ts';
import { openFeed } from './feed.ts';
import { EVERYTHING, type Filter, matches } from './filter.ts';
import { createPause } from './pause.ts';
import { createRows } from './rows.ts';
import { createSearch } from './search.ts';

/** The entry that is looked at. The last that was loaded stays while it is loaded anew. */
export type Opened =
  | { state: 'none' }
  | { state: 'loading' }
  | { state: 'there'; entry: Entry }
  | { state: 'forgotten' }
  | { state: 'failed'; error: string };

/** Everything that the inspector knows and does, without a view. */
export interface Inspector {
  /** What the filter lets through, newest first. */
  rows: ReadonlySignal<readonly Summary[]>;
  /** Number of all. */
  count: ReadonlySignal<number>;
  filter: Signal<Filter>;
  connection: ReadonlySignal<FeedState>;
  /** Whether the list was loaded once, or why not. */
  loaded: ReadonlySignal<boolean | { error: string }>;
  /** Requests that began while the list is paused; null while it is not. */
  held: ReadonlySignal<number | null>;
  togglePause(): void;
  /** The entry that is chosen in the list. */
  activeId: Signal<number | null>;
  opened: ReadonlySignal<Opened>;
  /** Goes so many rows down. */
  move(rows: number): void;
  /** Sends a webhook again and chooses what comes of it. Resolves with the answered entry; rejects with words. */
  resend(id: number): Promise<Entry>;
  clear(): Promise<void>;
  close(): void;
}

export interface InspectorOptions extends Pick<FeedOptions, 'connect' | 'after'> {
  api: InspectorApi;
  /** Runs something before the page is painted next. Returns the undo. */
  beforePaint: (run: () => void) => () => void;
  filter?: Filter;
  activeId?: number | null;
}

export function createInspector(options: InspectorOptions): Inspector {
  const { api, after, beforePaint, connect } = options;
  const all = createRows();
  const epoch = signal<string | undefined>(undefined);
  const pause = createPause(show, () => all.all.peek()[0]?.id ?? 0);
  const filter = signal<Filter>(options.filter ?? EVERYTHING);
  const activeId = signal<number | null>(options.activeId ?? null);
  const loaded = signal<boolean | { error: string }>(false);
  const opened = signal<Opened>({ state: 'none' });
  const text = computed(() => filter.value.text.trim());
  const activeRevision = computed(() => {
    const id = activeId.value;
    return id === null || !all.all.value ? null : `${id}.${all.byId(id)?.revision ?? ''}`;
  });
  /** What is resent now, and from which id on its repetition is to be chosen. */
  const awaited = new Map<number, number>();
  let received: Summary[] = [];
  let cancelPaint: (() => void) | undefined;
  let loads = 0;

  function show(summaries: Iterable<Summary>): void {
    const shown = [...summaries];
    all.put(shown);
    for (const { id, repeats } of shown) {
      if (repeats === null || id <= (awaited.get(repeats) ?? Number.POSITIVE_INFINITY)) continue;
      awaited.delete(repeats);
      activeId.value = id;
    }
  }

  function flush(): void {
    cancelPaint?.();
    cancelPaint = undefined;
    const summaries = received;
    received = [];
    pause.take(summaries);
  }

  /** Loads the whole list, a page after the other, so that the first is there soon. */
  async function load(): Promise<void> {
    loads += 1;
    const mine = loads;
    received = [];
    all.clear();
    pause.drop();
    try {
      let before: number | undefined;
      do {
        const page = await api.list(before === undefined ? {} : { before });
        if (mine !== loads) return;
        // The platform was started anew or cleared: the number that is chosen is another request's now.
        if (epoch.value !== undefined && epoch.value !== page.epoch) activeId.value = null;
        epoch.value = page.epoch;
        all.put(page.requests);
        loaded.value = true;
        before = page.next ?? undefined;
      } while (before !== undefined);
    } catch (error) {
      if (mine === loads) loaded.value = { error: wordsOf(error) };
    }
  }

  const feed: Feed = openFeed({
    connect,
    after,
    onBegin(isResumed) {
      if (!isResumed) void load();
    },
    onEntry(summary) {
      received.push(summary);
      cancelPaint ??= beforePaint(flush);
    },
  });

  const search = createSearch({ api, after, text, rows: all.all, epoch });
  const rows = computed(() => all.all.value.filter((row) => matches(row, filter.value, search.found.value)));

  const stopOpening = effect(() => {
    const id = activeId.value;
    // Read so that the entry is loaded anew when it has changed.
    activeRevision.value;
    if (id === null) {
      opened.value = { state: 'none' };
      return undefined;
    }
    let isOver = false;
    const before = opened.peek();
    if (before.state !== 'there' || before.entry.id !== id) opened.value = { state: 'loading' };
    api.entry(id).then(
      (entry) => {
        if (!isOver) opened.value = entry ? { state: 'there', entry } : { state: 'forgotten' };
      },
      (error: unknown) => {
        if (!isOver) opened.value = { state: 'failed', error: wordsOf(error) };
      },
    );
    return () => {
      isOver = true;
    };
  });

  return {
    rows,
    count: computed(() => all.all.value.length),
    filter,
    connection: feed.state,
    loaded,
    held: pause.held,
    togglePause: pause.toggle,
    activeId,
    opened,
    move(by) {
      const shown = rows.peek();
      const at = shown.findIndex(({ id }) => id === activeId.peek());
      const from = at >= 0 ? at : by > 0 ? -1 : shown.length;
      const next = Math.max(0, Math.min(from + by, shown.length - 1));
      activeId.value = shown[next]?.id ?? null;
    },
    async resend(id) {
      awaited.set(id, all.all.peek()[0]?.id ?? 0);
      try {
        const entry = await api.resend(id);
        show([entry]);
        return entry;
      } finally {
        awaited.delete(id);
      }
    },
    async clear() {
      await api.clear();
      activeId.value = null;
    },
    close() {
      feed.close();
      cancelPaint?.();
      search.close();
      stopOpening();
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
