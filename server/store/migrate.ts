import { sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Engine, Spelling } from './engine.ts';
import type { Schema } from './schema.ts';

/** The tables that the rooms of the server keep in the store. */
export interface Tables {
  /** Their changes, by name, in the order of their names. What was published is never changed. */
  migrations(engine: Spelling['name']): Readonly<Record<string, Migration>>;
  /** What is left to do after them with the tables as they are now, at each start. */
  settle(spelling: Spelling, transaction: Transaction<Schema>): Promise<void>;
}

/** Any number that no other program takes for a lock of its own. */
const LOCK = 7_947_322_485_166;

/**
 * Brings the tables to the state that this version needs. Servers that start at once wait for each other,
 * and it is all done or nothing. Throws where the tables are those of a newer version.
 */
export async function migrate(engine: Engine, tables: Tables): Promise<void> {
  const known = tables.migrations(engine.name);
  await engine.writer.transaction().execute(async (transaction) => {
    // SQLite has one writer anyway.
    if (engine.name === 'postgres') {
      for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
        await sql`set local ${sql.raw(name)} = 0`.execute(transaction);
      await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    }
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => ({ ...known }) },
      // Rooms number theirs apart from each other.
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    if (error instanceof Error && /previously executed migration .+ is missing/.test(error.message)) {
      throw new Error('it was used by a newer version of Switchboard. Start that one, or use another store');
    }
    if (error !== undefined) throw error;
    await tables.settle(engine, transaction);
  });
}

/** The type of a whole number. */
export function integerOf(name: Spelling['name']): 'bigint' | 'integer' {
  return name === 'postgres' ? 'bigint' : 'integer';
}
