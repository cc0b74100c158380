/** Rendered samples, kept for the next caller that needs them. */
interface SampleCache {
  /** The samples of the key: kept ones, those being rendered already, or rendered now. */
  share(key: string, render: () => Promise<Int16Array>): Promise<Int16Array>;
}

interface SampleCacheLimits {
  samples: number;
  entries: number;
}

/** Keeps what was used last, within both limits. What failed to render is not kept. */
export function createSampleCache(limits: SampleCacheLimits): SampleCache {
  /** Least recently used first; `size` is 0 until the samples are there. */
  const entries = new Map<string, { samples: Promise<Int16Array>; size: number }>();
  let size = 0;

  function forget(key: string): void {
    size -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  }

  function shrink(): void {
    for (const key of entries.keys()) {
      if (size <= limits.samples && entries.size <= limits.entries) return;
      forget(key);
    }
  }

  return {
    share(key, render) {
      const known = entries.get(key);
      if (known) {
        entries.delete(key);
        entries.set(key, known);
        return known.samples;
      }
      const entry = { samples: render(), size: 0 };
      entries.set(key, entry);
      shrink();
      entry.samples.then(
        (samples) => {
          if (entries.get(key) !== entry) return;
          entry.size = samples.length;
          size += samples.length;
          shrink();
        },
        () => {
          if (entries.get(key) === entry) forget(key);
        },
      );
      return entry.samples;
    },
  };
}
