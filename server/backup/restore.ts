import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sql } from 'kysely';
import type { Spelling } from '../store/engine.ts';
import { applyMigrations, type Tables, withoutLimits } from '../store/migrate.ts';
import { engineAt, fileIn, type StorePlace, type StoreTransaction } from '../store/store.ts';
import { tablesIn } from './backup.ts';
import { type BackupCounts, type BackupHeader, type BackupItem, readBackup } from './format.ts';

/** Rows written at once. */
const ROWS_AT_ONCE = 200;

/**
 * Writes a backup into an empty database, and its files into DATA_DIR: all of it, or nothing. The tables are as they
 * were when it was made; the next start upgrades them. Throws an Error in words if that is not possible.
 */
export async function restoreBackup(
  place: StorePlace,
  path: string,
  tables: Tables,
): Promise<BackupCounts & Pick<BackupHeader, 'madeAt'>> {
  const { header, counts } = await check(path);
  const isFile = place.databaseUrl === undefined;
  if (isFile && existsSync(fileIn(place))) {
    throw new Error(
      `There is a database already at ${fileIn(place)}. Move it away, or set another DATA_DIR.`,
    );
  }
  const engine = engineAt(place);
  const written: string[] = [];
  let isDone = false;
  try {
    const known = tables.migrations(engine.name);
    const unknown = header.migrations.filter((name) => !(name in known));
    if (unknown.length > 0) {
      throw new Error(`${path} was made by a newer version of Switchboard: restore it with that one.`);
    }
    await withoutLimits(engine, async (transaction) => {
      if ((await tablesIn(engine.name, transaction)).length > 0) {
        throw new Error('The database at DATABASE_URL is not empty. Restore into a new one.');
      }
      const applied = Object.entries(known).filter(([name]) => header.migrations.includes(name));
      await applyMigrations(transaction, Object.fromEntries(applied));
      const { items } = await readBackup(path);
      await writeItems({ spelling: engine, transaction, dataDir: place.dataDir, written }, items);
    });
    isDone = true;
    return { ...counts, madeAt: header.madeAt };
  } finally {
    await engine.close();
    if (!isDone) await removeAll(isFile ? [...written, ...sqliteFiles(place)] : written);
  }
}

/** Reads a whole backup, so that nothing is begun with a damaged one. */
async function check(path: string): Promise<{ header: BackupHeader; counts: BackupCounts }> {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const { header, items } = await readBackup(path);
  for (;;) {
    const { done, value } = await items.next();
    if (done) return { header, counts: value };
  }
}

interface Target {
  spelling: Spelling;
  transaction: StoreTransaction;
  dataDir: string;
  /** Gets the files that were written. */
  written: string[];
}

async function writeItems(
  { spelling, transaction, dataDir, written }: Target,
  items: AsyncIterable<BackupItem>,
): Promise<void> {
  const existing = new Set((await tablesIn(spelling.name, transaction)).map(({ name }) => name));
  let table: { table: string; columns: string[] } | undefined;
  let rows: (readonly (string | number | null)[])[] = [];
  let file: FileHandle | undefined;
  async function flush(): Promise<void> {
    // What else is in the database is not ours.
    if (table !== undefined && rows.length > 0 && existing.has(table.table)) {
      const columns = sql.join(table.columns.map((column) => sql.ref(column)));
      const values = rows.map((row) => sql`(${sql.join(row.map((value) => storable(spelling, value)))})`);
      await sql`insert into ${sql.table(table.table)} (${columns}) values ${sql.join(values)}`.execute(
        transaction,
      );
    }
    rows = [];
  }
  try {
    for await (const item of items) {
      if ('table' in item) {
        await flush();
        table = item;
        // Migrations write rows, too.
        if (existing.has(item.table)) await sql`delete from ${sql.table(item.table)}`.execute(transaction);
      } else if ('file' in item) {
        await closed(file);
        file = undefined;
        const path = resolve(dataDir, item.file);
        file = await newFile(path);
        written.push(path);
      } else if ('base64' in item) await file?.write(Buffer.from(item.base64, 'base64'));
      else rows.push(item);
      if (rows.length >= ROWS_AT_ONCE) await flush();
    }
    await flush();
  } finally {
    await closed(file);
  }
}

/** A backup of SQLite may have characters that Postgres stores nowhere. */
function storable({ name }: Spelling, value: string | number | null): string | number | null {
  return name === 'postgres' && typeof value === 'string'
    ? value.replaceAll('\0', '\ufffd').toWellFormed()
    : value;
}

async function newFile(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return open(path, 'wx', 0o600).catch((error: unknown) => {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw exists ? new Error(`There is a file already at ${path}. Restore into an empty DATA_DIR.`) : error;
  });
}

async function closed(file: FileHandle | undefined): Promise<void> {
  await file?.sync();
  await file?.close();
}

function sqliteFiles(place: StorePlace): string[] {
  return ['', '-wal', '-shm'].map((end) => fileIn(place) + end);
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}
