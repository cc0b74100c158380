import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type SqliteAnswer, SqliteFile, type SqliteReply, type SqliteRequest } from './sqlite-file.ts';
import type { SqlitePlace } from './sqlite-opening.ts';
import type { NewClient } from './sqlite-worker.ts';

/** What SQLite, or the thread that it runs in, complained of. */
export class SqliteError extends Error {
  /** SQLite's extended result code; 0 where the fault is not of the database. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** `SQLITE_IOERR`: what the database is to whoever waits for a thread that ended. */
const THREAD_ENDED = 10;

const ENDED = { error: 'the thread of the database ended', code: THREAD_ENDED };

export interface SqliteConnection {
  /** Questions are answered in their order. Rejects with a SqliteError. */
  ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>>;
  /** The way of another thread to the same connection, where it is one that can be shared. */
  share?(): MessagePort;
  /** Closes the file, or leaves it to those who share it. */
  close(): Promise<void>;
}

interface Waiting {
  settle(reply: SqliteReply<unknown>): void;
}

interface Running {
  worker: Worker;
  waiting: Waiting[];
}

/**
 * A SQLite file in a thread of its own: waiting for a disk, or for another process, must not hold up a call.
 * The file is opened when it is first needed, and again after it was closed; so is the thread.
 */
export function connectInThread(place: SqlitePlace): SqliteConnection {
  let running: Running | undefined;

  function start(): Running {
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: place });
    const started: Running = { worker, waiting: [] };
    const end = (why: string) => {
      if (running === started) running = undefined;
      for (const each of started.waiting.splice(0)) each.settle({ error: why, code: THREAD_ENDED });
    };
    worker.on('message', (reply: SqliteReply<unknown>) => {
      // Under "node --watch" Node itself reports here what the thread has imported.
      if ('watch:import' in reply || 'watch:require' in reply) return;
      started.waiting.shift()?.settle(reply);
    });
    worker.on('error', (error: Error) => end(error.message));
    worker.on('exit', () => end(ENDED.error));
    return started;
  }

  async function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    const { waiting, answer } = waitForAnswer<Row>();
    running ??= start();
    running.waiting.push(waiting);
    running.worker.postMessage(request);
    return answer;
  }

  return {
    ask,
    share() {
      const { port1, port2 } = new MessageChannel();
      running ??= start();
      running.worker.postMessage({ client: port1 } satisfies NewClient, [port1]);
      return port2;
    },
    async close() {
      if (running === undefined) return;
      const { worker } = running;
      await ask({ do: 'close' });
      await worker.terminate();
    },
  };
}

/** What another thread shared. Ends where that thread does. */
export function connectByPort(port: MessagePort): SqliteConnection {
  const waiting: Waiting[] = [];
  let isOpen = true;
  port.on('message', (reply: SqliteReply<unknown>) => waiting.shift()?.settle(reply));
  port.on('close', () => {
    isOpen = false;
    for (const each of waiting.splice(0)) each.settle(ENDED);
  });
  return {
    ask<Row>(request: SqliteRequest) {
      const { waiting: asked, answer } = waitForAnswer<Row>();
      if (!isOpen) asked.settle(ENDED);
      else {
        waiting.push(asked);
        port.postMessage(request);
      }
      return answer;
    },
    close: async () => port.close(),
  };
}

/** For a thread that has nothing else to do than what waits for the file. */
export function connectHere(place: SqlitePlace): SqliteConnection {
  const file = new SqliteFile(place);
  function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    const { waiting, answer } = waitForAnswer<Row>();
    waiting.settle(file.answer(request));
    return answer;
  }
  return {
    ask,
    async close() {
      await ask({ do: 'close' });
    },
  };
}

/** Whoever wrote the question knows what a row is. */
function waitForAnswer<Row>(): { waiting: Waiting; answer: Promise<SqliteAnswer<Row>> } {
  const { promise, resolve, reject } = Promise.withResolvers<SqliteAnswer<Row>>();
  const settle = (reply: SqliteReply<Row>) => {
    if ('error' in reply) reject(new SqliteError(reply.error, reply.code));
    else resolve(reply);
  };
  return { waiting: { settle }, answer: promise };
}
