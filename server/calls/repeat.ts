/** A task that runs repeatedly until it is closed. */
export interface Repeated {
  /** Stops; resolves when the current run has ended. */
  close(): Promise<void>;
}

/**
 * Runs `work` after `firstMs`, and again `everyMs` after each run ended.
 * @param work ends early when its signal is aborted. It runs again even if it rejects.
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  { firstMs, everyMs }: { firstMs: number; everyMs: number },
  onFault: (error: unknown) => void,
): Repeated {
  const over = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(run, firstMs);

  function run(): void {
    running = work(over.signal)
      .catch(onFault)
      .then(() => {
        if (!over.signal.aborted) timer = setTimeout(run, everyMs);
      });
  }

  return {
    async close() {
      over.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
