/** The part of `process` that is needed here. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface StopOptions {
  signals: SignalSource;
  /** Ends everything in good order. */
  stop: () => Promise<void>;
  /** Ends the process. */
  exit: (code: number) => void;
  /** Milliseconds on a clock that does not jump. */
  now: () => number;
}

/** Milliseconds in which a clean stop must be done. */
const PATIENCE_MS = 4_500;

/** npm passes on the signal that the terminal has sent already; a person is slower. */
const SAME_SIGNAL_MS = 400;

/** Stops cleanly at the first signal, and at once at the second. */
export function stopOnSignals({ signals, stop, exit, now }: StopOptions): void {
  let since: number | undefined;
  const onSignal = () => {
    if (since === undefined) {
      since = now();
      setTimeout(() => exit(0), PATIENCE_MS).unref();
      stop().then(
        () => exit(0),
        () => exit(1),
      );
    } else if (now() - since > SAME_SIGNAL_MS) exit(130);
  };
  signals.on('SIGINT', onSignal);
  signals.on('SIGTERM', onSignal);
}
