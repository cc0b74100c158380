/** Work that is done again and again, until it is closed. */
export interface Repeated {
  /** Stops; resolves when what runs has ended. */
  close(): Promise<void>;
}

/**
 * Does work for the first time after `firstMs`, and again `everyMs` after it ended.
 * @param work ends early when its signal is aborted. Where it rejects, it is done again all the same.
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
