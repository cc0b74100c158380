import type { MessagePort } from 'node:worker_threads';
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
import {
  connectByPort,
  connectHere,
  connectInThread,
  type SqliteConnection,
  SqliteError,
} from './sqlite-connection.ts';
import type { RowStatement, SqliteAnswer, SqliteRequest } from './sqlite-file.ts';
import { createTidying } from './sqlite-tidying.ts';

/**
 * SQLite in a file, made where it is missing: one connection that writes, and one that reads, each in a thread.
 * Write-ahead log, and every commit of events waits until the disk has it.
 * @param path of the file; its folder is made too, for its owner only.
 * @param writer as another thread shared it. Where it is given, this thread reads by itself, and waits for the disk.
 */
export function openSqlite(path: string, writer?: MessagePort): Engine {
  const connect = writer === undefined ? connectInThread : connectHere;
  const writing = writer === undefined ? connectInThread({ path, to: 'write' }) : connectByPort(writer);
  const reading = connect({ path, to: 'read' });
  const tidier = connect({ path, to: 'tidy' });
  const tidying = createTidying(tidier, writing);
  const openWriting = turnsOf(writing);
  const db = new Kysely<Schema>({ dialect: dialectOf(writing, openWriting) });
  const reader = new Kysely<Schema>({ dialect: dialectOf(reading, turnsOf(reading)) });
  return {
    name: 'sqlite',
    writer: db,
    reader,
    rowsOf<R extends object>(rows: readonly R[], columns: object): AliasedRawBuilder<R, 'r'> {
      const fields = Object.keys(columns).map(
        (name) => sql`value ->> ${sql.lit(`$.${name}`)} as ${sql.ref(name)}`,
      );
      return sql<R>`(select ${sql.join(fields)} from json_each(${JSON.stringify(rows)}))`.as('r');
    },
    async write(transaction, writes) {
      if (writes.size === 0) return;
      // Row by row: cheaper here than to take them all apart from JSON.
      const { sql: text, rows } = writes.oneByOne();
      await transaction.executeQuery(CompiledQuery.raw(text, [new EachRow(rows)]));
    },
    async writeProjection(before, after, writes) {
      const inPart = { ...after, projected_entry_id: before.projected_entry_id };
      const all = writes.reduce((sum, { size }) => sum + size, 0);
      let written = 0;
      // At least once: there may be nothing to write but how far the calls are.
      do {
        const piece = pieceOf(writes, written);
        const known = written === 0 ? before : inPart;
        written += ROWS_AT_ONCE;
        const progress = writesOfProgress(written < all ? inPart : after).oneByOne();
        const isWritten = await during(openWriting(), (session) =>
          session.writeIf(known, after.projected_entry_id, [...piece, progress]),
        );
        if (!isWritten) return false;
        await tidying.wrote(ROWS_AT_ONCE);
      } while (written < all);
      return true;
    },
    contains: (column, text) => sql`${column} like ${patternOf(text)} escape '\\'`,
    append: (rows) => during(openWriting(), (session) => session.append(rows)),
    announce: async () => {},
    shareWriter: () => writing.share?.(),
    listen: () => {},
    isOutage,
    mayPass: (error) => error instanceof SqliteError && BUSY.has(error.code & 0xff),
    async close() {
      await Promise.all([reader.destroy(), tidier.close()]);
      // Who writes is the last to go: with it all that was written moves to the file.
      await db.destroy();
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

/** Rows that are projected in one transaction: about a millisecond, for which an event may have to wait. */
const ROWS_AT_ONCE = 250;

/** Up to so many rows from one on, of all. */
function pieceOf(writes: readonly RowWrites[], from: number): RowStatement[] {
  let before = 0;
  return writes.flatMap((each) => {
    const [first, end] = [Math.max(0, from - before), Math.min(each.size, from + ROWS_AT_ONCE - before)];
    before += each.size;
    return first < end ? [each.oneByOne(first, end)] : [];
  });
}

interface SqliteSession extends Session, Pick<Engine, 'append'> {
  /** Writes rows where the calls are as the counters say, and the log goes as far as `reach`. Says whether. */
  writeIf(counters: Counters, reach: number, each: readonly RowStatement[]): Promise<boolean>;
}

/** Gives the one session of a connection to one user at a time, in the order in which they asked. */
function turnsOf(connection: SqliteConnection): () => Promise<SqliteSession> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    return sessionOf(connection, resolve);
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

function dialectOf(connection: SqliteConnection, openSession: () => Promise<Session>): Dialect {
  return {
    createDriver: () => driverOf(openSession, () => connection.close()),
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

function sessionOf(connection: SqliteConnection, onRelease: () => void): SqliteSession {
  let broken: SqliteError | undefined;
  async function ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> {
    if (broken !== undefined) throw broken;
    try {
      return await connection.ask(request);
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
    rollback: async () => void (await connection.ask({ do: 'rollback' })),
    release() {
      // The next one opens the file anew: it may be another, or mended.
      if (broken !== undefined) connection.ask({ do: 'close' }).catch(() => {});
      onRelease();
    },
  };
}

function isOutage(error: unknown): error is SqliteError {
  return error instanceof SqliteError && !ENTRY_FAULTS.has(error.code & 0xff);
}
