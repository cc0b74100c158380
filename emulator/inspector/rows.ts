import { type ReadonlySignal, signal } from '@preact/signals';
import type { Summary } from '../traffic/entry.ts';

/** As many as the platform keeps. */
const MOST_ROWS = 5000;

/** All that is known of the log, newest first. */
export interface Rows {
  all: ReadonlySignal<readonly Summary[]>;
  /** Adds what is new, and replaces what has changed. Anything in any order; the newest revision counts. */
  put(summaries: Iterable<Summary>): void;
  byId(id: number): Summary | undefined;
  clear(): void;
}

export function createRows(most = MOST_ROWS): Rows {
  const all = signal<readonly Summary[]>([]);
  const byId = new Map<number, Summary>();
  return {
    all,
    put(summaries) {
      let isChanged = false;
      for (const summary of summaries) {
        const known = byId.get(summary.id);
        if (known && known.revision >= summary.revision) continue;
        byId.set(summary.id, summary);
        isChanged = true;
      }
      if (!isChanged) return;
      const sorted = [...byId.values()].sort((one, other) => other.id - one.id);
      for (const { id } of sorted.splice(most)) byId.delete(id);
      all.value = sorted;
    },
    byId: (id) => byId.get(id),
    clear() {
      byId.clear();
      all.value = [];
    },
  };
}
