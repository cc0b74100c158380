import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Kysely, sql } from 'kysely';
import type { Engine, Work } from '../engine.ts';
import type { Schema } from '../schema.ts';
import {
  expectAnswer,
  type SqliteAnswer,
  type SqliteConnection,
  SqliteError,
  type SqliteReply,
  type SqliteRequest,
  type Waiting,
} from './connection.ts';
import { dialectOf, sqliteSpelling } from './dialect.ts';
import type { SqlitePlace } from './thread.ts';

/** Primary result codes of values that cannot be stored. All others concern the file or the disk. */
const VALUE_FAULTS: ReadonlySet<number> = new Set([
  0, // no code: a bug in this program
  18, // SQLITE_TOOBIG
  19, // SQLITE_CONSTRAINT
  20, // SQLITE_MISMATCH
  25, // SQLITE_RANGE
]);

/**
 * BUSY, LOCKED, READONLY, IOERR and FULL: another process uses the file, or the disk is full, read-only or
 * missing.
 */
const MAY_PASS: ReadonlySet<number> = new Set([5, 6, 8, 10, 13]);

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);

/** SQLITE_IOERR: the result of a request whose thread ended. */
const THREAD_ENDED = 10;

/**
 * SQLite in a file, created if missing: one connection for writing and one for reading, each in its own
 * thread. Uses the write-ahead log; every commit waits for the disk.
 * @param path of the file. Its folder is created too, accessible only by its owner.
 */
export function openSqlite(path: string): Engine {
  const writing = oneAtATime(threadFor({ path, readOnly: false }));
  const writer = new Kysely<Schema>({ dialect: dialectOf(writing) });
  const reader = new Kysely<Schema>({ dialect: dialectOf(threadFor({ path, readOnly: true })) });
  const files = [path, `${path}-wal`, `${path}-shm`];
  /** Which files they were when they were first seen. */
  const opened = new Map<string, string>();
  return {
    ...sqliteSpelling,
    writer,
    reader,
    // "begin immediate" took it.
    lock: async () => {},
    allowMigrations: () => {},
    async perform<Input, Output>({ module, name }: Work<Input, Output>, input: Input) {
      const turn = await writing.take();
      try {
        const { rows } = await writing.ask<Output>({ module, name, input });
        const [output] = rows;
        if (output === undefined) throw new Error(`${name} gave nothing.`);
        return output;
      } finally {
        turn.release();
      }
    },
    listen: () => {},
    isOutage: (error) => error instanceof SqliteError && !VALUE_FAULTS.has(error.code),
    isDamage: (error) => error instanceof SqliteError && DAMAGE.has(error.code),
    mayPass: (error) => error instanceof SqliteError && MAY_PASS.has(error.code),
    recover() {
      // After an error the connections are closed, and SQLite replaces its side files.
      for (const file of files) if (file !== path) opened.delete(file);
    },
    size: async () =>
      files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0),
    async snapshot(work) {
      const db = new Kysely<Schema>({ dialect: dialectOf(threadFor({ path, readOnly: true })) });
      try {
        await sql`begin`.execute(db);
        return await work(db);
      } finally {
        await db.destroy();
      }
    },
    verify() {
      for (const file of files) {
        const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
        const found = stats && `${stats.dev}:${stats.ino}`;
        const before = opened.get(file) ?? found;
        if (found === undefined || found !== before)
          throw new Error(`${file} was moved, removed or replaced`);
        opened.set(file, found);
      }
    },
    async close() {
      await reader.destroy();
      // The last connection to close moves the write-ahead log into the file.
      await writer.destroy();
    },
  };
}

/** Opens the file and its thread on first use, and again after an error closed them. */
function threadFor(place: SqlitePlace): SqliteConnection {
  let running: { worker: Worker; waiting: Waiting[] } | undefined;

  function start() {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: place,
      // Most of its objects are short-lived.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    const started = { worker, waiting: [] as Waiting[] };
    const end = (why: string) => {
      if (running === started) running = undefined;
      for (const each of started.waiting.splice(0)) each.settle({ error: why, code: THREAD_ENDED });
    };
    worker.on('message', (reply: SqliteReply<unknown>) => {
      // Under "node --watch", Node sends the imports of the thread here.
      if ('watch:import' in reply || 'watch:require' in reply) return;
      started.waiting.shift()?.settle(reply);
    });
    worker.on('error', (error: Error) => end(error.message));
    worker.on('exit', () => end('the thread of the database ended'));
    return started;
  }

  function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    running ??= start();
    const asked = expectAnswer<Row>();
    running.waiting.push(asked);
    running.worker.postMessage(request);
    return asked.answer;
  }

  return {
    take: async () => ({ release() {} }),
    ask,
    async close() {
      if (running === undefined) return;
      const { worker } = running;
      await ask('close');
      await worker.terminate();
    },
  };
}

/** The same for one user at a time, first come, first served, so that a transaction has the thread to itself. */
function oneAtATime(thread: SqliteConnection): SqliteConnection {
  let last: Promise<void> = Promise.resolve();
  return {
    ...thread,
    async take() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      return { release: resolve };
    },
  };
}
