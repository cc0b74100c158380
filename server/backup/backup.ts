import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { Spelling } from '../store/engine.ts';
import type { Schema } from '../store/schema.ts';
import { engineAt, fileIn, type StorePlace } from '../store/store.ts';
import { type BackupCounts, type BackupItem, writeBackup } from './format.ts';

/** Rows read at once. A row of the log has at most half a megabyte, and about one kilobyte in practice. */
const ROWS_AT_ONCE = 200;
/** Bytes of a file in one line; a multiple of three, as base64 has it. */
const BYTES_AT_ONCE = 300_000;

/** What a backup contains, and how many recordings were not found. */
type Made = BackupCounts & { bytes: number; missing: number };

/**
 * Writes the whole store, as it is at one moment, and the files that belong to it. Servers go on meanwhile. Throws an
 * Error in words if that is not possible.
 */
export async function makeBackup(place: StorePlace, path: string, now: () => number): Promise<Made> {
  if (place.databaseUrl === undefined && !existsSync(fileIn(place))) {
    throw new Error(`There is no database at ${fileIn(place)}. DATA_DIR says where it is.`);
  }
  const engine = engineAt(place);
  let missing = 0;
  try {
    return await engine.snapshot(async (db) => {
      const all = await tablesIn(engine.name, db);
      const migrations = all.find(({ name }) => name === MIGRATIONS);
      if (migrations === undefined) throw new Error('The database has no tables of Switchboard.');
      const { rows } = await sql<{
        name: string;
      }>`select name from ${sql.table(MIGRATIONS)} order by name`.execute(db);
      const tables = all.filter(({ name }) => !name.startsWith(MIGRATIONS));
      const header = {
        format: 'switchboard-backup' as const,
        version: 1 as const,
        madeAt: new Date(now()).toISOString(),
        migrations: rows.map(({ name }) => name),
      };
      async function* items(): AsyncGenerator<BackupItem> {
        for (const table of tables) {
          yield { table: table.name, columns: table.columns };
          yield* rowsOf(db, table);
        }
        const recordings = tables.some(({ name }) => name === 'voicemails') ? await keptRecordings(db) : [];
        for (const file of [...recordings, 'access-codes.json']) {
          const content = await readFile(resolve(place.dataDir, file)).catch(() => undefined);
          if (content !== undefined) yield* fileLines(file, content);
          else if (file !== 'access-codes.json') missing += 1;
        }
      }
      return { ...(await writeBackup(path, header, items())), missing };
    });
  } finally {
    await engine.close();
  }
}

const MIGRATIONS = 'kysely_migration';

interface Table {
  name: string;
  key: string;
  /** Without those that the database computes. */
  columns: string[];
}

/** The tables of a database that have a key of one column, as all of ours have. */
export async function tablesIn(engine: Spelling['name'], db: Kysely<Schema>): Promise<Table[]> {
  const { rows } = await (engine === 'postgres' ? POSTGRES_COLUMNS : SQLITE_COLUMNS).execute(db);
  return [...Map.groupBy(rows, (row) => row.table)].flatMap(([name, columns]) => {
    const [key, ...others] = columns.filter(({ is_key }) => Number(is_key) === 1);
    if (key === undefined || others.length > 0) return [];
    const stored = columns.filter(({ is_generated }) => Number(is_generated) === 0);
    return [{ name, key: key.column, columns: stored.map(({ column }) => column) }];
  });
}

interface ColumnFact {
  table: string;
  column: string;
  is_key: number | boolean;
  is_generated: number | boolean;
}

const SQLITE_COLUMNS = sql<ColumnFact>`select tables.name as "table", facts.name as "column", facts.pk > 0 as is_key,
    facts.hidden > 1 as is_generated
  from sqlite_schema as tables, pragma_table_xinfo(tables.name) as facts
  where tables.type = 'table' and tables.name not like 'sqlite\\_%' escape '\\'
  order by tables.name, facts.cid`;

const POSTGRES_COLUMNS = sql<ColumnFact>`select relname as "table", attname as "column", attgenerated <> '' as is_generated,
    exists (select 1 from pg_index where indrelid = pg_class.oid and indisprimary and attnum = any(indkey)) as is_key
  from pg_class join pg_attribute on attrelid = pg_class.oid
  where relkind = 'r' and relnamespace = current_schema()::regnamespace and attnum > 0 and not attisdropped
  order by relname, attnum`;

async function* rowsOf(db: Kysely<Schema>, { name, key, columns }: Table): AsyncGenerator<BackupItem> {
  const listed = sql.join(columns.map((column) => sql.ref(column)));
  for (let last: unknown; ; ) {
    const after = last === undefined ? sql`` : sql`where ${sql.ref(key)} > ${last}`;
    const { rows } = await sql<
      Record<string, string | number | null>
    >`select ${listed} from ${sql.table(name)} ${after}
      order by ${sql.ref(key)} limit ${sql.lit(ROWS_AT_ONCE)}`.execute(db);
    for (const row of rows) yield columns.map((column) => row[column] ?? null);
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1)?.[key];
  }
}

async function keptRecordings(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db
    .selectFrom('voicemails')
    .select('id')
    .where('state', '=', 'kept')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => `voicemails/${id}.wav`);
}

function* fileLines(file: string, content: Buffer): Generator<BackupItem> {
  yield { file };
  for (let at = 0; at < content.length; at += BYTES_AT_ONCE) {
    yield { base64: content.subarray(at, at + BYTES_AT_ONCE).toString('base64') };
  }
}
