import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, onTestFinished } from 'vitest';
import { startPostgres, type TestPostgres } from '../../test/support/postgres.ts';
import { tables } from '../tables.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

/** Stores of one engine for the tests of a `describe`. */
export interface TestStores {
  engine: Store['engine']['name'];
  /** An empty place, deleted when the test ends, and its log lines. */
  place(): Promise<StoreOptions & { lines: string[] }>;
  /** Opens a store that is closed when the test ends. */
  open(place: StoreOptions): Promise<Store>;
  /** Runs a command on the Postgres server; only with Postgres. */
  administer(text: string): Promise<Record<string, unknown>[]>;
}

/** The tables of a version that comes after this one. */
export const newerTables: StoreOptions['tables'] = {
  ...tables,
  migrations: (name) => ({
    ...tables.migrations(name),
    '900-newer': {
      up: (db) => db.schema.alterTable('counters').addColumn('newer', 'text').execute(),
    },
  }),
};

/** Every test creates its own files or database, which takes time on a busy machine. */
const patient = { timeout: 30_000 };

/** Shared by all tests of this process, because starting one takes longer than most tests. */
let shared: Promise<TestPostgres> | undefined;

/** Runs the same tests on both engines. They fail on a machine without Postgres. */
export function describeStores(what: string, tests: (stores: TestStores) => void): void {
  describe(`${what} (sqlite)`, patient, () => {
    tests({ engine: 'sqlite', place: sqlitePlace, open, administer: noServer });
  });
  describe(`${what} (postgres)`, patient, () => {
    let server: TestPostgres | undefined;
    beforeAll(async () => {
      shared ??= startPostgres();
      server = await shared;
    }, 90_000);
    tests({
      engine: 'postgres',
      open,
      async place() {
        return {
          databaseUrl: await server?.createDatabase(),
          dataDir: `/nowhere/${randomUUID()}`,
          ...logged(),
        };
      },
      administer: (text) => server?.query(text) ?? noServer(),
    });
  });
}

async function sqlitePlace() {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { dataDir: join(folder, 'data'), ...logged() };
}

function logged() {
  const lines: string[] = [];
  return { tables, lines, log: (line: string) => void lines.push(line) };
}

async function open(place: StoreOptions): Promise<Store> {
  const store = await openStore(place);
  onTestFinished(() => store.close());
  return store;
}

function noServer(): never {
  throw new Error('There is no server.');
}
