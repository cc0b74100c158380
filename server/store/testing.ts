import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, onTestFinished } from 'vitest';
import { startPostgres, type TestPostgres } from '../../test/support/postgres.ts';
import { tables } from '../tables.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

/** Stores of one engine, for the tests of one `describe`. */
export interface TestStores {
  engine: Store['engine']['name'];
  /** A place where nothing is stored yet, gone when the test is; and what is logged there. */
  place(): Promise<StoreOptions & { lines: string[] }>;
  /** Opens a store, which is closed when the test is over. */
  open(place: StoreOptions): Promise<Store>;
  /** Has the Postgres server do something; only there. */
  administer(text: string): Promise<Record<string, unknown>[]>;
}

/** Every test makes files or a database of its own, which takes its time on a busy machine. */
const patient = { timeout: 30_000 };

/** The one of this process, with which it ends: to start one takes longer than most tests. */
let shared: Promise<TestPostgres> | undefined;

/** The same tests on both engines. On a machine that has no Postgres they fail. */
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
