/** Warnings of which a stranger can cause any number. */
export interface RepeatedWarnings {
  /** Prints the first of a kind; of those that follow, once a minute, how many they were. */
  warn(kind: string, first: string): void;
  /** Prints what is only counted so far, and counts no more. */
  close(): void;
}

interface RepeatedWarningsOptions {
  print: (text: string) => void;
  /** What to print of the `count` that followed in the last minute, at least one. */
  inWords: (count: number, kind: string) => string;
}

const MINUTE_MS = 60_000;

interface Minute {
  following: number;
  timer: ReturnType<typeof setTimeout>;
}

/** Kinds must be few: each that occurred in the last minute is kept. */
export function createRepeatedWarnings({ print, inWords }: RepeatedWarningsOptions): RepeatedWarnings {
  const minutes = new Map<string, Minute>();

  function startMinute(kind: string): void {
    minutes.set(kind, { following: 0, timer: setTimeout(endMinute, MINUTE_MS, kind).unref() });
  }

  /** Says whether there was something to tell. */
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
