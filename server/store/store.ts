import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Engine, Work } from './engine.ts';
import { migrate, type Tables } from './migrate.ts';
import { openPostgres } from './postgres/postgres.ts';
import type { Schema } from './schema.ts';
import { openSqlite } from './sqlite/sqlite.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/** Milliseconds after which a database that could not be opened is tried again; who needs it waits so long. */
const RETRY_MS = 250;

export interface StorePlace {
  /** `postgres://…`; without it a SQLite file. */
  databaseUrl?: string | undefined;
  /** Folder of the SQLite file; created where it is missing. */
  dataDir: string;
}

export interface StoreOptions extends StorePlace {
  tables: Tables;
  /** Told in a line of words when the store fails, and when it works again. */
  log: (line: string) => void;
}

/** One transaction that writes; no other one writes meanwhile, on any server. */
export type StoreTransaction = Transaction<Schema>;

/** How an operation on the store ended, and how long it took with all that it waited for. */
export interface StoreOperation {
  kind: 'read' | 'write';
  /** `failed`: what was to be done was wrong. `unavailable`: the store is. */
  result: 'done' | 'failed' | 'unavailable';
  seconds: number;
}

/** The database, open to every room. What cannot be done now rejects with StoreUnavailable. */
export interface Store {
  readonly engine: Engine;
  read<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>;
  /** What it wrote is on the disk when this resolves, or not there at all. */
  write<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** The same for a transaction of which there are many: all of it is done where the database is. */
  perform<Input, Output>(work: Work<Input, Output>, input: Input): Promise<Output>;
  /**
   * Resolves where the store works and is the one that was opened. After a failure it writes to find out:
   * `rehearse` writes what the server writes all day, and takes it back.
   */
  check(rehearse?: (transaction: StoreTransaction) => Promise<void>): Promise<void>;
  /** Calls the listener with each operation of this server that has ended. */
  onOperation(listener: (operation: StoreOperation) => void): void;
  close(): Promise<void>;
}

/**
 * Opens the store and brings its tables up to date. One that cannot be used just now, or is damaged, is opened too
 * and says so, because callers are connected without it. Throws an Error in words where the settings are wrong.
 */
export async function openStore({ log, tables, ...place }: StoreOptions): Promise<Store> {
  const { databaseUrl } = place;
  const engine = engineAt(place);
  const store = storeOver(engine, tables, log);
  try {
    await migrate(engine, tables);
    engine.verify();
    return store.opened(Promise.resolve());
  } catch (error) {
    if (engine.mayPass(error) || engine.isDamage(error)) {
      store.failed(error);
      return store.opened(undefined);
    }
    await engine.close();
    const where = databaseUrl === undefined ? `${fileIn(place)}, in DATA_DIR,` : 'at DATABASE_URL';
    throw new Error(`The store ${where} cannot be used: ${reasonOf(error)}.`);
  }
}

/** Reads a store without changing anything, not even its tables. Undefined where there is none that can be read. */
export async function peek<T>(
  place: StorePlace,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T | undefined> {
  if (place.databaseUrl === undefined && !existsSync(fileIn(place))) return undefined;
  const engine = engineAt(place);
  try {
    return await work(engine.reader);
  } catch {
    return undefined;
  } finally {
    await engine.close();
  }
}

/** Why a store cannot be read now; undefined where it can, or where its file will be made by the first start. */
export async function faultOf(place: StorePlace): Promise<string | undefined> {
  if (place.databaseUrl === undefined && !existsSync(fileIn(place))) return undefined;
  const engine = engineAt(place);
  try {
    // A new database has no tables yet, which is no fault.
    await engine.reader.introspection.getTables();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await engine.close();
  }
}

/** The database itself, without a look at its tables. */
export function engineAt(place: StorePlace): Engine {
  return place.databaseUrl === undefined ? openSqlite(fileIn(place)) : openPostgres(place.databaseUrl);
}

/** The SQLite file, where there is no URL. */
export function fileIn({ dataDir }: Pick<StorePlace, 'dataDir'>): string {
  return resolve(dataDir, 'switchboard.db');
}

/** The store over a database that may fail and come back. */
function storeOver(engine: Engine, tables: Tables, log: (line: string) => void) {
  const now = () => performance.now();
  let retryAt = Number.NEGATIVE_INFINITY;
  let failing = false;
  let damaged = false;
  /** Resolved where the tables are as they must be. */
  let opening: Promise<void> | undefined;
  let storeId: string | undefined;
  const listeners = new Set<(operation: StoreOperation) => void>();

  /** Once at the start, and again after each outage: the tables as they must be. */
  async function ready(): Promise<void> {
    if (opening === undefined && now() < retryAt) await pause(retryAt - now());
    opening ??= migrate(engine, tables);
    try {
      await opening;
    } catch (error) {
      opening = undefined;
      engine.recover();
      retryAt = now() + RETRY_MS;
      throw failed(error);
    }
  }

  async function attempt<T>(kind: StoreOperation['kind'], work: () => Promise<T>): Promise<T> {
    const began = now();
    const tell = (result: StoreOperation['result']) => {
      const operation = { kind, result, seconds: (now() - began) / 1000 };
      for (const listener of listeners) listener(operation);
    };
    try {
      const output = await tryOnce(work);
      tell('done');
      return output;
    } catch (error) {
      tell(error instanceof StoreUnavailable ? 'unavailable' : 'failed');
      throw error;
    }
  }

  async function tryOnce<T>(work: () => Promise<T>): Promise<T> {
    await ready();
    try {
      return await work();
    } catch (error) {
      if (!engine.isOutage(error)) throw error;
      opening = undefined;
      engine.recover();
      throw failed(error);
    }
  }

  function failed(error: unknown): StoreUnavailable {
    const reason = reasonOf(error);
    if (!failing) log(`The store failed: ${reason}. Until it works, events are answered with 503.`);
    failing = true;
    if (engine.isDamage(error) && !damaged) {
      damaged = true;
      log('The store is damaged. Restore a backup, or move it away, and start again.');
    }
    return new StoreUnavailable(`The store cannot be used now: ${reason}.`, { cause: error });
  }

  function recovered(): void {
    if (failing && !damaged) log('The store is available again.');
    failing = damaged;
  }

  async function mustBeTheSame(): Promise<void> {
    const [row] = await store.read((db) => db.selectFrom('counters').select('store_id').execute());
    storeId ??= row?.store_id;
    try {
      engine.verify();
      if (row === undefined || row.store_id !== storeId) throw new Error('another one took its place');
    } catch (error) {
      throw new StoreUnavailable(`The store is not what it was: ${reasonOf(error)}. Start again.`);
    }
  }

  /** What goes into a file that was removed is acknowledged and lost. */
  function mustBeInPlace(): void {
    try {
      if (opening !== undefined) engine.verify();
    } catch (error) {
      throw failed(error);
    }
  }

  const store: Store = {
    engine,
    read: (work) => attempt('read', () => work(engine.reader)),
    async write(work) {
      mustBeInPlace();
      const result = await attempt('write', () =>
        engine.writer.transaction().execute(async (transaction) => {
          await engine.lock(transaction);
          return work(transaction);
        }),
      );
      recovered();
      return result;
    },
    async perform(work, input) {
      mustBeInPlace();
      const output = await attempt('write', () => engine.perform(work, input));
      recovered();
      return output;
    },
    async check(rehearse) {
      if (damaged) throw new StoreUnavailable('The store is damaged.');
      if (failing) {
        await store.write(async (transaction) => {
          await rehearse?.(transaction);
          await writeProbe(transaction);
        });
      }
      await mustBeTheSame();
    },
    onOperation: (listener) => void listeners.add(listener),
    close: () => engine.close(),
  };
  return {
    failed,
    opened(state: Promise<void> | undefined): Store {
      opening = state;
      return store;
    },
  };
}

/** Needs more room than there was, so that a full disk shows. */
async function writeProbe(transaction: StoreTransaction): Promise<void> {
  await transaction
    .updateTable('counters')
    .set({ probe: 'x'.repeat(16_384) })
    .execute();
  await transaction.updateTable('counters').set({ probe: null }).execute();
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
