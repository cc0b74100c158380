/** What is asked of a SQLite file: a query, a whole transaction, or to be closed. */
export type SqliteRequest =
  | { sql: string; parameters: readonly unknown[] }
  | { module: string; name: string; input: unknown }
  | 'close';

export interface SqliteAnswer<Row> {
  rows: Row[];
  /** How many rows were written. */
  changes: number;
}

/** `code` is SQLite's extended result code, or 0 where the fault is not the database's. */
export type SqliteReply<Row> = SqliteAnswer<Row> | { error: string; code: number };

/** What SQLite, or the thread that it runs in, complained of. */
export class SqliteError extends Error {
  /** SQLite's primary result code; 0 where the fault is not the database's. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code & 0xff;
  }
}

/** A request that waits for its reply. */
export interface Waiting {
  settle(reply: SqliteReply<unknown>): void;
}

/** Whoever wrote the query knows what a row is. */
export function expectAnswer<Row>(): Waiting & { answer: Promise<SqliteAnswer<Row>> } {
  const { promise, resolve, reject } = Promise.withResolvers<SqliteAnswer<Row>>();
  const settle = (reply: SqliteReply<Row>) =>
    'error' in reply ? reject(new SqliteError(reply.error, reply.code)) : resolve(reply);
  return { settle, answer: promise };
}

/** A connection to a SQLite file, here or in a thread. */
export interface SqliteConnection {
  /** Gives the connection to one user; `release` takes it back. */
  take(): Promise<{ release(): void }>;
  /** Requests are answered in their order. */
  ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>>;
  close(): Promise<void>;
}
