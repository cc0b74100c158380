import {
  type AliasedRawBuilder,
  CompiledQuery,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type Transaction,
} from 'kysely';
import type pg from 'pg';
import type { Columns, ColumnType } from './columns.ts';
import { isUnchanged, takeCounters, writesOfProgress } from './counters.ts';
import { driverOf } from './driver.ts';
import { type Engine, patternOf } from './engine.ts';
import { appendByQueries } from './postgres-append.ts';
import { createPostgresNews, NEWS_CHANNEL } from './postgres-news.ts';
import { ConnectionLost, createSessions, isServerError, settingsOf } from './postgres-session.ts';
import type { RowWrites } from './row-writes.ts';
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
  const fieldsOf = (columns: Readonly<Record<string, ColumnType>>) =>
    Object.entries(columns)
      .map(([name, type]) => `${name} ${TYPE_OF[type]}`)
      .join();
  function rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'> {
    const fields = sql.raw(`r(${fieldsOf(columns)})`);
    return sql<R>`json_to_recordset(${JSON.stringify(rows)}::json)`.as<'r'>(fields);
  }
  async function write(transaction: Transaction<Schema>, writes: RowWrites): Promise<void> {
    if (writes.size === 0) return;
    const { sql: text, json } = writes.atOnce(
      `json_to_recordset($1::json) as r(${fieldsOf(writes.columns)})`,
    );
    await transaction.executeQuery(CompiledQuery.raw(text, [json]));
  }
  async function announce(transaction: Transaction<Schema>, projectedEntryId: number): Promise<void> {
    await sql`select pg_notify(${NEWS_CHANNEL}, ${String(projectedEntryId)})`.execute(transaction);
  }
  return {
    name: 'postgres',
    writer,
    reader,
    rowsOf,
    write,
    writeProjection: (before, after, writes) =>
      writer.transaction().execute(async (transaction) => {
        await sql`set local synchronous_commit to off`.execute(transaction);
        const counters = await takeCounters('postgres', transaction);
        if (!isUnchanged(counters, before, after.projected_entry_id)) return false;
        for (const each of [...writes, writesOfProgress(after)]) await write(transaction, each);
        await announce(transaction, after.projected_entry_id);
        return true;
      }),
    contains: (column, text) => sql`${column} ilike ${patternOf(text)} escape '\\'`,
    append: (rows) => appendByQueries({ writer, rowsOf }, rows),
    announce,
    shareWriter: () => undefined,
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
