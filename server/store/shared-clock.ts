import { sql } from 'kysely';
import { type Clock, systemClock } from '../clock.ts';
import type { Store } from './store.ts';

/** Milliseconds between two looks at the database's clock; until the first one succeeds, it is tried more often. */
const LOOK_MS = 60_000;
const FIRST_LOOK_MS = 5_000;

/** A look that takes longer, in milliseconds, does not tell the time well enough. */
const SLOW_MS = 1_000;

export interface SharedClock extends Clock {
  close(): void;
}

/**
 * The time of the database, where several servers share one: their own clocks may differ. With SQLite, and until the
 * database answers, it is this machine's time.
 */
export async function openClock(store: Store): Promise<SharedClock> {
  if (store.engine.name === 'sqlite') return { ...systemClock, close: () => {} };
  // Added to a clock that nobody sets.
  let offset = Date.now() - performance.now();
  let isKnown = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function look(): Promise<void> {
    const began = performance.now();
    const { rows } = await store.read((db) =>
      sql<{ now: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(db),
    );
    const ended = performance.now();
    const [row] = rows;
    if (row === undefined || ended - began > SLOW_MS) return;
    offset = row.now - (began + ended) / 2;
    isKnown = true;
  }

  async function keepLooking(): Promise<void> {
    // The store logs its own failure.
    await look().catch(() => {});
    if (closed) return;
    timer = setTimeout(() => void keepLooking(), isKnown ? LOOK_MS : FIRST_LOOK_MS).unref();
  }

  await keepLooking();
  return {
    ...systemClock,
    now: () => Math.floor(performance.now() + offset),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
