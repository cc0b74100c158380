import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

export function voicemailMigrations(name: Spelling['name']): Record<string, Migration> {
  return {
    '030-voicemails': { up: (db) => createVoicemails(db, name) },
    '031-transcripts': { up: (db) => addTranscripts(db, name) },
  };
}

async function createVoicemails(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  const id = name === 'postgres' ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('voicemails')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('call', id)
    .addColumn('queue', 'text')
    .addColumn('from_party', 'text')
    .addColumn('offered_at', integer, (column) => column.notNull())
    .addColumn('received_at', integer)
    .addColumn('seconds', 'double precision')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('url', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('due_at', integer, (column) => column.notNull())
    .addColumn('transcript', 'text')
    .addColumn('heard_by', 'text')
    .addColumn('heard_at', integer)
    .execute();
  await db.schema
    .createIndex('voicemails_due')
    .on('voicemails')
    .column('due_at')
    .where(sql.ref('state'), 'in', sql`('offered', 'recorded')`)
    .execute();
  await db.schema.createIndex('voicemails_by_age').on('voicemails').columns(['offered_at', 'id']).execute();
}

async function addTranscripts(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  await db.schema.alterTable('voicemails').addColumn('transcript_url', 'text').execute();
  await db.schema.alterTable('voicemails').addColumn('transcript_told_at', integerOf(name)).execute();
  await db.schema.alterTable('voicemails').addColumn('transcript_due_at', integerOf(name)).execute();
  await db.schema
    .createIndex('voicemails_transcript_due')
    .on('voicemails')
    .column('transcript_due_at')
    .where(sql.ref('transcript_due_at'), 'is not', null)
    .execute();
}

/**
 * `offered`: the caller was asked for a message. `recorded`: the platform has it. `kept`: so have we. `empty`: nothing
 * was said. `missing`: nothing was heard of a recording, or it cannot be had any more.
 */
export type VoicemailState = 'offered' | 'recorded' | 'kept' | 'empty' | 'missing';

export interface VoicemailRow {
  /** 128 random bits in hex: it is part of a webhook's address. */
  id: string;
  /** The caller's leg. */
  call: string | null;
  queue: string | null;
  from_party: string | null;
  /** Milliseconds since 1970, as the next one. */
  offered_at: number;
  received_at: number | null;
  seconds: number | null;
  state: VoicemailState;
  /** Where the platform keeps the recording. */
  url: string | null;
  /** Failed tries to fetch it. */
  attempts: number;
  /** When it is to be looked at next. */
  due_at: number;
  /** What was said, as the platform wrote it down; null while it has not. */
  transcript: string | null;
  /** Where the platform keeps the transcript, and since when; null while it has told of none. */
  transcript_url: string | null;
  transcript_told_at: number | null;
  /** When it is to be fetched next; null: not at all. */
  transcript_due_at: number | null;
  /** The first agent who listened to it. */
  heard_by: string | null;
  heard_at: number | null;
}
