import type { FeedMessage } from '../../domain/console-api.ts';
import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { createCallMemory } from './call-memory.ts';
import { projectEntries } from './project.ts';
import { createUnplacedQueue, readUnplaced, type Unplaced } from './unplaced.ts';

/** Entries that are projected at once: the more, the fewer calls are written anew for each of their events. */
const AT_ONCE = 5_000;

/** Entries of this server that may wait to be projected; more are only added when some of these are. */
const MOST_WAITING = 15_000;

/** Longest pause between two projections, in milliseconds. */
const LONGEST_PAUSE_MS = 1_000;

/** Milliseconds until it is tried again after the store failed. */
const RETRY_MS = 500;

/** Has the calls tell of what is in the log, soon after it is there. */
export interface Projector {
  /** This server added something after the entry `previousEntryId`. */
  added(previousEntryId: number, entries: readonly Unplaced[]): void;
  /** There may be something in the log that nobody projects. */
  wake(): void;
  /** Resolves when so few entries wait that more may be added. */
  room(): Promise<void>;
  /** Resolves when the calls tell of all that is in the log now, or cannot because the store is away. */
  settled(): Promise<void>;
  /** Stops; what is not projected will be by another server, or after the next start. */
  close(): Promise<void>;
}

export interface ProjectorOptions {
  store: Store;
  /** Hears what the calls tell of now, after the entry `previousId` up to `newestId`; `tell` tells what that is. */
  onProjected: (previousId: number, newestId: number, tell: () => readonly FeedMessage[]) => void;
  /** Hears that somebody else projected, up to this entry. */
  onNews: (projectedEntryId: number) => void;
}

/**
 * Projects at once what is added to the log, and pauses after that for as many milliseconds as there were
 * entries: while few come nobody waits, and while a thousand a second come those of one call are taken together.
 */
export function createProjector({ store, onProjected, onNews }: ProjectorOptions): Projector {
  const memory = createCallMemory(store);
  const queue = createUnplacedQueue(2 * MOST_WAITING);
  const waitingForRoom: (() => void)[] = [];
  let limit = AT_ONCE;
  let writtenTo = 0;
  /** Whether something came since the last pass began. */
  let behind = false;
  let closed = false;
  let pause: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  /** Projects all that is in the log when it begins. Those who ask for it before that share it. */
  function pass(): Promise<void> {
    clearTimeout(pause);
    pause = undefined;
    if (running === undefined) {
      running = catchUp().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running.then(() => {
      next = undefined;
      return pass();
    });
    return next;
  }

  async function catchUp(): Promise<void> {
    behind = false;
    let projected = 0;
    let pauseMs: number;
    try {
      let step: Step;
      do {
        step = await takeStep();
        projected += step.projected;
        letIn();
      } while (step.isMore);
      pauseMs = Math.min(projected, LONGEST_PAUSE_MS);
    } catch {
      behind = true;
      pauseMs = RETRY_MS;
      letIn();
    }
    if (!closed) pause = setTimeout(afterPause, pauseMs);
  }

  function letIn(): void {
    for (const tell of waitingForRoom.splice(0)) tell();
  }

  function afterPause(): void {
    pause = undefined;
    if (behind) void pass();
  }

  /** Rejects where the store is away. */
  async function takeStep(): Promise<Step> {
    try {
      let { projected_entry_id: previousId } = await memory.counters();
      let entries = queue.after(previousId, limit);
      if (entries.length === 0) {
        const counters = await memory.look();
        previousId = counters.projected_entry_id;
        onNews(previousId);
        if (previousId >= counters.newest_entry_id) return { projected: 0, isMore: false };
        entries = await store.read((db) => readUnplaced(db, previousId, limit));
      }
      const tell = await projectEntries(store, memory, entries);
      if (tell === undefined) {
        // Somebody else was faster.
        memory.forget();
        return { projected: 0, isMore: true };
      }
      const isMore = entries.length === limit;
      limit = AT_ONCE;
      onProjected(previousId, entries.at(-1)?.id ?? previousId, tell);
      return { projected: entries.length, isMore };
    } catch (error) {
      memory.forget();
      if (error instanceof StoreUnavailable) throw error;
      // One of them cannot be projected: it is found by halves, and passed by.
      if (limit === 1) await passBy(store);
      else limit = Math.ceil(limit / 2);
      return { projected: 0, isMore: true };
    }
  }

  function wake(): void {
    behind = true;
    if (pause === undefined && running === undefined && !closed) void pass();
  }

  return {
    added(previousEntryId, entries) {
      // The log can only be shorter than this server left it where another one took its place.
      if (previousEntryId < writtenTo) memory.forget();
      writtenTo = entries.at(-1)?.id ?? previousEntryId;
      if (entries.length === 0) return;
      queue.add(previousEntryId, entries);
      wake();
    },
    wake,
    async room() {
      if (queue.size() <= MOST_WAITING || running === undefined) return;
      await new Promise<void>((resolve) => waitingForRoom.push(resolve));
    },
    settled: () => (behind ? pass() : (running ?? Promise.resolve())),
    async close() {
      closed = true;
      await pass();
      clearTimeout(pause);
    },
  };
}

interface Step {
  projected: number;
  isMore: boolean;
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
