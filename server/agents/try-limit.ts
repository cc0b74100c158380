/** Who may try again, by key; knows at most `keys` of them, forgetting the oldest. */
export interface TryLimit {
  /** Counts one try. Returns 0 when it is allowed, else the seconds until the next one is. */
  take(key: string): number;
  /** Forgets the tries of a key, after one that was right. */
  forget(key: string): void;
}

export interface TryLimitOptions {
  tries: number;
  /** Milliseconds after the first try until the count begins anew. */
  perMs: number;
  keys: number;
  /** Milliseconds on a clock that does not jump. */
  now: () => number;
}

export function createTryLimit({ tries, perMs, keys, now }: TryLimitOptions): TryLimit {
  const counts = new Map<string, { tries: number; until: number }>();
  return {
    take(key) {
      const time = now();
      let count = counts.get(key);
      if (count === undefined || count.until <= time) {
        counts.delete(key);
        count = { tries: 0, until: time + perMs };
        counts.set(key, count);
        const oldest = counts.keys().next();
        if (counts.size > keys && !oldest.done) counts.delete(oldest.value);
      }
      if (count.tries >= tries) return Math.ceil((count.until - time) / 1000);
      count.tries += 1;
      return 0;
    },
    forget: (key) => void counts.delete(key),
  };
}
