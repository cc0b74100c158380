import { Worker } from 'node:worker_threads';
import type { SqliteAnswer, SqliteFile, SqliteReply, SqliteRequest } from './sqlite-worker.ts';

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

export interface SqliteThread {
  /** Questions are answered in their order. Rejects with a SqliteError. */
  ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>>;
  /** Closes the file and ends the thread. */
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
export function createSqliteThread(file: SqliteFile): SqliteThread {
  let running: Running | undefined;

  function start(): Running {
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: file });
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
    worker.on('exit', () => end('the thread of the database ended'));
    return started;
  }

  async function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    const { promise, resolve } = Promise.withResolvers<SqliteReply<Row>>();
    running ??= start();
    running.waiting.push({ settle: (reply: SqliteReply<Row>) => resolve(reply) });
    running.worker.postMessage(request);
    const reply = await promise;
    if ('error' in reply) throw new SqliteError(reply.error, reply.code);
    return reply;
  }

  return {
    ask,
    async close() {
      if (running === undefined) return;
      const { worker } = running;
      await ask({ do: 'close' });
      await worker.terminate();
    },
  };
}
