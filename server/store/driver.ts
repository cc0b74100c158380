import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** One user's time with a database. */
export interface Session {
  /** Whoever wrote the text knows what a row is. */
  query<Row>(text: string, parameters: readonly unknown[]): Promise<QueryResult<Row>>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Does not fail where nothing is left to be undone. */
  rollback(): Promise<void>;
  release(): void;
}

/** What Kysely needs of a database, from the sessions that can be had with it. */
export function driverOf(openSession: () => Promise<Session>, end: () => Promise<void>): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => new Connection(await openSession()),
    // Kysely gives back what `acquireConnection` gave.
    beginTransaction: ({ session }: Connection) => session.begin(),
    commitTransaction: ({ session }: Connection) => session.commit(),
    rollbackTransaction: ({ session }: Connection) => session.rollback(),
    releaseConnection: async ({ session }: Connection) => session.release(),
    destroy: end,
  };
}

class Connection implements DatabaseConnection {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.session.query(sql, parameters);
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed here.');
  }
}
