import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

/** The tables of the log, and of the calls that are projected from it in the same transaction. */
export function logMigrations(name: Spelling['name']): Record<string, Migration> {
  return {
    '001-log-and-calls': { up: (db) => createLogAndCalls(db, name) },
    '002-places': { up: (db) => placeEntriesApart(db, name) },
    '003-one-transaction': { up: (db) => projectAtOnce(db, name) },
  };
}

async function createLogAndCalls(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const isPostgres = name === 'postgres';
  const integer = integerOf(name);
  // Ids are compared by code, as SQLite does, whatever the language of the database.
  const id = isPostgres ? sql`text collate "C"` : 'text';

  await db.schema
    .createTable('calls')
    .addColumn('number', integer, (column) => column.primaryKey())
    .addColumn('id', id, (column) => column.notNull().unique())
    .addColumn('first_seen_at', integer, (column) => column.notNull())
    .addColumn('last_entry_id', integer, (column) => column.notNull())
    .addColumn('from_party', 'text')
    .addColumn('to_party', 'text')
    .addColumn('agent', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('started_at', integer)
    .addColumn('answered_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();
  // With the parties, so that a search for a number reads nothing but this index.
  await db.schema
    .createIndex('calls_by_age')
    .on('calls')
    .columns(['first_seen_at', 'number', 'from_party', 'to_party'])
    .execute();
  await db.schema
    .createIndex('calls_by_agent')
    .on('calls')
    .columns(['agent', 'first_seen_at', 'number'])
    .execute();
  await db.schema
    .createIndex('calls_that_live')
    .on('calls')
    .columns(['first_seen_at', 'number'])
    .where(sql.ref('status'), '<>', 'ended')
    .execute();

  await db.schema
    .createTable('entries')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('call_number', integer, (column) => column.references('calls.number'))
    .addColumn('leg_uuid', id)
    .addColumn('by_leg', 'smallint', (column) => column.notNull())
    .addColumn('received_at', integer, (column) => column.notNull())
    .addColumn('took', 'double precision', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('replayed', 'smallint', (column) => column.notNull())
    .addColumn('deduplication_key', id, (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('entries_of_call')
    .on('entries')
    .columns(['call_number', 'id'])
    .where(sql.ref('call_number'), 'is not', null)
    .execute();
  await db.schema.createIndex('entries_by_key').unique().on('entries').column('deduplication_key').execute();

  await db.schema
    .createTable('legs')
    .addColumn('uuid', id, (column) => column.primaryKey().notNull())
    .addColumn('call_id', id)
    .$call((table) => (isPostgres ? table : table.modifyEnd(sql`without rowid`)))
    .execute();

  await db.schema
    .createTable('counters')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('newest_entry_id', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('projected_entry_id', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('newest_call_number', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('calls_version', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('probe', 'text')
    .execute();
  await sql`insert into counters (id) values (1)`.execute(db);
}

/**
 * The log itself is never changed any more. A place in a row of its own costs a third of what it cost to write the
 * whole entry anew, and leaves nothing behind that Postgres would have to clear away.
 */
async function placeEntriesApart(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  await db.schema
    .createTable('places')
    .addColumn('entry_id', integer, (column) => column.primaryKey())
    .addColumn('call_number', integer, (column) => column.notNull().references('calls.number'))
    .execute();
  await sql`insert into places (entry_id, call_number)
    select id, call_number from entries where call_number is not null order by id`.execute(db);
  await db.schema.createIndex('places_of_call').on('places').columns(['call_number', 'entry_id']).execute();
  await db.schema.dropIndex('entries_of_call').execute();
  await db.schema.alterTable('entries').dropColumn('call_number').execute();
}

/**
 * Entries are projected in the transaction that adds them, and keep their route and their reply. A call has many
 * names: conversations, legs and recordings. Entries that were not projected yet have no call for now, nor have those that tell of
 * a leg that went to another conversation: `assignLeftOver` finds it. Nothing references a call by a constraint:
 * Postgres would look up and lock the call for each entry, which doubles the cost of adding one.
 */
async function projectAtOnce(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const isPostgres = name === 'postgres';
  const integer = integerOf(name);
  const id = isPostgres ? sql`text collate "C"` : 'text';

  await db.schema
    .createTable('call_names')
    .addColumn('name', id, (column) => column.primaryKey().notNull())
    .addColumn('call_number', integer, (column) => column.notNull())
    .$call((table) => (isPostgres ? table : table.modifyEnd(sql`without rowid`)))
    .execute();
  await db.schema.createIndex('names_of_call').on('call_names').column('call_number').execute();
  await sql`insert into call_names (name, call_number) select id, number from calls order by id`.execute(db);
  await sql`insert into call_names (name, call_number)
    select 'leg:' || uuid, number from legs
    inner join calls on calls.id = coalesce(call_id, 'leg:' || uuid)
    where true on conflict do nothing`.execute(db);

  await db.schema.alterTable('calls').addColumn('last_heard_at', integer).execute();
  await db.schema.alterTable('calls').addColumn('hung_up_by', 'text').execute();
  await db.schema.alterTable('calls').addColumn('aliases', 'text').execute();
  // A call is written again with each of its events: beside its old row, no index has to change.
  if (isPostgres) await sql`alter table calls set (fillfactor = 50)`.execute(db);
  await sql`update calls set last_heard_at =
    coalesce((select received_at from entries where id = last_entry_id), first_seen_at)`.execute(db);

  const old = isPostgres
    ? { ncco: sql`body::json -> 'ncco'`, request: sql`(body::json -> 'request')::text`, text: sql`::text` }
    : { ncco: sql`body -> '$.ncco'`, request: sql`body -> '$.request'`, text: sql`` };
  await db.schema
    .createTable('deliveries')
    .addColumn('id', integer, (column) => column.primaryKey())
    .addColumn('call_number', integer)
    .addColumn('received_at', integer, (column) => column.notNull())
    .addColumn('took', 'double precision', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('route', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('replayed', 'smallint', (column) => column.notNull())
    .addColumn('repeats', integer)
    .addColumn('deduplication_key', id)
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('reply', 'text', (column) => column.notNull())
    .execute();
  await sql`insert into deliveries (id, call_number, received_at, took, type, method, route, request_id,
      replayed, deduplication_key, body, reply)
    select id, case when body not like '%"conversation_uuid_to"%' then call_number end, received_at, took, type, method, '/voice/' || type, request_id,
      replayed, deduplication_key,
      case type when 'event' then body else ${old.request} end,
      case type when 'event' then '{"status":200}' else '{"status":200,"ncco":' || (${old.ncco})${old.text} || '}' end
    from entries left join places on entry_id = id order by id`.execute(db);
  for (const table of ['places', 'legs', 'entries']) await db.schema.dropTable(table).execute();
  await db.schema.alterTable('deliveries').renameTo('entries').execute();
  await db.schema.createIndex('entries_of_call').on('entries').columns(['call_number', 'id']).execute();
  await db.schema
    .createIndex('entries_by_key')
    .unique()
    .on('entries')
    .column('deduplication_key')
    .where(sql.ref('deduplication_key'), 'is not', null)
    .execute();

  await db.schema.alterTable('counters').dropColumn('projected_entry_id').execute();
  await db.schema.alterTable('counters').dropColumn('calls_version').execute();
  await db.schema.alterTable('counters').addColumn('store_id', 'text').execute();
  await sql`update counters set store_id = ${randomUUID()}`.execute(db);
}
