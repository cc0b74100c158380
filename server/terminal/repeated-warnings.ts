/** Warnings that outsiders can trigger any number of times. */
export interface RepeatedWarnings {
  /** Prints the first warning of a kind, and once a minute the number of repeats. */
  warn(kind: string, first: string): void;
  /** Prints the remaining counts and stops. */
  close(): void;
}

interface RepeatedWarningsOptions {
  print: (text: string) => void;
  /** The text for `count` repeats in the last minute, at least one. */
  inWords: (count: number, kind: string) => string;
}

const MINUTE_MS = 60_000;

interface Minute {
  following: number;
  timer: ReturnType<typeof setTimeout>;
}

/** There must be few kinds, because each is kept for a minute. */
export function createRepeatedWarnings({ print, inWords }: RepeatedWarningsOptions): RepeatedWarnings {
  const minutes = new Map<string, Minute>();

  function startMinute(kind: string): void {
    minutes.set(kind, { following: 0, timer: setTimeout(endMinute, MINUTE_MS, kind).unref() });
  }

  /** Returns whether there was something to report. */
  function tell(kind: string, { following, timer }: Minute): boolean {
    clearTimeout(timer);
    minutes.delete(kind);
    if (following > 0) print(inWords(following, kind));
    return following > 0;
  }

  function endMinute(kind: string): void {
    const minute = minutes.get(kind);
    if (minute !== undefined && tell(kind, minute)) startMinute(kind);
  }

  return {
    warn(kind, first) {
      const minute = minutes.get(kind);
      if (minute !== undefined) {
        minute.following += 1;
        return;
      }
      print(first);
      startMinute(kind);
    },
    close() {
      for (const [kind, minute] of minutes) tell(kind, minute);
    },
  };
}
