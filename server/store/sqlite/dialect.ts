import {
  type AliasedRawBuilder,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { patternOf, type Spelling } from '../engine.ts';
import type { SqliteConnection } from './connection.ts';

export const sqliteSpelling: Spelling = {
  name: 'sqlite',
  rowsOf<R extends object>(rows: readonly R[], columns: object): AliasedRawBuilder<R, 'r'> {
    const fields = Object.keys(columns).map(
      (name) => sql`value ->> ${sql.lit(`$.${name}`)} as ${sql.ref(name)}`,
    );
    return sql<R>`(select ${sql.join(fields)} from json_each(${JSON.stringify(rows)}))`.as('r');
  },
  contains: (column, text) => sql`${column} like ${patternOf(text)} escape '\\'`,
  announce: async () => {},
};

class Connection implements DatabaseConnection {
  readonly #sqlite: SqliteConnection;
  readonly release: () => void;

  constructor(sqlite: SqliteConnection, release: () => void) {
    this.#sqlite = sqlite;
    this.release = release;
  }

  async executeQuery<Row>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#sqlite.ask<Row>({ sql: text, parameters });
    return { rows, numAffectedRows: BigInt(changes) };
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed here.');
  }
}

/** Kysely over a connection. */
export function dialectOf(sqlite: SqliteConnection): Dialect {
  const say = async (connection: DatabaseConnection, text: string) => {
    await connection.executeQuery(CompiledQuery.raw(text));
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => new Connection(sqlite, (await sqlite.take()).release),
    beginTransaction: (connection) => say(connection, 'begin immediate'),
    commitTransaction: (connection) => say(connection, 'commit'),
    rollbackTransaction: (connection) => say(connection, 'rollback'),
    releaseConnection: async (connection) => {
      if (connection instanceof Connection) connection.release();
    },
    destroy: () => sqlite.close(),
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class Adapter extends SqliteAdapter {
  // SQLite supports it, and it keeps two servers from migrating at the same time.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
