import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { KnownNames } from '../../domain/api/call-search.ts';
import type { CallPage, FeedMessage } from '../../domain/api/console-api.ts';
import type { CallSummary } from '../../domain/calls/call.ts';
import { outcomeOf } from '../../domain/calls/outcome.ts';
import type { Wanted } from '../../ui/marked.tsx';
import { type ApiFailure, failureOf } from '../session/request.ts';
import type { ConsoleApi } from './api.ts';
import { applyMessages, type CallList, firstPage, nextPage, without } from './call-list.ts';
import { type Filter, type Query, queryOf, wantedBy } from './filter.ts';

/** What a request for calls has come to. */
export type Loading = 'waiting' | 'done' | { failure: ApiFailure };

/** The list of the calls that somebody wants to see. */
export interface CallsController {
  list: ReadonlySignal<CallList>;
  filter: ReadonlySignal<Filter>;
  /** What to mark in the calls, because it is looked for. */
  wanted: ReadonlySignal<Wanted>;
  /** How the list itself stands: `waiting` while the first page is on its way. */
  first: ReadonlySignal<Loading>;
  /** Calls by outcome; null where something is asked for besides outcome and time: then that is not counted. */
  outcomes: ReadonlySignal<CallPage['outcomes'] | null>;
  /** Every agent and queue of whom a call told that was listed. */
  known: ReadonlySignal<KnownNames>;
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
  api: Pick<ConsoleApi, 'calls' | 'outcomes'>;
  filter: Filter;
  /** Whom a search may name, besides those of whom calls tell. */
  agents: () => readonly string[];
  onFailure: (failure: ApiFailure) => void;
}

const TYPING_RESTS_MS = 250;
/** Between two counts while calls end. */
const COUNT_PAUSE_MS = 2_000;
/** More than any screen shows. */
const ROWS_AT_FIRST = 100;

export function createCallsController({
  api,
  filter: initial,
  agents,
  onFailure,
}: CallsControllerOptions): CallsController {
  const list = signal<CallList>({ rows: [], rest: null });
  const filter = signal(initial);
  const first = signal<Loading>('waiting');
  const next = signal<Loading>('done');
  const outcomes = signal<CallPage['outcomes'] | null>(null);
  const known = signal<KnownNames>({ agents: [], queues: [] });
  const queryNow = () =>
    queryOf(filter.peek(), Date.now(), {
      agents: [...agents(), ...known.peek().agents],
      queues: known.peek().queues,
    });
  let query: Query = queryNow();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let request = new AbortController();
  let needed = ROWS_AT_FIRST;
  let countTimer: ReturnType<typeof setTimeout> | undefined;
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
        noteNames(page.calls);
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
    query = queryNow();
    next.value = 'done';
    clearTimeout(countTimer);
    countTimer = undefined;
    void load(
      first,
      (signal) => api.calls(query, null, signal),
      (page) => {
        outcomes.value = page.outcomes ?? null;
        return firstPage(page);
      },
    );
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

  function noteNames(calls: readonly CallSummary[]): void {
    const before = known.peek();
    const agentNames = new Set([...before.agents, ...calls.flatMap(({ agent }) => agent ?? [])]);
    const queues = new Set([...before.queues, ...calls.flatMap(({ queue }) => queue ?? [])]);
    if (agentNames.size > before.agents.length || queues.size > before.queues.length)
      known.value = { agents: [...agentNames].sort(), queues: [...queues].sort() };
  }

  /** Counts again, some time after calls came to an end. */
  function countSoon(): void {
    if (outcomes.peek() === null) return;
    countTimer ??= setTimeout(() => {
      countTimer = undefined;
      const { signal } = request;
      api.outcomes(query, signal).then(
        (counted) => {
          if (!signal.aborted) outcomes.value = counted;
        },
        () => {}, // The next end of a call asks again.
      );
    }, COUNT_PAUSE_MS);
  }

  function fill(): void {
    if (next.peek() === 'done' && list.peek().rows.length < needed) {
      loadMore();
    }
  }

  return {
    list,
    filter,
    wanted: computed(() => wantedBy(filter.value)),
    first,
    next,
    outcomes,
    known,
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
      noteNames(messages.map(({ call }) => call));
      if (messages.some(({ call }) => outcomeOf(call) !== null)) countSoon();
      fill();
    },
    forget(id) {
      list.value = without(list.peek(), id);
      fill();
    },
    close() {
      clearTimeout(timer);
      clearTimeout(countTimer);
      request.abort();
    },
  };
}

/** The first time that a page which ends before it has all calls of `time`. */
function justAfter(time: number): string {
  return new Date(time + 1).toISOString();
}
