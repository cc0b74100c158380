import { type ReadonlySignal, signal } from '@preact/signals';
import type { Summary } from '../traffic/entry.ts';

/** Holds the list still while somebody reads. */
export interface Pause {
  /** Requests that began meanwhile; null while the list is not paused. */
  held: ReadonlySignal<number | null>;
  toggle(): void;
  take(summaries: readonly Summary[]): void;
  /** What was held is of no interest any more. */
  drop(): void;
}

/** As many as the list itself holds. */
const MOST_HELD = 5000;

/** @param newest id of the newest entry that the list shows */
export function createPause(apply: (summaries: Iterable<Summary>) => void, newest: () => number): Pause {
  const held = signal<number | null>(null);
  const waiting = new Map<number, Summary>();
  const fresh = new Set<number>();

  function drop(): void {
    waiting.clear();
    fresh.clear();
    if (held.peek() !== null) held.value = 0;
  }

  return {
    held,
    toggle() {
      if (held.peek() === null) {
        held.value = 0;
        return;
      }
      const summaries = [...waiting.values()];
      drop();
      held.value = null;
      apply(summaries);
    },
    take(summaries) {
      if (held.peek() === null) return apply(summaries);
      for (const summary of summaries) {
        waiting.set(summary.id, summary);
        if (summary.id > newest()) fresh.add(summary.id);
      }
      for (const id of waiting.keys()) {
        if (waiting.size <= MOST_HELD) break;
        waiting.delete(id);
      }
      held.value = fresh.size;
    },
    drop,
  };
}
