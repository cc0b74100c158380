import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Kysely, Transaction } from 'kysely';
import { takeCounters } from './counters.ts';
import type { Appended, Engine } from './engine.ts';
import { migrate } from './migrations.ts';
import { openPostgres } from './postgres.ts';
import type { RowWrites } from './row-writes.ts';
import type { Counters, NewEntryRow, Schema } from './schema.ts';
import { openSqlite } from './sqlite.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/** Milliseconds after which a database that could not be opened is tried again; who needs it waits so long. */
const RETRY_MS = 250;

export interface StorePlace {
  /** `postgres://…`; without it a SQLite file. */
  databaseUrl?: string | undefined;
  /** Folder of the SQLite file; made where it is missing. */
  dataDir: string;
}

export interface StoreOptions extends StorePlace {
  /** Told in a line of words when the store fails, and when it works again. */
  log: (line: string) => void;
  /** As another thread shared it, by `Engine.shareWriter`. Where it is given, this thread may wait for the disk. */
  writer?: MessagePort | undefined;
}

/** Where the log and the calls are kept. What cannot be done now rejects with StoreUnavailable. */
export interface Store {
  readonly engine: Engine;
  read<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>;
  /**
   * A transaction; one at a time among all servers. It is given the highest ids there are, and keeps
   * them where it gives away more. What it wrote is on the disk when this resolves, or not there at all.
   */
  write<T>(work: (transaction: Transaction<Schema>, counters: Counters) => Promise<T>): Promise<T>;
  /** As `Engine.append`; on the disk when this resolves. */
  append(rows: readonly NewEntryRow[]): Promise<Appended>;
  /** As `Engine.writeProjection`. */
  writeProjection(before: Counters, after: Counters, writes: readonly RowWrites[]): Promise<boolean>;
  /** Resolves where the store works; after a failure it tries to write. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the store and brings its tables up to date. A database that cannot be used just now is waited for in
 * the background, so that callers are connected meanwhile. Throws an Error in words where waiting cannot help.
 */
export async function openStore({ log, writer, ...place }: StoreOptions): Promise<Store> {
  const engine = openEngine(place, writer);
  try {
    await migrate(engine);
    return storeOver(engine, log, Promise.resolve());
  } catch (error) {
    if (engine.mayPass(error)) return storeOver(engine, log, undefined);
    await engine.close();
    const where = place.databaseUrl === undefined ? `${fileIn(place)}, in DATA_DIR,` : 'at DATABASE_URL';
    throw new Error(`The store ${where} cannot be used: ${reasonOf(error)}.`);
  }
}

function openEngine(place: StorePlace, writer: MessagePort | undefined): Engine {
  const { databaseUrl } = place;
  return databaseUrl === undefined ? openSqlite(fileIn(place), writer) : openPostgres(databaseUrl);
}

function fileIn({ dataDir }: StorePlace): string {
  return resolve(dataDir, 'switchboard.db');
}

/**
 * The store over a database that may fail and come back, or be replaced by an empty one.
 * @param opening resolved where the tables are as they must be.
 */
function storeOver(
  engine: Engine,
  log: (line: string) => void,
  opening: Promise<void> | undefined,
  now = () => performance.now(),
): Store {
  let retryAt = Number.NEGATIVE_INFINITY;
  let failing = false;

  /** Once at the start, and again after each outage: the tables as they must be. */
  async function ready(): Promise<void> {
    if (opening === undefined && now() < retryAt) await pause(retryAt - now());
    opening ??= migrate(engine);
    try {
      await opening;
    } catch (error) {
      opening = undefined;
      retryAt = now() + RETRY_MS;
      throw failure(error);
    }
  }

  async function read<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    await ready();
    try {
      return await work(engine.reader);
    } catch (error) {
      if (!engine.isOutage(error)) throw error;
      opening = undefined;
      throw unavailable(error);
    }
  }

  function write<T>(work: (transaction: Transaction<Schema>, counters: Counters) => Promise<T>): Promise<T> {
    return changing(() =>
      engine.writer
        .transaction()
        .execute(async (transaction) => work(transaction, await takeCounters(engine.name, transaction))),
    );
  }

  async function changing<T>(work: () => Promise<T>): Promise<T> {
    await ready();
    try {
      const result = await work();
      recover();
      return result;
    } catch (error) {
      if (!engine.isOutage(error)) throw error;
      opening = undefined;
      throw failure(error);
    }
  }

  function failure(error: unknown): StoreUnavailable {
    if (!failing) log(`The store failed: ${reasonOf(error)}. Until it works, events are answered with 503.`);
    failing = true;
    return unavailable(error);
  }

  function recover(): void {
    if (failing) log('The store works again.');
    failing = false;
  }

  return {
    engine,
    read,
    write,
    append: (rows) => changing(() => engine.append(rows)),
    writeProjection: (before, after, writes) => changing(() => engine.writeProjection(before, after, writes)),
    async check() {
      if (failing) await write(writeProbe);
      else await read((db) => db.selectFrom('counters').select('newest_entry_id').execute());
    },
    close: () => engine.close(),
  };
}

/** Needs more room than there was, so that a full disk shows. */
async function writeProbe(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('counters')
    .set({ probe: 'x'.repeat(16_384) })
    .execute();
  await transaction.updateTable('counters').set({ probe: null }).execute();
}

function unavailable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable(`The store cannot be used now: ${reasonOf(cause)}.`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
