import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { NEW_ENTRY_NAMES, type NewEntryValues } from './new-entry-columns.ts';
import {
  BUSY,
  CANNOT_OPEN,
  Fault,
  FILE_MOVED,
  IO_ERROR,
  inodeOf,
  openSqliteFile,
  PATIENCE_MS,
  type SqlitePlace,
} from './sqlite-opening.ts';

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

/** Milliseconds after which whoever waits for his turn to write looks again. */
const LOOK_AGAIN_MS = 0.2;

/** What is waited for in vain. */
const NOTHING = new Int32Array(new SharedArrayBuffer(4));

/** Statements that are kept prepared. */
const MOST_STATEMENTS = 100;

const KEY = NEW_ENTRY_NAMES.indexOf('deduplication_key');
const INSERT = `insert into entries (id, ${NEW_ENTRY_NAMES.join()}) values (?${', ?'.repeat(NEW_ENTRY_NAMES.length)})
  on conflict do nothing`;
const KNOWN = 'select id from entries where deduplication_key = ?';

interface Prepared {
  statement: StatementSync;
  givesRows: boolean;
}

interface OpenFile {
  database: DatabaseSync;
  inode: string | undefined;
  prepared: Map<string, Prepared>;
}

/**
 * One connection to a SQLite file, which is opened when it is first needed, and again after it was closed. Whoever
 * asks waits, and everything else in its thread with it.
 */
export class SqliteFile {
  readonly #place: SqlitePlace;
  #opened: OpenFile | undefined;

  constructor(place: SqlitePlace) {
    this.#place = place;
  }

  /** Does not throw: a fault is an answer too. */
  answer(request: SqliteRequest): SqliteReply<unknown> {
    try {
      return this.#answer(request);
    } catch (error) {
      return faultOf(error);
    }
  }

  get isInTransaction(): boolean {
    return this.#opened?.database.isTransaction ?? false;
  }

  #answer(request: SqliteRequest): SqliteAnswer<unknown> {
    switch (request.do) {
      case 'query':
        if (this.#place.to === 'read' && this.#wasMoved()) this.#close();
        if (this.#place.to === 'write') this.#mustBeInTransaction();
        return this.#query(request.sql, request.parameters);
      case 'each':
        this.#mustBeInTransaction();
        return this.#each(request);
      case 'write':
        return this.#withoutDisk(() =>
          this.#transaction(() => {
            const { sql, parameters } = request.when;
            if (this.#query(sql, parameters).rows.length === 0) return { rows: [], changes: 0 };
            return { rows: [], changes: request.each.reduce((sum, one) => sum + this.#each(one).changes, 0) };
          }),
        );
      case 'begin':
        if (this.#wasMoved()) throw new Fault('the file was moved or removed', FILE_MOVED);
        return this.#begin();
      case 'append':
        return this.#transaction(() => this.#append(request.rows));
      case 'checkpoint':
        if (this.#place.to === 'tidy' && this.#wasMoved()) this.#close();
        return this.#query('pragma wal_checkpoint(passive)', []);
      case 'commit':
        return this.#query('commit', []);
      case 'rollback':
        // Some errors, such as a full disk, have rolled back already.
        return this.isInTransaction ? this.#query('rollback', []) : { rows: [], changes: 0 };
      case 'close':
        this.#close();
        return { rows: [], changes: 0 };
    }
  }

  /** A file that was closed and opened again knows nothing of a transaction that had begun. */
  #mustBeInTransaction(): void {
    if (!this.isInTransaction) throw new Fault('no transaction', IO_ERROR);
  }

  #query(sql: string, parameters: readonly unknown[]): SqliteAnswer<unknown> {
    this.#opened ??= this.#open();
    const { statement, givesRows } = this.#prepare(this.#opened, sql);
    mustBeInput(parameters);
    if (givesRows) return { rows: statement.all(...parameters), changes: 0 };
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  }

  /** As `Engine.append`: row by row, which here is cheaper than one statement for all. */
  #append(rows: readonly NewEntryValues[]): SqliteAnswer<unknown> {
    const [previous] = this.#query('select newest_entry_id as id from counters', []).rows;
    let newest = Number(Object(previous).id);
    const ids: unknown[] = [];
    this.#opened ??= this.#open();
    const { statement } = this.#prepare(this.#opened, INSERT);
    for (const values of rows) {
      if (statement.run(newest + 1, ...values).changes === 0) {
        ids.push(...this.#query(KNOWN, [values[KEY]]).rows);
      } else {
        newest += 1;
        ids.push({ id: newest });
      }
    }
    this.#query('update counters set newest_entry_id = ?', [newest]);
    return { rows: [...ids, previous], changes: rows.length };
  }

  #each({ sql, rows }: RowStatement): SqliteAnswer<unknown> {
    this.#opened ??= this.#open();
    const { statement } = this.#prepare(this.#opened, sql);
    for (const values of rows) {
      mustBeInput(values);
      statement.run(...values);
    }
    return { rows: [], changes: rows.length };
  }

  /** Commits meanwhile are on the disk with the next one that waits for it, in their order. */
  #withoutDisk<T>(work: () => T): T {
    this.#opened ??= this.#open();
    const { database } = this.#opened;
    database.exec('pragma synchronous = normal');
    try {
      return work();
    } finally {
      if (database.isOpen) database.exec('pragma synchronous = full');
    }
  }

  /** SQLite itself would look for its turn ever more seldom, and come too late where others write one after the other. */
  #begin(): SqliteAnswer<unknown> {
    for (const until = performance.now() + PATIENCE_MS; ; ) {
      try {
        return this.#query('begin immediate', []);
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
        Atomics.wait(NOTHING, 0, 0, LOOK_AGAIN_MS);
      }
    }
  }

  #transaction(work: () => SqliteAnswer<unknown>): SqliteAnswer<unknown> {
    this.#answer({ do: 'begin' });
    try {
      const result = work();
      this.#query('commit', []);
      return result;
    } catch (error) {
      this.#answer({ do: 'rollback' });
      throw error;
    }
  }

  #prepare({ database, prepared }: OpenFile, sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    const fresh = { statement, givesRows: statement.columns().length > 0 };
    prepared.set(sql, fresh);
    const [oldest] = prepared.keys();
    if (prepared.size > MOST_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
    return fresh;
  }

  #close(): void {
    const { database } = this.#opened ?? {};
    this.#opened = undefined;
    database?.close();
  }

  /** What would be written to a file without a name is lost. */
  #wasMoved(): boolean {
    return this.#opened !== undefined && inodeOf(this.#place.path) !== this.#opened.inode;
  }

  #open(): OpenFile {
    return { database: openSqliteFile(this.#place), inode: inodeOf(this.#place.path), prepared: new Map() };
  }
}

function mustBeInput(values: readonly unknown[]): asserts values is readonly SQLInputValue[] {
  for (const value of values) {
    if (value === null || typeof value === 'string' || typeof value === 'number') continue;
    throw new TypeError(`A ${typeof value} cannot be a parameter of a query.`);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY;
}

function faultOf(error: unknown): SqliteReply<unknown> {
  if (!(error instanceof Error)) return { error: String(error), code: 0 };
  if ('errcode' in error && typeof error.errcode === 'number') {
    return { error: error.message, code: error.errcode };
  }
  return { error: error.message, code: 'syscall' in error ? CANNOT_OPEN : 0 };
}
