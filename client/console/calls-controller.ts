import { type ReadonlySignal, signal } from '@preact/signals';
import type { CallPage, FeedMessage } from '../../domain/api/console-api.ts';
import { type ApiFailure, failureOf } from '../session/request.ts';
import type { ConsoleApi } from './api.ts';
import { applyMessages, type CallList, firstPage, nextPage, without } from './call-list.ts';
import { type Filter, type Query, queryOf } from './filter.ts';

/** What a request for calls has come to. */
export type Loading = 'waiting' | 'done' | { failure: ApiFailure };

/** The list of the calls that somebody wants to see. */
export interface CallsController {
  list: ReadonlySignal<CallList>;
  filter: ReadonlySignal<Filter>;
  /** How the list itself stands: `waiting` while the first page is on its way. */
  first: ReadonlySignal<Loading>;
  /** How the next page stands. */
  next: ReadonlySignal<Loading>;
  /** Lists what a filter asks for; what is typed, only when the typing rests. */
  setFilter(filter: Filter): void;
  /** Loads the first page, and lets go of all others. */
  reload(): void;
  /** Goes on until so many calls are listed, or all that there are: a page of a search may be short, even empty. */
  need(rows: number): void;
  /** Goes on after a failure, which `need` does not. */
  loadMore(): void;
  /** Takes what the feed told. */
  apply(messages: readonly FeedMessage[]): void;
  /** Takes a call away that the server does not know. */
  forget(id: string): void;
  close(): void;
}

interface CallsControllerOptions {
  api: Pick<ConsoleApi, 'calls'>;
  filter: Filter;
  onFailure: (failure: ApiFailure) => void;
}

const TYPING_RESTS_MS = 250;
/** More than any screen shows. */
const ROWS_AT_FIRST = 100;

export function createCallsController({
  api,
  filter: initial,
  onFailure,
}: CallsControllerOptions): CallsController {
  const list = signal<CallList>({ rows: [], rest: null });
  const filter = signal(initial);
  const first = signal<Loading>('waiting');
  const next = signal<Loading>('done');
  let query: Query = queryOf(initial, Date.now());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let request = new AbortController();
  let needed = ROWS_AT_FIRST;
  /** What the feed told while a page was on its way: the page may be older than that. */
  let meanwhile: FeedMessage[] = [];

  async function load(
    loading: typeof first,
    ask: (signal: AbortSignal) => Promise<CallPage>,
    add: (page: CallPage) => CallList,
  ): Promise<void> {
    request = new AbortController();
    const { signal } = request;
    meanwhile = [];
    loading.value = 'waiting';
    try {
      const page = await ask(signal);
      if (!signal.aborted) {
        list.value = applyMessages(add(page), meanwhile, query);
        loading.value = 'done';
        fill();
      }
    } catch (error) {
      if (!signal.aborted) {
        const failure = failureOf(error);
        loading.value = { failure };
        onFailure(failure);
      }
    }
  }

  function reload(): void {
    clearTimeout(timer);
    request.abort();
    query = queryOf(filter.peek(), Date.now());
    next.value = 'done';
    void load(first, (signal) => api.calls(query, null, signal), firstPage);
  }

  function loadMore(): void {
    const { rest } = list.peek();
    if (!rest || first.peek() !== 'done' || next.peek() === 'waiting') {
      return;
    }
    const [wanted, cursor] =
      'cursor' in rest ? [query, rest.cursor] : [{ ...query, until: justAfter(rest.before) }, null];
    void load(
      next,
      (signal) => api.calls(wanted, cursor, signal),
      (page) => nextPage(list.peek(), page),
    );
  }

  function fill(): void {
    if (next.peek() === 'done' && list.peek().rows.length < needed) {
      loadMore();
    }
  }

  return {
    list,
    filter,
    first,
    next,
    setFilter(wanted) {
      const { number, text } = filter.peek();
      const isTyped = wanted.number !== number || wanted.text !== text;
      filter.value = wanted;
      clearTimeout(timer);
      if (isTyped) {
        timer = setTimeout(reload, TYPING_RESTS_MS);
      } else {
        reload();
      }
    },
    reload,
    need(rows) {
      needed = rows;
      fill();
    },
    loadMore,
    apply(messages) {
      if (first.peek() === 'waiting' || next.peek() === 'waiting') {
        meanwhile.push(...messages);
      }
      list.value = applyMessages(list.peek(), messages, query);
      fill();
    },
    forget(id) {
      list.value = without(list.peek(), id);
      fill();
    },
    close() {
      clearTimeout(timer);
      request.abort();
    },
  };
}

/** The first time that a page which ends before it has all calls of `time`. */
function justAfter(time: number): string {
  return new Date(time + 1).toISOString();
}
