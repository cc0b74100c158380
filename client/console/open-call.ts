import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { CallDetail, FeedMessage } from '../../domain/api/console-api.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
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
  /** What the desk did with it, oldest first; null without a desk, and until it is loaded. */
  desk: ReadonlySignal<readonly DeskEvent[] | null>;
  /** Which of these are left out, because there are too many; null: none. */
  deskGap: ReadonlySignal<CallDetail['deskGap'] | null>;
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
/** Between two requests for what the desk did, while entries arrive. */
const DESK_PAUSE_MS = 500;
/** Webhooks of the legs on which the desk rings agents: at first such a leg is a call of its own. */
const AGENT_LEG_ROUTE = /\/voice\/(?:agent|event)\/[^/]+$/;

export function createOpenCall({ api, id: initial, onFailure }: OpenCallOptions): OpenCall {
  const id = signal(initial);
  const failure = signal<ApiFailure | null>(null);
  const isLoaded = signal(false);
  const desk = signal<readonly DeskEvent[] | null>(null);
  const deskGap = signal<CallDetail['deskGap'] | null>(null);
  /** By id, because an entry may come by the feed and by a request. */
  const known = signal<ReadonlyMap<number, LogEntry>>(new Map());
  const entries = computed(() =>
    isLoaded.value ? [...known.value.values()].sort((a, b) => a.id - b.id) : null,
  );
  let request = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;
  let isLoading = false;
  /** Entries came after the last request was sent: what it says of the desk may be older than they are. */
  let isDeskStale = false;

  function add(more: readonly LogEntry[]): void {
    if (more.length > 0) {
      known.value = new Map([...known.peek(), ...more.map((entry) => [entry.id, entry] as const)]);
    }
  }

  function reload(): void {
    const callId = id.peek();
    stop();
    if (callId !== null) {
      loadAfter(SHORTEST_PAUSE_MS, callId);
    }
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    request.abort();
    isLoading = false;
  }

  /** Loads a call as soon as the last request was so long ago. */
  function loadAfter(shortestPause: number, callId: string): void {
    const pause = Math.max(0, askedAt + shortestPause - Date.now());
    if (pause > 0) {
      timer = setTimeout(() => {
        timer = undefined;
        void load(callId);
      }, pause);
    } else {
      void load(callId);
    }
  }

  async function load(callId: string): Promise<void> {
    request = new AbortController();
    const { signal } = request;
    askedAt = Date.now();
    isLoading = true;
    isDeskStale = false;
    failure.value = null;
    try {
      const detail = await api.call(callId, signal);
      if (!signal.aborted) {
        isLoading = false;
        // The server knows a call by any of its former ids.
        id.value = detail.call.id;
        add(detail.entries);
        desk.value = detail.desk ?? null;
        deskGap.value = detail.deskGap ?? null;
        isLoaded.value = true;
        if (isDeskStale) {
          refreshDesk();
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        isLoading = false;
        failure.value = failureOf(error);
        onFailure(failure.value, callId);
      }
    }
  }

  /** The feed tells entries, not what the desk did: that is loaded again, without disturbing a request under way. */
  function refreshDesk(): void {
    const callId = id.peek();
    if (isLoading || timer !== undefined) {
      isDeskStale = true;
    } else if (callId !== null && desk.peek() !== null) {
      loadAfter(DESK_PAUSE_MS, callId);
    }
  }

  return {
    id,
    entries,
    desk,
    deskGap,
    failure,
    open(wanted) {
      if (wanted === id.peek()) {
        return;
      }
      id.value = wanted;
      known.value = new Map();
      desk.value = null;
      deskGap.value = null;
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
      const own = messages.filter(({ call }) => call.id === callId);
      add(own.map(({ entry }) => entry));
      const isRung =
        isInDesk(desk.peek() ?? []) && messages.some(({ entry }) => AGENT_LEG_ROUTE.test(entry.route));
      if (own.length > 0 || isRung) {
        refreshDesk();
      }
    },
    close: stop,
  };
}

/** Whether the desk still does something about a call, or about the callback that its caller asked for. */
function isInDesk(events: readonly DeskEvent[]): boolean {
  const open = new Set<string>();
  for (const event of events) {
    if (!('call' in event)) continue;
    if (event.kind === 'ended') open.delete(event.call);
    else if (event.kind !== 'wrap-up' && event.kind !== 'free again') open.add(event.call);
  }
  return open.size > 0;
}
