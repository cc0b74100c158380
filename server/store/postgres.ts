import {
  type AliasedRawBuilder,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import type pg from 'pg';
import { driverOf } from './driver.ts';
import { type ColumnType, type Engine, patternOf } from './engine.ts';
import { createPostgresNews, NEWS_CHANNEL } from './postgres-news.ts';
import { ConnectionLost, createSessions, isServerError, settingsOf } from './postgres-session.ts';
import type { Schema } from './schema.ts';

/** SQLSTATE classes that tell of a value that cannot be stored; all others tell of the server or the disk. */
const ENTRY_FAULTS: ReadonlySet<string> = new Set([
  '22', // data exception
  '23', // integrity constraint violation
  '54', // program limit exceeded
]);

/** SQLSTATE classes of a server that starts, stops, or is too busy. */
const PASSING: ReadonlySet<string> = new Set(['08', '53', '55', '57']);

const TYPE_OF = { text: 'text', integer: 'bigint', real: 'double precision' } as const;

/** @param url like `postgres://user:password@host:5432/database`. */
export function openPostgres(url: string): Engine {
  const settings = settingsOf(url);
  // Apart, so that no number of searches can keep an event from being stored.
  const writer = new Kysely<Schema>({ dialect: dialectOf(settings, 2) });
  const reader = new Kysely<Schema>({ dialect: dialectOf(settings, 6) });
  const news = createPostgresNews(settings);
  return {
    name: 'postgres',
    writer,
    reader,
    rowsOf<R extends object>(
      rows: readonly R[],
      columns: Readonly<Record<keyof R & string, ColumnType>>,
    ): AliasedRawBuilder<R, 'r'> {
      const fields = Object.entries<ColumnType>(columns).map(
        ([name, type]) => sql`${sql.ref(name)} ${sql.raw(TYPE_OF[type])}`,
      );
      return sql<R>`json_to_recordset(${JSON.stringify(rows)}::json)`.as<'r'>(sql`r(${sql.join(fields)})`);
    },
    contains: (column, text) => sql`${column} ilike ${patternOf(text)} escape '\\'`,
    async announce(transaction, newestEntryId) {
      await sql`select pg_notify(${NEWS_CHANNEL}, ${String(newestEntryId)})`.execute(transaction);
    },
    listen: news.listen,
    isOutage: (error) =>
      error instanceof ConnectionLost || (isServerError(error) && !ENTRY_FAULTS.has(error.code.slice(0, 2))),
    mayPass: (error) =>
      error instanceof ConnectionLost || (isServerError(error) && PASSING.has(error.code.slice(0, 2))),
    async close() {
      await Promise.all([news.close(), writer.destroy(), reader.destroy()]);
    },
  };
}

function dialectOf(settings: pg.ClientConfig, connections: number): Dialect {
  const sessions = createSessions(settings, connections);
  return {
    createDriver: () => driverOf(sessions.open, sessions.end),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
