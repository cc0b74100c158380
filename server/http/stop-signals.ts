type Signal = 'SIGINT' | 'SIGTERM';

/** The part of `process` that is needed here. */
interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

interface StopOptions {
  signals: SignalSource;
  /** Ends everything in good order. */
  stop: () => Promise<void>;
  /** Ends the process. */
  exit: (code: number) => void;
  /** Milliseconds on a clock that does not jump. */
  now: () => number;
  /** The process that started this one and passes signals on, where there is one: npm's shell. */
  parent?: (() => number) | undefined;
}

/** Milliseconds in which a clean stop must be done. */
const PATIENCE_MS = 4_500;

/** npm passes on the signal that the terminal has sent already; a person is slower. */
const SAME_SIGNAL_MS = 400;

/** Milliseconds between two looks whether the parent is still there. */
const LOOK_MS = 500;

/** Exit codes of a process that a signal has ended, as shells give them. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Stops cleanly at the first signal, and at once at the second. A signal to npm ends the shell in which npm runs
 * this process, and the shell tells nobody: that the parent is gone counts as SIGTERM.
 */
export function stopOnSignals({ signals, stop, exit, now, parent }: StopOptions): void {
  let first: { signal: Signal; at: number } | undefined;
  const onSignal = (signal: Signal) => {
    if (first === undefined) {
      first = { signal, at: now() };
      setTimeout(() => exit(0), PATIENCE_MS).unref();
      stop().then(
        () => exit(0),
        () => exit(1),
      );
    } else if (signal !== first.signal || now() - first.at > SAME_SIGNAL_MS) {
      exit(EXIT_CODES[signal]);
    }
  };
  signals.on('SIGINT', () => onSignal('SIGINT'));
  signals.on('SIGTERM', () => onSignal('SIGTERM'));
  if (parent === undefined) return;
  const before = parent();
  const looking = setInterval(() => {
    if (parent() === before) return;
    clearInterval(looking);
    if (first === undefined) onSignal('SIGTERM');
  }, LOOK_MS).unref();
}
