import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

export function contactMigrations(name: Spelling['name']): Record<string, Migration> {
  return { '040-contacts': { up: (db) => createContacts(db, name) } };
}

async function createContacts(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  // Compared by code on every database, so that cursors mean the same.
  const text = name === 'postgres' ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('contacts')
    .addColumn('number', text, (column) => column.primaryKey().notNull())
    .addColumn('name', 'text')
    .addColumn('company', 'text')
    .addColumn('link', 'text')
    .addColumn('changed_by', 'text')
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addColumn('sort_key', text, (column) => column.notNull())
    .addColumn('searched', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('contacts_by_name').on('contacts').columns(['sort_key', 'number']).execute();
  await db.schema
    .createTable('contact_notes')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('number', text, (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('written_by', 'text')
    .addColumn('written_at', integer, (column) => column.notNull())
    .addColumn('call', text)
    .execute();
  await db.schema.createIndex('notes_of_contact').on('contact_notes').columns(['number', 'id']).execute();
}

export interface ContactRow {
  /** E.164 without `+`. */
  number: string;
  name: string | null;
  company: string | null;
  link: string | null;
  /** Null: the look-up, or nobody yet. */
  changed_by: string | null;
  /** Milliseconds since 1970. */
  changed_at: number;
  sort_key: string;
  /** Name and company, folded. */
  searched: string;
}

export interface ContactNoteRow {
  id: number;
  number: string;
  text: string;
  /** Null: the look-up. */
  written_by: string | null;
  written_at: number;
  call: string | null;
}
