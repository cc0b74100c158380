import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { expectAnswer, type SqliteAnswer, type SqliteReply, type SqliteRequest } from './connection.ts';

/**
 * A SQLite file in a thread of its own: answers requests in their order. Waiting for the disk, or for another
 * process, holds up nobody else.
 */

export interface SqlitePlace {
  path: string;
  readOnly: boolean;
}

/** Milliseconds that another process may hold the file. */
const BUSY_MS = 4_000;

/** Statements that are kept prepared. */
const MOST_STATEMENTS = 100;

// Result codes of SQLite.
const FULL = 13;
const CANNOT_OPEN = 14; // SQLITE_CANTOPEN
const OUT_OF_DISK: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']);
/** After these the connection can go on. */
const HARMLESS: ReadonlySet<number> = new Set([5 /* BUSY */, 6 /* LOCKED */, 19 /* CONSTRAINT */, 20, 25]);

const { path, readOnly }: SqlitePlace = workerData;
const prepared = new Map<string, StatementSync>();
let database: DatabaseSync | undefined;

function open(): DatabaseSync {
  if (readOnly) return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  makeFolder(dirname(path));
  // SQLite would let everyone read it; its side files take the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  makeFileBeside();
  const opened = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    opened.exec('pragma journal_mode = wal');
    opened.exec('pragma synchronous = full');
    opened.exec('pragma cache_size = -16384'); // KiB
    opened.exec('pragma journal_size_limit = 67108864'); // bytes
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Node's own `recursive` takes a disk that is read-only for one that lacks the folders above. */
function makeFolder(folder: string): void {
  if (existsSync(folder) || dirname(folder) === folder) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

/** SQLite does not say why it cannot make its side files, the system does: a disk may have no room for one more. */
function makeFileBeside(): void {
  if (existsSync(`${path}-wal`)) return;
  const file = `${path}-${process.pid}-${threadId}`;
  closeSync(openSync(file, 'w', 0o600));
  rmSync(file);
}

function close(): void {
  prepared.clear();
  const closing = database;
  database = undefined;
  closing?.close();
}

function run(sql: string, parameters: readonly unknown[]): SqliteAnswer<unknown> {
  if (sql === 'rollback' && !database?.isTransaction) return { rows: [], changes: 0 };
  database ??= open();
  // A file that was closed after a fault, and opened again, knows nothing of the transaction that had begun.
  if (!readOnly && !database.isTransaction && !sql.startsWith('begin')) throw new Error('no transaction');
  const statement = prepared.get(sql) ?? prepare(database, sql);
  const values = parameters.map(inputOf);
  if (statement.columns().length > 0) return { rows: statement.all(...values), changes: 0 };
  return { rows: [], changes: Number(statement.run(...values).changes) };
}

function prepare(opened: DatabaseSync, sql: string): StatementSync {
  const statement = opened.prepare(sql);
  prepared.set(sql, statement);
  const [oldest] = prepared.keys();
  if (prepared.size > MOST_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
  return statement;
}

function inputOf(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`A ${typeof value} cannot be a parameter of a query.`);
}

/** `run` for those who know what a row is. */
function query<Row>(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer<Row>> {
  const asked = expectAnswer<Row>();
  asked.settle(run(sql, parameters));
  return asked.answer;
}

async function answer(request: SqliteRequest): Promise<SqliteReply<unknown>> {
  try {
    if (request === 'close') {
      close();
      return { rows: [], changes: 0 };
    }
    if ('sql' in request) return run(request.sql, request.parameters);
    // Only the thread that writes needs it, and what it imports.
    const { perform } = await import('./perform.ts');
    return { rows: [await perform(query, request)], changes: 0 };
  } catch (error) {
    const code = codeOf(error);
    if (code !== 0 && !HARMLESS.has(code & 0xff)) closeQuietly();
    return { error: error instanceof Error ? error.message : String(error), code };
  }
}

function closeQuietly(): void {
  try {
    close();
  } catch {
    // What was wrong is told already.
  }
}

function codeOf(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode;
  if (!('syscall' in error && 'code' in error)) return 0;
  return OUT_OF_DISK.has(error.code) ? FULL : CANNOT_OPEN;
}

parentPort?.on('message', async (request: SqliteRequest) => parentPort?.postMessage(await answer(request)));
