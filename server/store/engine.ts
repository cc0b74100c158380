import type { MessagePort } from 'node:worker_threads';
import type { AliasedRawBuilder, Expression, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely';
import type { Columns } from './columns.ts';
import type { RowWrites } from './row-writes.ts';
import type { Counters, NewEntryRow, Schema } from './schema.ts';

/** What became of entries that were to be added to the log. */
export interface Appended {
  /** The newest entry before them, whoever added it. */
  previousEntryId: number;
  /** Of each, in their order: its id if it is new, or that of the entry that was there before. */
  ids: number[];
}

/** What the two databases do differently. Everything else is the same query on both. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** For transactions that write, one at a time. */
  readonly writer: Kysely<Schema>;
  /** For everything else; a slow reader does not hold up who writes. */
  readonly reader: Kysely<Schema>;
  /** Objects as the rows of a table named `r`, in one parameter however many there are. */
  rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'>;
  /** Writes rows, however many there are. */
  write(transaction: Transaction<Schema>, writes: RowWrites): Promise<void>;
  /**
   * Writes what was projected, where the calls are still as they were when the counters were `before`, and tells
   * the other servers. Nothing waits for the disk: what a failure of the machine takes is projected anew. It may
   * be seen in part before it is whole: calls that tell of more than the counters say, of which they will tell
   * again without a change.
   * @param after the counters when it is whole.
   * @returns whether it is; false where somebody else changed calls meanwhile.
   */
  writeProjection(before: Counters, after: Counters, writes: readonly RowWrites[]): Promise<boolean>;
  /** Whether a text contains another, in any case of the letters A to Z at least. */
  contains(column: Expression<string | null>, text: string): RawBuilder<SqlBool>;
  /**
   * Adds entries to the log in a transaction of their own, in the order given, and leaves out those of which
   * the key is there already, be it among them. Ids follow each other without a gap.
   */
  append(rows: readonly NewEntryRow[]): Promise<Appended>;
  /** Tells the other servers of this database, when the transaction is committed, how far the calls are. */
  announce(transaction: Transaction<Schema>, projectedEntryId: number): Promise<void>;
  /** Hears how far the log goes after other servers wrote, and after such news may have been missed. */
  listen(onNews: (news: News) => void): void;
  /** How another thread of this program writes too, where that is not by a connection of its own. */
  shareWriter(): MessagePort | undefined;
  /** Whether an error means that the database cannot be used now, and not that a statement was wrong. */
  isOutage(error: unknown): boolean;
  /** Whether an outage may pass by itself, and is not a matter of settings. */
  mayPass(error: unknown): boolean;
  close(): Promise<void>;
}

/** How far the log goes. */
export interface News {
  projectedEntryId: number;
  /** Whether it goes further than the calls do, so that somebody must project. */
  isMore: boolean;
}

/** A text as a pattern for LIKE that matches wherever the text is, with `\` as the escape. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
