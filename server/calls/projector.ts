import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { createCallMemory } from './call-memory.ts';
import { projectNext } from './project.ts';

/** Entries that are projected at once: the more, the fewer calls are written anew for each of their events. */
const AT_ONCE = 10_000;

/** Longest pause between two projections, in milliseconds. */
const LONGEST_PAUSE_MS = 2_000;

/** Milliseconds until it is tried again after the store failed. */
const RETRY_MS = 500;

/** Milliseconds in which what is left is projected before the projector is closed. */
const FINISH_MS = 1_000;

/** Has the calls tell of what is in the log, soon after it is there. */
export interface Projector {
  /** This server added something after one entry, up to another. */
  added(previousEntryId: number, newestEntryId: number): void;
  /** There may be something in the log that nobody projects. */
  wake(): void;
  /** Resolves when the calls tell of all that is in the log now, or cannot because the store is away. */
  settled(): Promise<void>;
  /** Stops; what is not projected will be by another server, or after the next start. */
  close(): Promise<void>;
}

/** Who hears how far the calls are. */
export interface LogNews {
  /** The calls tell of all entries up to this one. Older news may come later. */
  news(projectedEntryId: number): void;
  /** Another log took the place of the one that was known, and goes as far as this. */
  replaced(newestEntryId: number): void;
}

/** Who waits until the calls tell of an entry, or of what the log has when somebody looks. */
interface Waiting {
  entryId: number | undefined;
  resolve(): void;
}

/**
 * Projects at once what is added to the log, and pauses after that for as many milliseconds as there were
 * entries: while few come nobody waits, and while a thousand a second come those of one call are taken together.
 */
export function createProjector(
  store: Store,
  { news, replaced }: LogNews,
  { finishMs = FINISH_MS } = {},
): Projector {
  const memory = createCallMemory(store);
  const waiting = new Set<Waiting>();
  let limit = AT_ONCE;
  let writtenTo = 0;
  /** Whether something came since the log was looked at last. */
  let behind = false;
  let closed = false;
  let finishUntil = Infinity;
  let pause: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  /** Projects all that is in the log. */
  function run(): void {
    clearTimeout(pause);
    pause = undefined;
    running ??= catchUp().then((pauseMs) => {
      running = undefined;
      if (waiting.size > 0) run();
      else if (!closed) pause = setTimeout(afterPause, pauseMs);
    });
  }

  /** @returns for how many milliseconds to pause. */
  async function catchUp(): Promise<number> {
    let projected = 0;
    try {
      while (performance.now() < finishUntil) {
        const step = await takeStep();
        // At the end nobody looks again.
        if (step === undefined && !(closed && behind)) break;
        projected += step ?? 0;
      }
      if (closed) release();
      return Math.min(projected, LONGEST_PAUSE_MS);
    } catch {
      behind = true;
      release();
      return RETRY_MS;
    }
  }

  /**
   * @returns how many entries were projected; undefined where there was nothing to do. Rejects where the store is
   *   away.
   */
  async function takeStep(): Promise<number | undefined> {
    behind = false;
    // Who comes while the log is looked at may wait for what was added after that.
    const present = [...waiting];
    const before = await memory.look();
    const { newest_entry_id: newest, projected_entry_id: previous } = before;
    for (const each of present) each.entryId ??= newest;
    news(previous);
    release(previous);
    if (previous >= newest) return undefined;
    try {
      const reached = await projectNext(store, memory, before, limit);
      if (reached === undefined) {
        // Somebody else was faster.
        memory.forget();
        return 0;
      }
      limit = AT_ONCE;
      news(reached);
      release(reached);
      return reached - previous;
    } catch (error) {
      memory.forget();
      if (error instanceof StoreUnavailable) throw error;
      // One of them cannot be projected: it is found by halves, and passed by.
      if (limit === 1) await passBy(store);
      else limit = Math.ceil(Math.min(limit, newest - previous) / 2);
      return 0;
    }
  }

  /** Those who wait for an entry up to this one; without it, all. */
  function release(entryId = Infinity): void {
    for (const each of waiting) {
      if (each.entryId === undefined ? entryId < Infinity : each.entryId > entryId) continue;
      waiting.delete(each);
      each.resolve();
    }
  }

  function afterPause(): void {
    pause = undefined;
    if (behind) run();
  }

  function wake(): void {
    behind = true;
    if (pause === undefined && !closed) run();
  }

  async function settled(): Promise<void> {
    if (!behind && running === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add({ entryId: undefined, resolve });
    run();
    await promise;
  }

  return {
    added(previousEntryId, newestEntryId) {
      // The log can only be shorter than this server left it where another one took its place.
      if (previousEntryId < writtenTo) {
        memory.forget();
        replaced(previousEntryId);
      }
      writtenTo = newestEntryId;
      if (newestEntryId > previousEntryId) wake();
    },
    wake,
    settled,
    async close() {
      closed = true;
      finishUntil = performance.now() + finishMs;
      await settled();
      await running;
      clearTimeout(pause);
    },
  };
}

/** Leaves the next entry to the log alone. */
function passBy(store: Store): Promise<void> {
  return store.write(async (transaction, { projected_entry_id: last, newest_entry_id: newest }) => {
    if (last < newest)
      await transaction
        .updateTable('counters')
        .set({ projected_entry_id: last + 1 })
        .execute();
  });
}
