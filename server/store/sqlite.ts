import {
  type AliasedRawBuilder,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { driverOf, type Session } from './driver.ts';
import { type Engine, patternOf } from './engine.ts';
import type { Schema } from './schema.ts';
import { createSqliteThread, SqliteError, type SqliteThread } from './sqlite-thread.ts';
import type { SqliteAnswer, SqliteRequest } from './sqlite-worker.ts';

/**
 * SQLite in a file, made where it is missing: one connection that writes, one that reads, each in a thread.
 * Write-ahead log, and every commit waits until the disk has it.
 * @param path of the file; its folder is made too, for its owner only.
 */
export function openSqlite(path: string): Engine {
  const writing = createSqliteThread({ path, readOnly: false });
  const reading = createSqliteThread({ path, readOnly: true });
  const writer = new Kysely<Schema>({ dialect: dialectOf(writing) });
  const reader = new Kysely<Schema>({ dialect: dialectOf(reading) });
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
    contains: (column, text) => sql`${column} like ${patternOf(text)} escape '\\'`,
    announce: async () => {},
    listen: () => {},
    isOutage,
    mayPass: (error) => error instanceof SqliteError && BUSY.has(error.code & 0xff),
    async close() {
      await Promise.all([writer.destroy(), reader.destroy()]);
    },
  };
}

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

function dialectOf(thread: SqliteThread): Dialect {
  return {
    // Kysely gives the one session to one user at a time.
    createDriver: () =>
      driverOf(
        async () => sessionOf(thread),
        () => thread.close(),
      ),
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

function sessionOf(thread: SqliteThread): Session {
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
      const { rows, changes } = await ask<Row>({ do: 'query', sql: text, parameters });
      return { rows, numAffectedRows: BigInt(changes) };
    },
    begin: async () => void (await ask({ do: 'begin' })),
    commit: async () => void (await ask({ do: 'commit' })),
    rollback: async () => void (await thread.ask({ do: 'rollback' })),
    release() {
      // The next one opens the file anew: it may be another, or mended.
      if (broken !== undefined) thread.ask({ do: 'close' }).catch(() => {});
    },
  };
}

function isOutage(error: unknown): error is SqliteError {
  return error instanceof SqliteError && !ENTRY_FAULTS.has(error.code & 0xff);
}
