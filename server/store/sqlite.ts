import {
  type AliasedRawBuilder,
  CompiledQuery,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { writesOfProgress } from './counters.ts';
import { driverOf, type Session } from './driver.ts';
import { type Engine, patternOf } from './engine.ts';
import { valuesOf } from './new-entry-columns.ts';
import type { RowWrites } from './row-writes.ts';
import type { Counters, Schema } from './schema.ts';
import { createSqliteThread, SqliteError, type SqliteThread } from './sqlite-thread.ts';
import { createTidying } from './sqlite-tidying.ts';
import type { RowStatement, SqliteAnswer, SqliteRequest } from './sqlite-worker.ts';

/**
 * SQLite in a file, made where it is missing: one connection that writes, one that reads, each in a thread.
 * Write-ahead log, and every commit waits until the disk has it.
 * @param path of the file; its folder is made too, for its owner only.
 */
export function openSqlite(path: string): Engine {
  const writing = createSqliteThread({ path, to: 'write' });
  const reading = createSqliteThread({ path, to: 'read' });
  const openWriting = turnsOf(writing);
  const tidying = createTidying(path, () => during(openWriting(), (session) => session.checkpoint()));
  const writer = new Kysely<Schema>({ dialect: dialectOf(writing, openWriting) });
  const reader = new Kysely<Schema>({ dialect: dialectOf(reading, turnsOf(reading)) });
  return {
    name: 'sqlite',
    writer,
    reader,
    rowsOf<R extends object>(rows: readonly R[], columns: object): AliasedRawBuilder<R, 'r'> {
      const fields = Object.keys(columns).map(
        (name) => sql`value ->> ${sql.lit(`$.${name}`)} as ${sql.ref(name)}`,
      );
      return sql<R>`(select ${sql.join(fields)} from json_each(${JSON.stringify(rows)}))`.as('r');
    },
    async write(transaction, writes) {
      if (writes.isEmpty) return;
      // Row by row: cheaper here than to take them all apart from JSON.
      const { sql: text, rows } = writes.oneByOne();
      await transaction.executeQuery(CompiledQuery.raw(text, [new EachRow(rows)]));
    },
    async writeProjection(before, after, writes) {
      const inPart = { ...after, projected_entry_id: before.projected_entry_id };
      const pieces = piecesOf(writes);
      const last = pieces.length - 1;
      for (const [index, piece] of pieces.entries()) {
        const each = [...piece, writesOfProgress(index < last ? inPart : after).oneByOne()];
        const known = index === 0 ? before : inPart;
        const isWritten = await during(openWriting(), (session) =>
          session.writeIf(known, after.projected_entry_id, each),
        );
        if (!isWritten) return false;
        tidying.wrote(each.reduce((sum, { rows }) => sum + rows.length, 0));
      }
      return true;
    },
    contains: (column, text) => sql`${column} like ${patternOf(text)} escape '\\'`,
    async append(rows) {
      const appended = await during(openWriting(), (session) => session.append(rows));
      tidying.wrote(rows.length);
      return appended;
    },
    announce: async () => {},
    listen: () => {},
    isOutage,
    mayPass: (error) => error instanceof SqliteError && BUSY.has(error.code & 0xff),
    async close() {
      await tidying.close();
      await Promise.all([writer.destroy(), reader.destroy()]);
    },
  };
}

const UNCHANGED =
  'select id from counters where projected_entry_id = ? and calls_version = ? and newest_entry_id >= ?';

/** Primary result codes that tell of a value that cannot be stored; all others tell of the file or the disk. */
const ENTRY_FAULTS: ReadonlySet<number> = new Set([
  0, // no code: a fault of the program
  18, // SQLITE_TOOBIG
  19, // SQLITE_CONSTRAINT
  20, // SQLITE_MISMATCH
  25, // SQLITE_RANGE
]);

/** SQLITE_BUSY and SQLITE_LOCKED. */
const BUSY: ReadonlySet<number> = new Set([5, 6]);

/** Takes the place of the parameters of a statement that is run once for each row. */
class EachRow {
  readonly rows: readonly (readonly unknown[])[];

  constructor(rows: readonly (readonly unknown[])[]) {
    this.rows = rows;
  }
}

/** Rows that are projected in one transaction: a few milliseconds, for which an event may have to wait. */
const ROWS_AT_ONCE = 250;

/** At least one, which may be empty. */
function piecesOf(writes: readonly RowWrites[]): RowStatement[][] {
  let piece: RowStatement[] = [];
  const pieces = [piece];
  let room = ROWS_AT_ONCE;
  for (const { sql, rows } of writes.map((each) => each.oneByOne())) {
    for (let from = 0; from < rows.length; ) {
      if (room === 0) {
        piece = [];
        pieces.push(piece);
        room = ROWS_AT_ONCE;
      }
      const part = rows.slice(from, from + room);
      piece.push({ sql, rows: part });
      from += part.length;
      room -= part.length;
    }
  }
  return pieces;
}

interface SqliteSession extends Session, Pick<Engine, 'append'> {
  /** Moves what was written to the file itself. */
  checkpoint(): Promise<void>;
  /** Writes rows where the calls are as the counters say, and the log goes as far as `reach`. Says whether. */
  writeIf(counters: Counters, reach: number, each: readonly RowStatement[]): Promise<boolean>;
}

/** Gives the one session of a thread to one user at a time, in the order in which they asked. */
function turnsOf(thread: SqliteThread): () => Promise<SqliteSession> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    return sessionOf(thread, resolve);
  };
}

async function during<T>(
  opening: Promise<SqliteSession>,
  work: (session: SqliteSession) => Promise<T>,
): Promise<T> {
  const session = await opening;
  try {
    return await work(session);
  } finally {
    session.release();
  }
}

function dialectOf(thread: SqliteThread, openSession: () => Promise<Session>): Dialect {
  return {
    createDriver: () => driverOf(openSession, () => thread.close()),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class Adapter extends SqliteAdapter {
  // SQLite can, and then two servers that start at once do not migrate at once.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function sessionOf(thread: SqliteThread, onRelease: () => void): SqliteSession {
  let broken: SqliteError | undefined;
  async function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    if (broken !== undefined) throw broken;
    try {
      return await thread.ask(request);
    } catch (error) {
      if (isOutage(error)) broken = error;
      throw error;
    }
  }
  return {
    async query<Row>(text: string, parameters: readonly unknown[]) {
      const [first] = parameters;
      const { rows, changes } = await ask<Row>(
        first instanceof EachRow
          ? { do: 'each', sql: text, rows: first.rows }
          : { do: 'query', sql: text, parameters },
      );
      return { rows, numAffectedRows: BigInt(changes) };
    },
    async append(rows) {
      const { rows: ids } = await ask<{ id: number }>({ do: 'append', rows: rows.map(valuesOf) });
      const previousEntryId = ids.pop()?.id ?? 0;
      return { previousEntryId, ids: ids.map(({ id }) => id) };
    },
    checkpoint: async () => void (await ask({ do: 'checkpoint' })),
    async writeIf({ projected_entry_id, calls_version }, reach, each) {
      const { changes } = await ask({
        do: 'write',
        when: { sql: UNCHANGED, parameters: [projected_entry_id, calls_version, reach] },
        each,
      });
      return changes > 0;
    },
    begin: async () => void (await ask({ do: 'begin' })),
    commit: async () => void (await ask({ do: 'commit' })),
    rollback: async () => void (await thread.ask({ do: 'rollback' })),
    release() {
      // The next one opens the file anew: it may be another, or mended.
      if (broken !== undefined) thread.ask({ do: 'close' }).catch(() => {});
      onRelease();
    },
  };
}

function isOutage(error: unknown): error is SqliteError {
  return error instanceof SqliteError && !ENTRY_FAULTS.has(error.code & 0xff);
}
