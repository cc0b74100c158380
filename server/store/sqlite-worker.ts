import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { NEW_ENTRY_NAMES, type NewEntryValues } from './new-entry-columns.ts';

/** What the thread is told when it starts. */
export interface SqliteFile {
  path: string;
  /** Who tidies moves what was written from the log of writes to the file itself, while others write. */
  to: 'read' | 'write' | 'tidy';
}

interface Statement {
  sql: string;
  parameters: readonly unknown[];
}

export interface RowStatement {
  sql: string;
  rows: readonly (readonly unknown[])[];
}

export type SqliteRequest =
  | ({ do: 'query' } & Statement)
  /** The same for each row of parameters, within a transaction. */
  | ({ do: 'each' } & RowStatement)
  /** Those in a transaction of their own that does not wait for the disk, where a question has an answer. */
  | { do: 'write'; when: Statement; each: readonly RowStatement[] }
  /** A transaction of its own. The answer has a row `{ id }` for each, and one of the newest before them all. */
  | { do: 'append'; rows: readonly NewEntryValues[] }
  /** The answer has a row that tells how long the log of writes is, in pages, and how much of it was moved. */
  | { do: 'checkpoint' }
  /** Begins to write; fails where the file is another one than was opened. */
  | { do: 'begin' | 'commit' | 'rollback' | 'close' };

export interface SqliteAnswer<Row> {
  rows: Row[];
  /** How many rows were written. */
  changes: number;
}

/** `code` is SQLite's extended result code, or 0 where the fault is not of the database. */
export type SqliteReply<Row> = SqliteAnswer<Row> | { error: string; code: number };

/** Milliseconds that another process may hold the file. */
const PATIENCE_MS = 4_000;

/** Statements that are kept prepared. */
const MOST_STATEMENTS = 100;

// Result codes of SQLite, for what it does not notice itself.
const IO_ERROR = 10; // SQLITE_IOERR
const CANNOT_OPEN = 14; // SQLITE_CANTOPEN
const FILE_MOVED = 1032; // SQLITE_READONLY_DBMOVED

interface Prepared {
  statement: StatementSync;
  givesRows: boolean;
}

interface OpenFile {
  database: DatabaseSync;
  inode: string | undefined;
  prepared: Map<string, Prepared>;
}

if (parentPort === null) throw new Error('This program runs in a thread of its own.');
const port = parentPort;
const file: SqliteFile = workerData;
let opened: OpenFile | undefined;

port.on('message', (request: SqliteRequest) => {
  let reply: SqliteReply<unknown>;
  try {
    reply = answer(request);
  } catch (error) {
    reply = faultOf(error);
  }
  port.postMessage(reply);
});

function answer(request: SqliteRequest): SqliteAnswer<unknown> {
  switch (request.do) {
    case 'query':
      if (file.to === 'read' && wasMoved()) close();
      if (file.to === 'write') mustBeInTransaction();
      return query(request.sql, request.parameters);
    case 'each':
      mustBeInTransaction();
      return each(request);
    case 'write':
      return withoutDisk(() =>
        transaction(() => {
          const { sql, parameters } = request.when;
          if (query(sql, parameters).rows.length === 0) return { rows: [], changes: 0 };
          return { rows: [], changes: request.each.reduce((sum, one) => sum + each(one).changes, 0) };
        }),
      );
    case 'begin':
      if (wasMoved()) throw new Fault('the file was moved or removed', FILE_MOVED);
      return query('begin immediate', []);
    case 'append':
      return transaction(() => append(request.rows));
    case 'checkpoint':
      if (file.to === 'tidy' && wasMoved()) close();
      return query('pragma wal_checkpoint(passive)', []);
    case 'commit':
      return query('commit', []);
    case 'rollback':
      // Some errors, such as a full disk, have rolled back already.
      return opened?.database.isTransaction ? query('rollback', []) : { rows: [], changes: 0 };
    case 'close':
      close();
      return { rows: [], changes: 0 };
  }
}

/** A file that was closed and opened again knows nothing of a transaction that had begun. */
function mustBeInTransaction(): void {
  if (!opened?.database.isTransaction) throw new Fault('no transaction', IO_ERROR);
}

function query(sql: string, parameters: readonly unknown[]): SqliteAnswer<unknown> {
  opened ??= open();
  const { statement, givesRows } = prepare(opened, sql);
  mustBeInput(parameters);
  if (givesRows) return { rows: statement.all(...parameters), changes: 0 };
  return { rows: [], changes: Number(statement.run(...parameters).changes) };
}

/** As `Engine.append`: row by row, which here is cheaper than one statement for all. */
function append(rows: readonly NewEntryValues[]): SqliteAnswer<unknown> {
  const [previous] = query('select newest_entry_id as id from counters', []).rows;
  let newest = Number(Object(previous).id);
  const ids: unknown[] = [];
  opened ??= open();
  const { statement } = prepare(opened, INSERT);
  for (const values of rows) {
    if (statement.run(newest + 1, ...values).changes === 0) {
      ids.push(...query(KNOWN, [values[KEY]]).rows);
    } else {
      newest += 1;
      ids.push({ id: newest });
    }
  }
  query('update counters set newest_entry_id = ?', [newest]);
  return { rows: [...ids, previous], changes: rows.length };
}

const KEY = NEW_ENTRY_NAMES.indexOf('deduplication_key');
const INSERT = `insert into entries (id, ${NEW_ENTRY_NAMES.join()}) values (?${', ?'.repeat(NEW_ENTRY_NAMES.length)})
  on conflict do nothing`;
const KNOWN = 'select id from entries where deduplication_key = ?';

function each({ sql, rows }: RowStatement): SqliteAnswer<unknown> {
  opened ??= open();
  const { statement } = prepare(opened, sql);
  for (const values of rows) {
    mustBeInput(values);
    statement.run(...values);
  }
  return { rows: [], changes: rows.length };
}

/** Commits meanwhile are on the disk with the next one that waits for it, in their order. */
function withoutDisk<T>(work: () => T): T {
  opened ??= open();
  const { database } = opened;
  database.exec('pragma synchronous = normal');
  try {
    return work();
  } finally {
    if (database.isOpen) database.exec('pragma synchronous = full');
  }
}

function transaction(work: () => SqliteAnswer<unknown>): SqliteAnswer<unknown> {
  answer({ do: 'begin' });
  try {
    const result = work();
    query('commit', []);
    return result;
  } catch (error) {
    answer({ do: 'rollback' });
    throw error;
  }
}

function prepare({ database, prepared }: OpenFile, sql: string): Prepared {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  const statement = database.prepare(sql);
  const fresh = { statement, givesRows: statement.columns().length > 0 };
  prepared.set(sql, fresh);
  const [oldest] = prepared.keys();
  if (prepared.size > MOST_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
  return fresh;
}

function mustBeInput(values: readonly unknown[]): asserts values is readonly SQLInputValue[] {
  for (const value of values) {
    if (value === null || typeof value === 'string' || typeof value === 'number') continue;
    throw new TypeError(`A ${typeof value} cannot be a parameter of a query.`);
  }
}

function open(): OpenFile {
  const database = { read: openToRead, write: openToWrite, tidy: openToTidy }[file.to]();
  return { database, inode: inodeOf(file.path), prepared: new Map() };
}

/** Fails where there is no file: who writes makes it. */
function openToRead(): DatabaseSync {
  return new DatabaseSync(file.path, { readOnly: true, timeout: PATIENCE_MS });
}

function openToTidy(): DatabaseSync {
  if (inodeOf(file.path) === undefined) throw new Fault('there is no file', CANNOT_OPEN);
  return new DatabaseSync(file.path, { timeout: PATIENCE_MS });
}

function openToWrite(): DatabaseSync {
  mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
  // SQLite would let everybody read it; its side files take the mode of this one.
  closeSync(openSync(file.path, 'a', 0o600));
  const database = new DatabaseSync(file.path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  try {
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec('pragma cache_size = -16384'); // KiB
    // Only where nobody tidies in time: pages, 64 MiB.
    database.exec('pragma wal_autocheckpoint = 16384');
    database.exec('pragma journal_size_limit = 67108864'); // bytes
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function close(): void {
  const { database } = opened ?? {};
  opened = undefined;
  database?.close();
}

/** What would be written to a file without a name is lost. */
function wasMoved(): boolean {
  return opened !== undefined && inodeOf(file.path) !== opened.inode;
}

/** Tells one file from another that took its place; undefined where there is none. */
function inodeOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

class Fault extends Error {
  readonly errcode: number;
  constructor(message: string, errcode: number) {
    super(message);
    this.errcode = errcode;
  }
}

function faultOf(error: unknown): SqliteReply<unknown> {
  if (!(error instanceof Error)) return { error: String(error), code: 0 };
  if ('errcode' in error && typeof error.errcode === 'number') {
    return { error: error.message, code: error.errcode };
  }
  return { error: error.message, code: 'syscall' in error ? CANNOT_OPEN : 0 };
}
