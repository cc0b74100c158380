/**
 * Keys pressed while a text with `bargeIn` is spoken: they end it, and belong to the input that follows.
 * Once on, `bargeIn` stays on until an input is reached (Vonage's NCCO reference, talk).
 */
export interface KeyBuffer {
  /** From now on keys and speech are kept, and end what is played. */
  open(): void;
  readonly isOpen: boolean;
  /** Takes keys, where they are kept. */
  press(digits: string): void;
  /** Takes a spoken text, where it is kept. */
  say(text: string): void;
  /** What was kept; it is open no longer. */
  take(): { digits: string; speech: string | undefined };
  /** Whether something was kept. */
  readonly filled: boolean;
  /** Calls `fn` when something was kept. Returns the undo. */
  onFilled(fn: () => void): () => void;
}

export function createKeyBuffer(): KeyBuffer {
  const listeners = new Set<() => void>();
  let isOpen = false;
  let digits = '';
  let speech: string | undefined;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    open() {
      isOpen = true;
    },
    get isOpen() {
      return isOpen;
    },
    press(more) {
      if (!isOpen) return;
      digits += more;
      tell();
    },
    say(text) {
      if (!isOpen) return;
      speech = speech === undefined ? text : `${speech} ${text}`;
      tell();
    },
    take() {
      const kept = { digits, speech };
      isOpen = false;
      digits = '';
      speech = undefined;
      return kept;
    },
    get filled() {
      return digits !== '' || speech !== undefined;
    },
    onFilled(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
  };
}
