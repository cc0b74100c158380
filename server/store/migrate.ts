import { sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Engine, Spelling } from './engine.ts';
import type { Schema } from './schema.ts';

/** The tables of the server's parts. */
export interface Tables {
  /** Migrations, applied in the order of their names. Never change a published one. */
  migrations(engine: Spelling['name']): Readonly<Record<string, Migration>>;
  /** Runs after the migrations at each start. */
  settle(spelling: Spelling, transaction: Transaction<Schema>): Promise<void>;
}

/** Any number that no other program uses as an advisory lock. */
const LOCK = 7_947_322_485_166;

/**
 * Upgrades the tables to this version in one transaction. Servers that start at the same time wait for each other, and
 * nothing is written meanwhile; afterwards, servers of an older version write nothing any more, and read nothing from
 * their first refused write on. Throws if the tables are of a newer version.
 */
export async function migrate(engine: Engine, tables: Tables): Promise<void> {
  const migrations = tables.migrations(engine.name);
  await withoutLimits(engine, async (transaction) => {
    const all = await migratorOf(transaction, migrations).getMigrations();
    if (all.some(({ executedAt }) => executedAt === undefined)) await engine.lock(transaction);
    await applyMigrations(transaction, migrations);
    await tables.settle(engine, transaction);
  });
  engine.allowMigrations(Object.keys(migrations).length);
}

/** Runs a transaction that may take long. No other one of these runs meanwhile, on any server. */
export function withoutLimits<T>(
  engine: Engine,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return engine.writer.transaction().execute(async (transaction) => {
    // SQLite has only one writer anyway.
    if (engine.name === 'postgres') {
      for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
        await sql`set local ${sql.raw(name)} = 0`.execute(transaction);
      await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    }
    return work(transaction);
  });
}

/** Brings the tables to where these migrations lead. Throws if others were applied before. */
export async function applyMigrations(
  transaction: Transaction<Schema>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const { error } = await migratorOf(transaction, migrations).migrateToLatest();
  if (error instanceof Error && /previously executed migration .+ is missing/.test(error.message)) {
    throw new Error('it was used by a newer version of Switchboard. Start that one, or use another store');
  }
  if (error !== undefined) throw error;
}

function migratorOf(db: Transaction<Schema>, migrations: Readonly<Record<string, Migration>>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    // Each part of the server numbers its own migrations.
    allowUnorderedMigrations: true,
  });
}

/** The column type of an integer. */
export function integerOf(name: Spelling['name']): 'bigint' | 'integer' {
  return name === 'postgres' ? 'bigint' : 'integer';
}
