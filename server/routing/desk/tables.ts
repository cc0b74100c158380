import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../../store/engine.ts';
import { integerOf } from '../../store/migrate.ts';

/** The tables of the desk. Its state is rebuilt from nothing else, so it is never dropped. */
export function deskMigrations(name: Spelling['name']): Record<string, Migration> {
  return {
    '020-desk': { up: (db) => createDesk(db, name) },
    '021-desk-rules': { up: (db) => createDeskRules(db, name) },
    '022-desk-exchanges': { up: addExchanges },
    '023-desk-causes': { up: addCauses },
    '024-desk-deletions': { up: (db) => addDeletions(db, name) },
  };
}

async function createDesk(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  const id = name === 'postgres' ? sql`text collate "C"` : 'text';

  await db.schema
    .createTable('desk_calls')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('from_party', 'text')
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('desk_calls_of_party')
    .on('desk_calls')
    .columns(['from_party', 'changed_at'])
    .execute();
  await db.schema
    .createIndex('desk_calls_open')
    .on('desk_calls')
    .column('id')
    .where(sql.ref('open'), '=', sql.lit(1))
    .execute();

  await db.schema
    .createTable('desk_agents')
    .addColumn('name', id, (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('desk_reservations')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('call', id, (column) => column.notNull())
    .addColumn('agent', id, (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('accepted', 'smallint', (column) => column.notNull())
    .addColumn('queue', 'text')
    .addColumn('handle_ms', integer)
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('desk_handled')
    .on('desk_reservations')
    .columns(['queue', 'changed_at', 'handle_ms'])
    .where(sql.ref('handle_ms'), 'is not', null)
    .execute();
  // A second guard beside the decisions: a fault becomes an error, not two calls for one agent.
  await db.schema
    .createIndex('desk_one_reservation')
    .unique()
    .on('desk_reservations')
    .column('agent')
    .where(sql.ref('open'), '=', sql.lit(1))
    .execute();
  await db.schema
    .createIndex('desk_one_agent')
    .unique()
    .on('desk_reservations')
    .column('call')
    .where(sql.ref('accepted'), '=', sql.lit(1))
    .execute();
  await db.schema.createIndex('desk_reservations_of_call').on('desk_reservations').column('call').execute();

  await db.schema
    .createTable('desk_effects')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', id, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('queued_at', integer, (column) => column.notNull())
    .addColumn('due_at', integer, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('attempted_at', integer)
    .addColumn('leased_until', integer, (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('done_at', integer)
    .execute();
  await db.schema
    .createIndex('desk_effects_due')
    .on('desk_effects')
    .columns(['due_at', 'id'])
    .where(sql.ref('done_at'), 'is', null)
    .execute();
  await db.schema.createIndex('desk_effects_attempted').on('desk_effects').column('attempted_at').execute();

  await db.schema
    .createTable('desk_events')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('call', id)
    .addColumn('agent', id)
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('desk_events_of_call')
    .on('desk_events')
    .columns(['call', 'id'])
    .where(sql.ref('call'), 'is not', null)
    .execute();
  await db.schema.createIndex('desk_events_at').on('desk_events').columns(['at', 'id']).execute();
}

async function createDeskRules(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  await db.schema
    .createTable('desk_rules')
    .addColumn('server', 'text', (column) => column.primaryKey().notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('seen_at', integerOf(name), (column) => column.notNull())
    .execute();
}

async function addExchanges(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('desk_effects').addColumn('exchanges', 'text').execute();
}

async function addCauses(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('desk_effects').addColumn('request_id', 'text').execute();
}

async function addDeletions(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  for (const column of ['desk_erasures', 'desk_deleted_before']) {
    await db.schema
      .alterTable('counters')
      .addColumn(column, integerOf(name), (added) => added.notNull().defaultTo(0))
      .execute();
  }
}

/** A call in the desk. */
export interface DeskCallRow {
  id: string;
  /** 0 once the caller's leg has ended. */
  open: 0 | 1;
  from_party: string | null;
  /** When it came to its present stage. */
  changed_at: number;
  /** A `DeskCall` as JSON. */
  state: string;
}

export interface DeskAgentRow {
  name: string;
  /** An `Agent` as JSON. */
  state: string;
}

export interface DeskReservationRow {
  id: string;
  call: string;
  agent: string;
  open: 0 | 1;
  /** 1 while the agent and the caller belong together. */
  accepted: 0 | 1;
  queue: string | null;
  /** Talk and wrap-up in milliseconds, once they are over. */
  handle_ms: number | null;
  /** When it came to its present state. */
  changed_at: number;
  /** A `Reservation` as JSON. */
  state: string;
}

/** A request to the platform, to be sent or sent. */
export interface DeskEffectRow {
  id: number;
  kind: string;
  /** What no two requests at a time are about: a leg, a call or a reservation. */
  subject: string;
  /** An `Effect` as JSON. */
  body: string;
  queued_at: number;
  due_at: number;
  attempts: number;
  attempted_at: number | null;
  /** A server that attempts it has until then. */
  leased_until: number;
  /** What became of it; null while nothing did. */
  outcome: string | null;
  /** What was sent and answered, one `SentExchange` a line as JSON; null while nothing was. */
  exchanges: string | null;
  done_at: number | null;
  /** Id of the webhook that caused it, as in the log; null: none did. */
  request_id: string | null;
}

/** Something that the desk did. */
export interface DeskEventRow {
  id: number;
  at: number;
  call: string | null;
  agent: string | null;
  kind: string;
  /** A `DeskEvent` as JSON. */
  body: string;
}

/** The rules by which a server works. */
export interface DeskRulesRow {
  /** Random; a server has another one after each start. */
  server: string;
  fingerprint: string;
  /** When the server was last there. */
  seen_at: number;
}
