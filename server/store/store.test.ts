import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import { COUNTER_COLUMNS } from './counters.ts';
import { rowWrites } from './row-writes.ts';
import type { LegRow } from './schema.ts';
import { openStore, type Store } from './store.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { describeStores } from './test-stores.ts';

const newest = (store: Store) =>
  store.read(async (db) => (await db.selectFrom('counters').selectAll().execute())[0]?.newest_entry_id);

/** Adds one to what is there: lost where two writers read the same. */
const countUp = (store: Store) =>
  store.write(async (transaction, { newest_entry_id }) => {
    await transaction
      .updateTable('counters')
      .set({ newest_entry_id: newest_entry_id + 1 })
      .execute();
  });

/** How a store's own connections are cut, so that none can be had until they are given back. */
const cut = (database: string) => [
  `alter database ${database} allow_connections false`,
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
];

describeStores('a store', ({ engine, place, open, administer }) => {
  it('keeps what was written when it is closed', async () => {
    const here = await place();
    const store = await openStore(here);
    await countUp(store);
    await store.close();
    expect(await newest(await open(here))).toBe(1);
    expect(here.lines).toEqual([]);
  });

  it('is made once by many programs that start at once', { timeout: 60_000 }, async () => {
    const here = await place();
    const program = join(import.meta.dirname, 'test-opener.ts');
    const run = () =>
      promisify(execFile)(process.execPath, [
        program,
        here.dataDir,
        ...(here.databaseUrl ? [here.databaseUrl] : []),
      ]);
    const runs = await Promise.all([run(), run(), run(), run()]);
    expect(runs.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
    const store = await open(here);
    const counters = await store.read((db) => db.selectFrom('counters').selectAll().execute());
    const none = { newest_entry_id: 0, projected_entry_id: 0, newest_call_number: 0, calls_version: 0 };
    expect(counters).toEqual([{ id: 1, ...none, probe: null }]);
  });

  it('has one writer at a time, among all its servers', async () => {
    const here = await place();
    const stores = [await open(here), await open(here)];
    await Promise.all(stores.flatMap((store) => Array.from({ length: 20 }, () => countUp(store))));
    expect(await Promise.all(stores.map(newest))).toEqual([40, 40]);
  });

  it('does all of a transaction, or nothing', async () => {
    const store = await open(await place());
    const failing = store.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await newest(store)).toBe(0);
  });

  it('tells a wrong value from a failure of its own', async () => {
    const here = await place();
    const store = await open(here);
    const leg = { uuid: 'a', call_id: null };
    const twice = store.write((transaction) => transaction.insertInto('legs').values([leg, leg]).execute());
    await expect(twice).rejects.not.toThrow(StoreUnavailable);
    await countUp(store);
    expect(here.lines).toEqual([]);
  });

  it('writes what was projected where nobody else changed calls meanwhile, however much it is', async () => {
    const store = await open(await place());
    const counters = () =>
      store.read((db) => db.selectFrom('counters').select(COUNTER_COLUMNS).executeTakeFirstOrThrow());
    const legs = (prefix: string) =>
      rowWrites<LegRow>(
        { table: 'legs', key: 'uuid', create: true, columns: { uuid: 'text', call_id: 'text' } },
        Array.from({ length: 1_000 }, (_, index) => ({ uuid: `${prefix}${index}`, call_id: 'CON-1' })),
      );
    await store.write((transaction) =>
      transaction.updateTable('counters').set({ newest_entry_id: 9 }).execute(),
    );
    const before = await counters();
    const between = { ...before, projected_entry_id: 5, newest_call_number: 1, calls_version: 1 };
    const after = { ...between, projected_entry_id: 9, calls_version: 2 };

    expect(await store.writeProjection(before, between, [legs('a')])).toBe(true);
    expect(await counters()).toEqual(between);
    expect(await store.read((db) => db.selectFrom('legs').select('uuid').execute())).toHaveLength(1_000);
    expect(await store.writeProjection(before, between, [legs('b')])).toBe(false);
    expect(await store.read((db) => db.selectFrom('legs').select('uuid').execute())).toHaveLength(1_000);

    const [whole] = await Promise.all([
      store.writeProjection(between, after, [legs('c')]),
      store.write((transaction, { calls_version }) =>
        transaction
          .updateTable('counters')
          .set({ calls_version: calls_version + 10 })
          .execute(),
      ),
    ]);
    expect((await counters()).projected_entry_id).toBe(whole ? 9 : 5);
    if (engine === 'sqlite') expect(whole).toBe(false);
  });

  it('is read while somebody writes', async () => {
    const store = await open(await place());
    await store.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
      expect(await newest(store)).toBe(0);
    });
    expect(await newest(store)).toBe(7);
  });

  it('reads as many rows from JSON as there are, whatever is in them', async () => {
    const store = await open(await place());
    const rows = [
      { whole: 2 ** 52, part: 0.1, word: `"'\\\n é 😀 {}` },
      { whole: -1, part: null, word: null },
    ];
    const columns = { whole: 'integer', part: 'real', word: 'text' } as const;
    const read = await store.read((db) =>
      db.selectFrom(store.engine.rowsOf(rows, columns)).selectAll().execute(),
    );
    expect(read).toEqual(rows);
  });

  it('finds a text anywhere in another, in any case, and takes no sign for a joker', async () => {
    const store = await open(await place());
    const finds = (text: string, wanted: string) =>
      store.read(async (db) => {
        const found = store.engine.contains(sql.val(text), wanted);
        return (
          await db.selectNoFrom(sql<number>`case when ${found} then 1 else 0 end`.as('is')).execute()
        )[0]?.is;
      });
    expect(await finds('50% of A_B\\c', '0% OF a_b\\')).toBe(1);
    expect(await finds('50 of AxB', '5%')).toBe(0);
    expect(await finds('AxB', 'A_B')).toBe(0);
  });

  it('fails while it cannot be used, says so once, and works again by itself', async () => {
    const here = await place();
    const store = await open(here);
    await countUp(store);
    const file = join(here.dataDir, 'switchboard.db');
    const database = here.databaseUrl?.split('/').at(-1) ?? '';
    if (engine === 'sqlite') {
      for (const side of ['', '-wal', '-shm']) renameSync(file + side, `${file}.away${side}`);
      mkdirSync(file);
    } else for (const command of cut(database)) await administer(command);

    await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
    await expect(newest(store)).rejects.toThrow(StoreUnavailable);
    expect(here.lines).toEqual([expect.stringMatching(/^The store failed: .+ 503\.$/)]);

    if (engine === 'sqlite') {
      rmdirSync(file);
      for (const side of ['', '-wal', '-shm']) renameSync(`${file}.away${side}`, file + side);
    } else await administer(`alter database ${database} allow_connections true`);

    await vi.waitFor(() => store.check(), { timeout: 10_000 });
    expect(here.lines.slice(1)).toEqual(['The store works again.']);
    await countUp(store);
    expect(await newest(store)).toBe(2);
  });

  it('loses nothing but the transaction whose connection broke', async () => {
    const here = await place();
    const store = await open(here);
    const broken = store.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
      if (engine === 'postgres') {
        await administer(
          `select pg_terminate_backend(pid) from pg_stat_activity where state like 'idle in%'`,
        );
      } else await sql`pragma max_page_count = 1`.execute(transaction);
      await transaction
        .updateTable('counters')
        .set({ probe: 'x'.repeat(100_000) })
        .execute();
    });
    await expect(broken).rejects.toThrow(StoreUnavailable);
    await countUp(store);
    expect(await newest(store)).toBe(1);
    expect(here.lines).toHaveLength(2);
  });

  it('can be closed while it fails', async () => {
    const here = await place();
    const store = await openStore(here);
    if (engine === 'postgres') {
      for (const command of cut(here.databaseUrl?.split('/').at(-1) ?? '')) await administer(command);
    } else rmSync(here.dataDir, { recursive: true });
    await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
    await store.close();
  });
});

describeStores('a place', ({ engine, place, open }) => {
  it('that can never be used is said at once', async () => {
    const here = await place();
    const wrong =
      engine === 'sqlite'
        ? openStore({ ...here, dataDir: import.meta.filename })
        : openStore({ ...here, databaseUrl: here.databaseUrl?.replace(/\w+$/, 'nowhere') });
    await expect(wrong).rejects.toThrow(
      engine === 'sqlite' ? /DATA_DIR, cannot be used/ : /DATABASE_URL cannot/,
    );
    expect(here.lines).toEqual([]);
  });

  it('that is only away is waited for', async () => {
    if (engine === 'postgres') {
      const { lines, ...here } = await place();
      const store = await openStore({ ...here, databaseUrl: 'postgres://postgres@127.0.0.1:1/x' });
      onTestFinished(() => store.close());
      await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
      expect(lines).toEqual([expect.stringContaining('ECONNREFUSED')]);
    } else {
      // A file that is gone is not away: there will be another one.
      const here = await place();
      const store = await open(here);
      for (const use of [countUp, newest]) {
        await countUp(store);
        await newest(store);
        rmSync(here.dataDir, { recursive: true });
        await expect(use(store)).rejects.toThrow(StoreUnavailable);
        await vi.waitFor(() => store.check(), { timeout: 10_000 });
        expect(await newest(store)).toBe(0);
      }
    }
  });

  it('belongs to its owner alone', async () => {
    const here = await place();
    await open(here);
    if (engine === 'postgres') return;
    expect(statSync(here.dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(here.dataDir, 'switchboard.db')).mode & 0o777).toBe(0o600);
  });
});
