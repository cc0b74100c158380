/** A request to a SQLite file: a query, a whole transaction, or close. */
export type SqliteRequest =
  | { sql: string; parameters: readonly unknown[] }
  | { module: string; name: string; input: unknown }
  | 'close';

export interface SqliteAnswer<Row> {
  rows: Row[];
  /** Number of rows written. */
  changes: number;
}

/** `code` is SQLite's extended result code, or 0 if the error is not from the database. */
export type SqliteReply<Row> = SqliteAnswer<Row> | { error: string; code: number };

/** An error of SQLite or of its thread. */
export class SqliteError extends Error {
  /** SQLite's primary result code; 0 if the error is not from the database. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code & 0xff;
  }
}

/** A pending request. */
export interface Waiting {
  settle(reply: SqliteReply<unknown>): void;
}

/** The author of the query knows the row type. */
export function expectAnswer<Row>(): Waiting & { answer: Promise<SqliteAnswer<Row>> } {
  const { promise, resolve, reject } = Promise.withResolvers<SqliteAnswer<Row>>();
  const settle = (reply: SqliteReply<Row>) =>
    'error' in reply ? reject(new SqliteError(reply.error, reply.code)) : resolve(reply);
  return { settle, answer: promise };
}

/** A connection to a SQLite file, here or in a thread. */
export interface SqliteConnection {
  /** Gives the connection to one user until `release`. */
  take(): Promise<{ release(): void }>;
  /** Requests are answered in order. */
  ask<Row>(request: SqliteRequest): Promise<SqliteAnswer<Row>>;
  close(): Promise<void>;
}
