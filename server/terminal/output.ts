/** The part of a writable stream that the terminal needs. */
export interface Sink {
  write(text: string): unknown;
}

/** Collects what is printed in one turn of the event loop and writes it at once. */
export interface Output {
  print(text: string): void;
  /** Writes now what was collected; for the moment before the process ends. */
  flush(): void;
}

/** Writing is a system call that blocks, so many webhooks in one turn share one. */
export function createOutput(sink: Sink): Output {
  let collected = '';
  function flush(): void {
    const text = collected;
    collected = '';
    if (text !== '') sink.write(text);
  }
  return {
    print(text) {
      if (text === '') return;
      if (collected === '') setImmediate(flush);
      collected += text;
    },
    flush,
  };
}
