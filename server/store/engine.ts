import type { AliasedRawBuilder, Expression, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** How a column is read from JSON. */
type ColumnType = 'text' | 'integer' | 'real';

export type Columns<Row> = Readonly<Record<keyof Row & string, ColumnType>>;

/** What the two databases say differently. Everything else is the same query on both. */
export interface Spelling {
  readonly name: 'sqlite' | 'postgres';
  /** Objects as the rows of a table named `r`, in one parameter however many there are. */
  rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'>;
  /** Whether a text contains another, ignoring the case of the letters A to Z at least. */
  contains(column: Expression<string | null>, text: string): RawBuilder<SqlBool>;
  /** Tells the other servers of this database, at the commit, which entry is the newest. A hint: they look. */
  announce(transaction: Transaction<Schema>, newestEntryId: number): Promise<void>;
}

/** A whole transaction that is carried out where the database is, for which SQLite's thread imports it. */
export interface Work<Input, Output> {
  /** The module that exports it, under this name. */
  module: string;
  name: string;
  run(spelling: Spelling, transaction: Transaction<Schema>, input: Input): Promise<Output>;
}

/** A database, and how it is used. */
export interface Engine extends Spelling {
  /** For transactions that write, one at a time. */
  readonly writer: Kysely<Schema>;
  /** For everything else; a slow reader does not hold up the writer. */
  readonly reader: Kysely<Schema>;
  /** First statement of every write: lets one transaction write at a time, among all servers. */
  lock(transaction: Transaction<Schema>): Promise<void>;
  /** Carries out a transaction; what it wrote is on the disk when this resolves. */
  perform<Input, Output>(work: Work<Input, Output>, input: Input): Promise<Output>;
  /** Hears of new entries by other servers, and after such news may have been missed. */
  listen(onNews: (newestEntryId: number) => void): void;
  /** Whether an error means that the database cannot be used now, and not that a statement was wrong. */
  isOutage(error: unknown): boolean;
  /** Whether the database is damaged, so that nothing but a person can help. */
  isDamage(error: unknown): boolean;
  /** Whether waiting may help after an outage, or only a change of settings. */
  mayPass(error: unknown): boolean;
  /** After an outage: whatever may be broken is opened again. */
  recover(): void;
  /** Throws where the database is no longer the one that was opened. */
  verify(): void;
  close(): Promise<void>;
}

/** A text as a pattern for LIKE that matches wherever the text is, with `\` as the escape. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The names of columns, in the order in which they are listed. */
export function columnNames<Name extends string>(columns: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in columns) names.push(name);
  return names;
}
