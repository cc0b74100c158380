import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { type ApiFailure, failureOf } from '../session/request.ts';
import type { ConsoleApi } from './api.ts';
import { formerIdsOf } from './former-ids.ts';

/** The call that somebody looks at. */
export interface OpenCall {
  /** Changes when the call turns out to be part of another. */
  id: ReadonlySignal<string | null>;
  /** Its entries, oldest first; null while they are on their way. */
  entries: ReadonlySignal<readonly LogEntry[] | null>;
  /** Why its entries are not there, or not all of them. */
  failure: ReadonlySignal<ApiFailure | null>;
  open(id: string | null): void;
  /** Asks for its entries once more, and shows those that are there meanwhile. */
  reload(): void;
  /** Takes what the feed told. */
  apply(messages: readonly FeedMessage[]): void;
  close(): void;
}

interface OpenCallOptions {
  api: Pick<ConsoleApi, 'call'>;
  /** The call that is open at first; `reload` asks for it. */
  id: string | null;
  onFailure: (failure: ApiFailure, id: string) => void;
}

/** Whoever runs through the list by its keys asks for the last call only. */
const SHORTEST_PAUSE_MS = 200;

export function createOpenCall({ api, id: initial, onFailure }: OpenCallOptions): OpenCall {
  const id = signal(initial);
  const failure = signal<ApiFailure | null>(null);
  const isLoaded = signal(false);
  /** By id, because an entry may come by the feed and by a request. */
  const known = signal<ReadonlyMap<number, LogEntry>>(new Map());
  const entries = computed(() =>
    isLoaded.value ? [...known.value.values()].sort((a, b) => a.id - b.id) : null,
  );
  let request = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;

  function add(more: readonly LogEntry[]): void {
    if (more.length > 0) {
      known.value = new Map([...known.peek(), ...more.map((entry) => [entry.id, entry] as const)]);
    }
  }

  function reload(): void {
    const callId = id.peek();
    clearTimeout(timer);
    request.abort();
    if (callId === null) {
      return;
    }
    const pause = Math.max(0, askedAt + SHORTEST_PAUSE_MS - Date.now());
    if (pause > 0) {
      timer = setTimeout(() => void load(callId), pause);
    } else {
      void load(callId);
    }
  }

  async function load(callId: string): Promise<void> {
    request = new AbortController();
    const { signal } = request;
    askedAt = Date.now();
    failure.value = null;
    try {
      const detail = await api.call(callId, signal);
      if (!signal.aborted) {
        // The server knows a call by any of its former ids.
        id.value = detail.call.id;
        add(detail.entries);
        isLoaded.value = true;
      }
    } catch (error) {
      if (!signal.aborted) {
        failure.value = failureOf(error);
        onFailure(failure.value, callId);
      }
    }
  }

  return {
    id,
    entries,
    failure,
    open(wanted) {
      if (wanted === id.peek()) {
        return;
      }
      id.value = wanted;
      known.value = new Map();
      isLoaded.value = false;
      failure.value = null;
      reload();
    },
    reload,
    apply(messages) {
      const before = id.peek();
      if (before === null) {
        return;
      }
      const successor = messages.find((message) => formerIdsOf(message).includes(before));
      if (successor) {
        id.value = successor.call.id;
        reload();
      }
      const callId = id.peek();
      add(messages.filter(({ call }) => call.id === callId).map(({ entry }) => entry));
    },
    close() {
      clearTimeout(timer);
      request.abort();
    },
  };
}
