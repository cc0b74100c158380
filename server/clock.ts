/** Where the server takes its time from: the machine, or a platform whose clock it shares. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds. Returns the undo. */
  after(ms: number, fn: () => void): () => void;
  /** Work that is under way. A virtual clock stands still until it settles. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** The machine's clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, fn) {
    const timer = setTimeout(fn, ms).unref();
    return () => clearTimeout(timer);
  },
  during: (work) => work,
};
