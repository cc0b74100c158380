import { Kysely } from 'kysely';
import type { Work } from '../engine.ts';
import type { Schema } from '../schema.ts';
import type { SqliteAnswer, SqliteRequest } from './connection.ts';
import { dialectOf, sqliteSpelling } from './dialect.ts';

type Query = <Row>(sql: string, parameters: readonly unknown[]) => Promise<SqliteAnswer<Row>>;

/** Runs a whole transaction in this thread. */
export async function perform(
  query: Query,
  { module, name, input }: { module: string; name: string; input: unknown },
): Promise<unknown> {
  const { [name]: work }: Record<string, Work<unknown, unknown>> = await import(module);
  if (work === undefined) throw new Error(`${module} has no ${name}.`);
  return databaseOver(query)
    .transaction()
    .execute((transaction) => work.run(sqliteSpelling, transaction, input));
}

let database: Kysely<Schema> | undefined;

/** The connection of this thread for queries. */
function databaseOver(query: Query): Kysely<Schema> {
  const ask = <Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>> => {
    if (request === 'close' || !('sql' in request)) throw new Error('Only a query is asked here.');
    return query(request.sql, request.parameters);
  };
  database ??= new Kysely({
    dialect: dialectOf({ take: async () => ({ release() {} }), ask, close: async () => {} }),
  });
  return database;
}
