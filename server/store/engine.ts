import type { AliasedRawBuilder, Expression, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** How to read a column from JSON. */
type ColumnType = 'text' | 'integer' | 'real';

export type Columns<Row> = Readonly<Record<keyof Row & string, ColumnType>>;

/** What differs between the two databases. All other queries are the same on both. */
export interface Spelling {
  readonly name: 'sqlite' | 'postgres';
  /** Objects as the rows of a table named `r`, passed in a single parameter. */
  rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'>;
  /** Whether a text contains another, ignoring case at least for A to Z. */
  contains(column: Expression<string | null>, text: string): RawBuilder<SqlBool>;
  /** On commit, notifies the other servers about the newest entry. It is only a hint: they check themselves. */
  announce(transaction: Transaction<Schema>, newestEntryId: number): Promise<void>;
}

/** A whole transaction that runs next to the database. For SQLite, the database thread imports it. */
export interface Work<Input, Output> {
  /** The module that exports it under `name`. */
  module: string;
  name: string;
  run(spelling: Spelling, transaction: Transaction<Schema>, input: Input): Promise<Output>;
}

/** A database and how to use it. */
export interface Engine extends Spelling {
  /** For write transactions, one at a time. */
  readonly writer: Kysely<Schema>;
  /** For everything else: a slow reader does not block the writer. */
  readonly reader: Kysely<Schema>;
  /** First statement of every write transaction: allows one at a time across all servers. */
  lock(transaction: Transaction<Schema>): Promise<void>;
  /**
   * From now on, transactions that write fail as in an outage once more migrations than these made the tables: a server
   * of a newer version has changed them. Reads do not check; they are refused when the store is opened anew after that
   * outage. With SQLite there is only one server.
   */
  allowMigrations(count: number): void;
  /** Runs a transaction. Resolves when its writes are on disk. */
  perform<Input, Output>(work: Work<Input, Output>, input: Input): Promise<Output>;
  /** Calls the listener when other servers add entries, and when a notification may have been missed. */
  listen(onNews: (newestEntryId: number) => void): void;
  /** Whether an error means that the database is unavailable, rather than that a statement was wrong. */
  isOutage(error: unknown): boolean;
  /** Whether the database is damaged and needs manual repair. */
  isDamage(error: unknown): boolean;
  /** Whether waiting may help, rather than only a change of settings. */
  mayPass(error: unknown): boolean;
  /** Reopens all connections after an outage. */
  recover(): void;
  /** Runs reads that all see the database as it is now, however long they take, while others write. */
  snapshot<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>;
  /** Bytes that the database takes on the disk. */
  size(): Promise<number>;
  /** Throws if the database is no longer the one that was opened. */
  verify(): void;
  close(): Promise<void>;
}

/**
 * Waits for statements of one transaction that need not wait for each other; Postgres gets them at once. Waits for
 * all even if one fails, so that none comes after the rollback.
 */
export async function together<const Statements extends readonly Promise<unknown>[]>(statements: Statements) {
  await Promise.allSettled(statements);
  return Promise.all(statements);
}

/** A LIKE pattern that matches the text anywhere, with `\` as escape character. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Column names in the order listed. */
export function columnNames<Name extends string>(columns: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in columns) names.push(name);
  return names;
}
