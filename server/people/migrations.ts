import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

/** The tables for accounts, sessions and invitations. */
export function peopleMigrations(name: Spelling['name']): Record<string, Migration> {
  return {
    '010-sessions': { up: (db) => createSessions(db, name) },
    '011-accounts': { up: (db) => createAccounts(db, name) },
    '012-invitations': { up: (db) => createInvitations(db, name) },
    '013-account-subjects': { up: (db) => createSubjects(db, name) },
  };
}

async function createSessions(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_by_expiry').on('sessions').column('expires_at').execute();
}

async function createInvitations(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  await db.schema
    .createTable('invitations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('agent', name === 'postgres' ? sql`text collate "C"` : 'text', (column) => column.notNull())
    .addColumn('expires_at', integerOf(name), (column) => column.notNull())
    .execute();
}

async function createSubjects(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const text = name === 'postgres' ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('account_subjects')
    .addColumn('subject', text, (column) => column.primaryKey().notNull())
    .addColumn('name', text, (column) => column.notNull().unique())
    .execute();
}

async function createAccounts(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  await db.schema
    .createTable('accounts')
    .addColumn('name', name === 'postgres' ? sql`text collate "C"` : 'text', (column) =>
      column.primaryKey().notNull(),
    )
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('code_hash', 'text')
    .addColumn('added_at', integer, (column) => column.notNull())
    .addColumn('removed_at', integer)
    .execute();
}
