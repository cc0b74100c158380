import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

export function hookMigrations(name: Spelling['name']): Record<string, Migration> {
  return { '060-hooks': { up: (db) => createHooks(db, name) } };
}

async function createHooks(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  const text = name === 'postgres' ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('hooks')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('receiver', text, (column) => column.notNull())
    .addColumn('subject', text, (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('queued_at', integer, (column) => column.notNull())
    .addColumn('due_at', integer, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('leased_until', integer, (column) => column.notNull())
    .execute();
  for (const [index, columns] of [
    ['hooks_in_order', ['receiver', 'id']],
    ['hooks_of_subject', ['receiver', 'subject', 'id']],
    ['hooks_leased', ['receiver', 'leased_until']],
    ['hooks_by_age', ['queued_at']],
    ['hooks_about', ['subject']],
  ] as const) {
    await db.schema
      .createIndex(index)
      .on('hooks')
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createTable('hook_receivers')
    .addColumn('receiver', text, (column) => column.primaryKey().notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('paused_until', integer, (column) => column.notNull())
    .addColumn('stopped_at', integer)
    .execute();
}

/** A hook that one receiver has not got yet. It is deleted once it has. */
export interface HookRow {
  id: number;
  /** The same for all receivers and attempts, and never used again: ids are, where the table was empty. */
  message: string;
  /** From the address, see `receiverOf`. */
  receiver: string;
  /** The call or agent that it is about: those of one subject are sent in order. */
  subject: string;
  type: string;
  /** As it is sent. */
  body: string;
  queued_at: number;
  due_at: number;
  attempts: number;
  /** A server that sends it has until then. */
  leased_until: number;
}

/** A receiver that has failed, or wants no more. */
export interface HookReceiverRow {
  receiver: string;
  /** In a row, those while it was paused left out. */
  failures: number;
  /** Nothing is sent until then. */
  paused_until: number;
  /** Since when it wants no more hooks; null: it wants them. */
  stopped_at: number | null;
}
