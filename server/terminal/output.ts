import { constants, openSync, write, writeSync } from 'node:fs';

/** Where the terminal writes to. Neither function ever waits. */
export interface Sink {
  /** Calls `done` when the text is written, or never will be. */
  write(text: string, done: () => void): void;
  /** Writes what can be written at once: the process is about to end. */
  writeNow(text: string): void;
}

/** Collects what is printed and writes it, one write at a time. */
interface Output {
  print(text: string): void;
  /** Writes now what was collected; for the moment before the process ends. */
  flush(): void;
}

/** Characters that wait at most for a reader who does not read. */
const MOST_WAITING = 1_000_000;

/** Milliseconds after which a full terminal is tried again. */
const RETRY_MS = 50;

/**
 * Printing never waits, and holds no more than a bounded text for a reader who is slow.
 * @param missing what to print where so many entries were left out.
 */
export function createOutput(sink: Sink, missing: (count: number) => string): Output {
  let collected = '';
  let dropped = 0;
  /** The one that is asked for or under way. */
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
      // Once one is left out, all are until the reader reads: what is there has no other gap.
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
 * Standard output as a sink. Node writes to pipes without waiting, but makes a terminal block, so that one that
 * was stopped would stop the server: it is opened once more for writes that do not wait.
 */
export function standardOutput(stdout: NodeJS.WriteStream): Sink {
  const fd = stdout.isTTY ? openWithoutWaiting() : undefined;
  if (fd !== undefined) return terminalSink(fd);
  return {
    write: (text, done) => void stdout.write(text, () => done()),
    writeNow: (text) => void stdout.write(text),
  };
}

/** Undefined on systems that cannot open their own output. */
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
      // Whoever read the log may be gone; calls go on without.
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
        // It is full, or gone: nobody would read it.
      }
    },
  };
}
