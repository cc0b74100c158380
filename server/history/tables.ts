import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { HistoryItem, HistoryOutcome } from '../../domain/api/history-api.ts';
import type { Columns, Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

export function historyMigrations(name: Spelling['name']): Record<string, Migration> {
  return { '050-history': { up: (db) => createHistory(db, name) } };
}

async function createHistory(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  const text = name === 'postgres' ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('history')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('call', text, (column) => column.notNull())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('settled_at', integer, (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('became', 'text')
    .addColumn('number', text)
    .addColumn('note', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  for (const [index, columns] of [
    ['history_by_age', ['agent', 'at', 'id']],
    ['history_by_outcome', ['agent', 'outcome', 'at', 'id']],
    ['history_by_end', ['agent', 'became', 'at', 'id']],
    ['history_of_number', ['number', 'agent', 'at', 'id']],
    ['history_of_call', ['call']],
    ['history_before', ['at']],
  ] as const) {
    await db.schema
      .createIndex(index)
      .on('history')
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createIndex('history_missed')
    .on('history')
    .columns(['agent', 'settled_at'])
    .where(sql.ref('outcome'), '=', sql.lit('missed'))
    .execute();
  await db.schema
    .createTable('history_seen')
    .addColumn('agent', text, (column) => column.primaryKey().notNull())
    .addColumn('seen_at', integer, (column) => column.notNull())
    .execute();
}

/** What a call was to an agent, or became for the team: a projection of the desk's events, or of the log. */
export interface HistoryRow {
  /** Call and agent. */
  id: string;
  call: string;
  /** Empty for the team. */
  agent: string;
  at: number;
  /** When this came about. */
  settled_at: number;
  direction: HistoryItem['direction'];
  outcome: HistoryOutcome;
  /** The outcome for the team; null while the call goes on. */
  became: HistoryOutcome | null;
  /** The customer, digits alone; null: withheld. */
  number: string | null;
  /** What was noted in the wrap-up. */
  note: string | null;
  /** The rest, as JSON. */
  body: string;
}

export const HISTORY_COLUMNS: Columns<HistoryRow> = {
  id: 'text',
  call: 'text',
  agent: 'text',
  at: 'integer',
  settled_at: 'integer',
  direction: 'text',
  outcome: 'text',
  became: 'text',
  number: 'text',
  note: 'text',
  body: 'text',
};

export interface HistorySeenRow {
  agent: string;
  /** Calls missed until then are not counted. */
  seen_at: number;
}
