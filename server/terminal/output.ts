import { constants, openSync, write, writeSync } from 'node:fs';

/** Where the terminal writes to. Neither function blocks. */
export interface Sink {
  /** Calls `done` when the text is written or was dropped. */
  write(text: string, done: () => void): void;
  /** Writes as much as possible at once, before the process exits. */
  writeNow(text: string): void;
}

/** Collects output and writes it, one write at a time. */
interface Output {
  print(text: string): void;
  /** Writes the collected output at once, before the process exits. */
  flush(): void;
}

/** Maximum number of characters buffered for a slow reader. */
const MOST_WAITING = 1_000_000;

/** Milliseconds after which writing to a full terminal is retried. */
const RETRY_MS = 50;

/**
 * Printing never blocks, and buffers a bounded amount for a slow reader.
 * @param missing the text to print for a number of dropped entries.
 */
export function createOutput(sink: Sink, missing: (count: number) => string): Output {
  let collected = '';
  let dropped = 0;
  /** The scheduled or running write. */
  let writing = false;

  function take(): string {
    const text = dropped === 0 ? collected : collected + missing(dropped);
    collected = '';
    dropped = 0;
    return text;
  }

  function writeCollected(): void {
    const text = take();
    if (text === '') writing = false;
    else sink.write(text, writeCollected);
  }

  return {
    print(text) {
      if (text === '') return;
      // After one entry is dropped, drop all until the reader reads, so that there is a single gap.
      if (dropped > 0 || collected.length + text.length > MOST_WAITING) {
        dropped += 1;
        return;
      }
      collected += text;
      if (writing) return;
      writing = true;
      setImmediate(writeCollected);
    },
    flush() {
      const text = take();
      if (text !== '') sink.writeNow(text);
    },
  };
}

/**
 * Standard output as a sink. Node's writes to a terminal block, so a stopped terminal would stop the server;
 * it is therefore opened again for non-blocking writes.
 */
export function standardOutput(stdout: NodeJS.WriteStream): Sink {
  const fd = stdout.isTTY ? openWithoutWaiting() : undefined;
  if (fd !== undefined) return terminalSink(fd);
  return {
    write: (text, done) => void stdout.write(text, () => done()),
    writeNow: (text) => void stdout.write(text),
  };
}

/** Undefined on systems that cannot reopen their output. */
function openWithoutWaiting(): number | undefined {
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

function terminalSink(fd: number): Sink {
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);

  function writeRest(done: () => void): void {
    write(fd, rest, (error, written) => {
      if (error === null) rest = rest.subarray(written);
      // The reader of the log may be gone. Calls continue without it.
      else if (error.code !== 'EAGAIN') rest = rest.subarray(rest.length);
      if (rest.length === 0) done();
      else setTimeout(writeRest, error === null ? 0 : RETRY_MS, done).unref();
    });
  }

  return {
    write(text, done) {
      rest = Buffer.from(text);
      writeRest(done);
    },
    writeNow(text) {
      try {
        let last = Buffer.concat([rest, Buffer.from(text)]);
        while (last.length > 0) last = last.subarray(writeSync(fd, last));
      } catch {
        // It is full or gone, so nobody would read it.
      }
    },
  };
}
