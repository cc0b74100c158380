import { FRAME_MS } from './pcm.ts';

/** Behind by more than this, the missed time is given up: a flood of old audio helps nobody. */
const MAX_BEHIND_MS = 200;
/** Late ticks are made up for so long, then others have their turn: where all this sound is too much, calls go on. */
const MAX_RUN_MS = 10;

export interface MediaClock extends Time {
  /** Calls `fn` every 10 ms, several times in a row when late. Returns the undo. */
  onTick(fn: () => void): () => void;
  /** Ends all ticking, for good. */
  close(): void;
}

/** Where the clock gets its time from; tests own it. */
export interface Time {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds. Returns the undo. */
  after(ms: number, fn: () => void): () => void;
}

const systemTime: Time = {
  now: () => performance.now(),
  after(ms, fn) {
    let immediate: NodeJS.Immediate | undefined;
    // By way of an immediate: frames that came in while the process was busy are taken before the late ticks.
    const timer = setTimeout(
      () => {
        immediate = setImmediate(fn);
      },
      Math.max(0, Math.ceil(ms)),
    );
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};

/**
 * The pulse of all audio: one timer for everybody, paced by the clock and not by counting timer calls,
 * so that audio keeps its speed under load. The timer runs only while there are listeners.
 */
export function createMediaClock(time: Time = systemTime): MediaClock {
  const listeners = new Set<() => void>();
  let cancel: (() => void) | undefined;
  let due = 0;
  let closed = false;

  function schedule(): void {
    cancel = time.after(Math.max(0, due - time.now()), run);
  }

  function run(): void {
    const now = time.now();
    if (now - due > MAX_BEHIND_MS) due = now;
    const isTurn = () => time.now() - now < MAX_RUN_MS;
    for (; due <= now && listeners.size > 0 && isTurn(); due += FRAME_MS) {
      for (const listener of listeners) listener();
    }
    if (listeners.size > 0) schedule();
    else cancel = undefined;
  }

  return {
    now: time.now,
    after: time.after,
    onTick(fn) {
      if (closed) return () => {};
      // A new listener, so that the same function can be added twice.
      const listener = () => fn();
      listeners.add(listener);
      if (!cancel) {
        due = time.now() + FRAME_MS;
        schedule();
      }
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      closed = true;
      listeners.clear();
      cancel?.();
      cancel = undefined;
    },
  };
}
