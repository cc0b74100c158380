import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Engine } from './engine.ts';

/** Any number that no other program takes for a lock of its own. */
const LOCK = 7_947_322_485_166;

/**
 * Brings the tables to the state that this version needs. Servers that start at once wait for each other,
 * and it is all done or nothing. Throws where the tables are those of a newer version.
 */
export async function migrate(engine: Engine): Promise<void> {
  await engine.writer.transaction().execute(async (transaction) => {
    // SQLite has one writer anyway.
    if (engine.name === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => migrationsFor(engine.name) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  });
}

/** By name, in the order of their names. What was published is never changed: the next one changes it. */
function migrationsFor(name: Engine['name']): Record<string, Migration> {
  return {
    '001-log-and-calls': { up: (db) => createLogAndCalls(db, name) },
    '002-places': { up: (db) => placeEntriesApart(db, name) },
  };
}

async function createLogAndCalls(db: Kysely<unknown>, name: Engine['name']): Promise<void> {
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
async function placeEntriesApart(db: Kysely<unknown>, name: Engine['name']): Promise<void> {
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

function integerOf(name: Engine['name']): 'bigint' | 'integer' {
  return name === 'postgres' ? 'bigint' : 'integer';
}
