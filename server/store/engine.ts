import type { AliasedRawBuilder, Expression, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** How a column of `rowsOf` is read from JSON. */
export type ColumnType = 'text' | 'integer' | 'real';

/** What the two databases do differently. Everything else is the same query on both. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** For transactions that write, one at a time. */
  readonly writer: Kysely<Schema>;
  /** For everything else; a slow reader does not hold up who writes. */
  readonly reader: Kysely<Schema>;
  /** Objects as the rows of a table named `r`, in one parameter however many there are. */
  rowsOf<R extends object>(
    rows: readonly R[],
    columns: Readonly<Record<keyof R & string, ColumnType>>,
  ): AliasedRawBuilder<R, 'r'>;
  /** Whether a text contains another, in any case of the letters A to Z at least. */
  contains(column: Expression<string | null>, text: string): RawBuilder<SqlBool>;
  /** Tells the other servers of this database, when the transaction is committed, how far the log goes. */
  announce(transaction: Transaction<Schema>, newestEntryId: number): Promise<void>;
  /** Hears how far the log goes after other servers wrote, and after such news may have been missed. */
  listen(onNews: (newestEntryId: number) => void): void;
  /** Whether an error means that the database cannot be used now, and not that a statement was wrong. */
  isOutage(error: unknown): boolean;
  /** Whether an outage may pass by itself, and is not a matter of settings. */
  mayPass(error: unknown): boolean;
  close(): Promise<void>;
}

/** A text as a pattern for LIKE that matches wherever the text is, with `\` as the escape. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
