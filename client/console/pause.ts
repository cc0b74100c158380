import { type ReadonlySignal, signal } from '@preact/signals';
import type { FeedMessage } from '../../domain/api/console-api.ts';

/** What arrived while the page was paused. */
interface Held {
  events: number;
  calls: number;
}

/** Holds the feed back while somebody wants to read in peace. */
export interface Pause {
  /** Null while the page is not paused. */
  held: ReadonlySignal<Held | null>;
  toggle(): void;
  take(messages: readonly FeedMessage[]): void;
  /** Something was missed that only loading anew can show. */
  miss(): void;
}

interface PauseOptions {
  apply: (messages: readonly FeedMessage[]) => void;
  reload: () => void;
}

/** Most messages that are held. When more came, loading anew is cheaper than to apply them. */
export const MOST_HELD = 5_000;

export function createPause({ apply, reload }: PauseOptions): Pause {
  const held = signal<Held | null>(null);
  const callIds = new Set<string>();
  let waiting: FeedMessage[] = [];
  let isMissing = false;

  function resume(): void {
    const messages = waiting;
    const mustReload = isMissing;
    held.value = null;
    callIds.clear();
    waiting = [];
    isMissing = false;
    apply(messages);
    if (mustReload) {
      reload();
    }
  }

  return {
    held,
    toggle() {
      if (held.peek()) {
        resume();
      } else {
        held.value = { events: 0, calls: 0 };
      }
    },
    take(messages) {
      const before = held.peek();
      if (!before) {
        apply(messages);
        return;
      }
      for (const { call } of messages) {
        callIds.add(call.id);
      }
      isMissing ||= waiting.length + messages.length > MOST_HELD;
      if (isMissing) {
        waiting = [];
      } else {
        waiting.push(...messages);
      }
      held.value = { events: before.events + messages.length, calls: callIds.size };
    },
    miss() {
      if (held.peek()) {
        isMissing = true;
      } else {
        reload();
      }
    },
  };
}
