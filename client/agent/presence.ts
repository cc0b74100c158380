import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { PresenceReply } from '../../domain/api/desk-api.ts';
import type { PageState } from '../../domain/desk/desk.ts';

/**
 * What the server makes of this page's beats. `leads`: it takes the agent's calls, as of a moment ago;
 * `passed-over`: another page does, perhaps one that was just closed; `elsewhere`: another page does;
 * `silent`: the server was not heard from for so long that it counts this page as gone.
 */
export type PresenceState = 'unknown' | 'leads' | 'passed-over' | 'elsewhere' | 'silent';

interface PresenceOptions {
  beat: (page: PageState) => Promise<PresenceReply>;
  /** What is to be said about this page; null while it does not take calls. */
  page: ReadonlySignal<PageState | null>;
  /** Calls a function at an interval in milliseconds, even in a hidden page. Returns a function that stops it. */
  every: (ms: number, run: () => void) => () => void;
}

/** Tells the server that this page is there and what works in it: regularly, and at once what changes. */
export interface Presence {
  state: ReadonlySignal<PresenceState>;
  /** Beats now: the page or the network came back. */
  wake(): void;
  close(): void;
}

const BEAT_MS = 3_000;

/** After an answer that does not please (milliseconds). */
const RETRY_MS = 1_000;

/** The server lets a page that was closed lead for some seconds more (milliseconds). */
const PREDECESSOR_MS = 6_000;

export function createPresence({ beat, page, every }: PresenceOptions): Presence {
  const state = signal<PresenceState>('unknown');
  let isBeating = false;
  let isStale = false;
  let lapse: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let passedOverSince: number | null = null;

  async function beatNow(): Promise<void> {
    clearTimeout(retry);
    if (isBeating) {
      isStale = true;
      return;
    }
    const told = page.peek();
    if (told === null) {
      return;
    }
    isBeating = true;
    const began = Date.now();
    try {
      const { leader, leaseSeconds } = await beat(told);
      answered(leader, began, leaseSeconds * 1_000);
    } catch {
      failed();
    }
    isBeating = false;
    if (isStale) {
      isStale = false;
      void beatNow();
    }
  }

  function answered(leads: boolean, began: number, leaseMs: number): void {
    if (page.peek() === null) {
      return;
    }
    clearTimeout(lapse);
    if (leads) {
      passedOverSince = null;
      state.value = 'leads';
      lapse = setTimeout(
        () => {
          state.value = 'silent';
        },
        began + leaseMs - Date.now(),
      );
      return;
    }
    passedOverSince ??= began;
    const isNew = Date.now() - passedOverSince < PREDECESSOR_MS;
    state.value = isNew ? 'passed-over' : 'elsewhere';
    if (isNew) {
      retry = setTimeout(() => void beatNow(), RETRY_MS);
    }
  }

  function failed(): void {
    if (page.peek() === null) {
      return;
    }
    // While a lease runs, the page still counts as there.
    if (state.peek() !== 'leads') {
      state.value = 'silent';
    }
    retry = setTimeout(() => void beatNow(), RETRY_MS);
  }

  /** The server need not wait for the end of the lease before another page takes the calls. */
  function leave(last: PageState): void {
    clearTimeout(lapse);
    clearTimeout(retry);
    passedOverSince = null;
    state.value = 'unknown';
    beat({ ...last, line: 'down' }).catch(() => {
      // The lease ends by itself.
    });
  }

  let last: PageState | null = null;
  const stopReporting = effect(() => {
    const now = page.value;
    untracked(() => {
      const before = last;
      last = now;
      if (now === null) {
        if (before !== null) {
          leave(before);
        }
      } else if (before === null || !isSame(before, now)) {
        void beatNow();
      }
    });
  });

  const isThere = computed(() => page.value !== null);
  const stopBeating = effect(() =>
    isThere.value ? untracked(() => every(BEAT_MS, () => void beatNow())) : undefined,
  );

  return {
    state,
    wake: () => void beatNow(),
    close() {
      stopReporting();
      stopBeating();
      clearTimeout(lapse);
      clearTimeout(retry);
    },
  };
}

function isSame(a: PageState, b: PageState): boolean {
  return a.tab === b.tab && a.line === b.line && a.sound === b.sound && a.microphone === b.microphone;
}
