type Signal = 'SIGINT' | 'SIGTERM';

/** The part of `process` used here. */
interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

interface StopOptions {
  signals: SignalSource;
  /** Shuts down cleanly. */
  stop: () => Promise<void>;
  /** Milliseconds that `stop` waits before it begins. */
  delay?: number;
  /** Ends the process. */
  exit: (code: number) => void;
  /** Milliseconds of a monotonic clock. */
  now: () => number;
  /** Id of the parent process if it passes on signals: npm's shell. */
  parent?: (() => number) | undefined;
}

/** Milliseconds that a clean shutdown may take once it begins. */
const PATIENCE_MS = 4_500;

/** npm repeats the signal of the terminal within this time. A person is slower. */
const SAME_SIGNAL_MS = 400;

/** Milliseconds between two checks whether the parent is alive. */
const LOOK_MS = 500;

/** Exit codes after a signal, as shells report them. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Shuts down cleanly at the first signal, and exits at once at the second. A signal to npm ends its shell,
 * which does not pass it on, so a missing parent counts as SIGTERM.
 */
export function stopOnSignals({ signals, stop, delay = 0, exit, now, parent }: StopOptions): void {
  let first: { signal: Signal; at: number } | undefined;
  const onSignal = (signal: Signal) => {
    if (first === undefined) {
      first = { signal, at: now() };
      setTimeout(() => exit(0), delay + PATIENCE_MS).unref();
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
