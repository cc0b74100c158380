import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Work } from './engine.ts';
import { faultOf, fileIn, openStore, type Store } from './store.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { describeStores, newerTables } from './testing.ts';

const newest = (store: Store) =>
  store.read(async (db) => (await db.selectFrom('counters').selectAll().execute())[0]?.newest_entry_id);

/** Adds one to the stored value. The update is lost if two writers read the same value. */
const countUp = (store: Store) =>
  store.write(async (transaction) => {
    const { newest_entry_id } = await transaction
      .selectFrom('counters')
      .select('newest_entry_id')
      .executeTakeFirstOrThrow();
    await transaction
      .updateTable('counters')
      .set({ newest_entry_id: newest_entry_id + 1 })
      .execute();
  });

/** A program that opens and closes a store, to start many at once. */
const OPENER = `
  const [dataDir, databaseUrl] = process.argv.slice(2);
  const [{ openStore }, { tables }] = await Promise.all(
    ['./store.ts', '../tables.ts'].map((file) => import(new URL(file, '${import.meta.url}'))),
  );
  const store = await openStore({ dataDir, databaseUrl, tables, log: console.error });
  await store.check();
  await store.close();
`;

/** SQL that cuts the store's connections and allows no new ones. */
const cut = (database: string) => [
  `alter database ${database} allow_connections false`,
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
];

describeStores('a store', ({ engine, place, open, administer }) => {
  it('keeps its data when it is closed', async () => {
    const here = await place();
    const store = await openStore(here);
    await countUp(store);
    await store.close();
    expect(await newest(await open(here))).toBe(1);
    expect(here.lines).toEqual([]);
  });

  it('says why it cannot be read, and nothing where it is new', async () => {
    const here = await place();
    expect(await faultOf(here)).toBeUndefined();
    await (await openStore(here)).close();
    expect(await faultOf(here)).toBeUndefined();
    if (here.databaseUrl === undefined) writeFileSync(fileIn(here), 'no database'.repeat(1_000));
    const away = { ...here, ...(here.databaseUrl && { databaseUrl: 'postgres://nobody@127.0.0.1:1/none' }) };
    expect(await faultOf(away)).toMatch(/not a database|ECONNREFUSED/);
  });

  it('is created once by many programs that start at the same time', { timeout: 60_000 }, async () => {
    const here = await place();
    const program = join(mkdtempSync(join(tmpdir(), 'switchboard-opener-')), 'opener.mjs');
    writeFileSync(program, OPENER);
    onTestFinished(() => rmSync(dirname(program), { recursive: true }));
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
    const none = {
      newest_entry_id: 0,
      newest_call_number: 0,
      probe: null,
      desk_erasures: 0,
      desk_deleted_before: 0,
    };
    expect(counters).toEqual([{ id: 1, ...none, store_id: expect.stringMatching(/^[\da-f-]{36}$/) }]);
  });

  it('has one writer at a time across all servers', async () => {
    const here = await place();
    const stores = [await open(here), await open(here)];
    await Promise.all(stores.flatMap((store) => Array.from({ length: 20 }, () => countUp(store))));
    expect(await Promise.all(stores.map(newest))).toEqual([40, 40]);
  });

  it('commits a transaction completely or not at all', async () => {
    const store = await open(await place());
    const failing = store.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await newest(store)).toBe(0);
  });

  it('distinguishes an invalid value from its own failure', async () => {
    const here = await place();
    const store = await open(here);
    const twice = store.write((transaction) =>
      transaction
        .insertInto('counters')
        .values({ id: 1, newest_entry_id: 0, newest_call_number: 0, store_id: '', probe: null })
        .execute(),
    );
    await expect(twice).rejects.not.toThrow(StoreUnavailable);
    await countUp(store);
    expect(here.lines).toEqual([]);
  });

  it('can be read during a write', async () => {
    const store = await open(await place());
    await store.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
      expect(await newest(store)).toBe(0);
    });
    expect(await newest(store)).toBe(7);
  });

  it('reads any number of rows with any content from JSON', async () => {
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

  it('takes rows with characters that it cannot store, so that one text costs no other row', async () => {
    const store = await open(await place());
    const rows = ['plain', 'N\0UL', 'half \ud800', 'text of an escape: \\u0000'].map((text) => ({ text }));
    const read = await store.read((db) =>
      db
        .selectFrom(store.engine.rowsOf(rows, { text: 'text' }))
        .select('text')
        .execute(),
    );
    const [plain, nul, half, backslash] = read.map(({ text }) => text);
    expect([plain, backslash]).toEqual(['plain', 'text of an escape: \\u0000']);
    expect([nul, half]).toEqual([expect.stringMatching(/^N.UL$/s), expect.stringContaining('half')]);
  });

  it('finds a substring in any case, without wildcards', async () => {
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

  it('waits for the disk on each commit', async () => {
    const store = await open(await place());
    const setting = async (name: string) =>
      store.write(async (transaction) => {
        const text = engine === 'sqlite' ? `pragma ${name}` : `show ${name}`;
        const { rows } = await sql.raw<Record<string, unknown>>(text).execute(transaction);
        return rows[0]?.[name];
      });
    if (engine === 'sqlite') {
      expect(await setting('journal_mode')).toBe('wal');
      // FULL: SQLite syncs the write-ahead log after each transaction.
      expect(await setting('synchronous')).toBe(2);
    } else {
      expect(await setting('synchronous_commit')).toBe('on');
      expect(await setting('lock_timeout')).toBe('1500ms');
      expect(await setting('idle_in_transaction_session_timeout')).toBe('1s');
    }
  });

  it('does not let a stalled server block the others', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const [still, other] = [await open(here), await open(here)];
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const { promise: end, resolve: wake } = Promise.withResolvers<void>();
    const standing = still.write(async () => {
      hold();
      await end;
    });
    await held;
    await vi.waitFor(() => countUp(other), { timeout: 10_000 });
    wake();
    await expect(standing).rejects.toThrow(StoreUnavailable);
    expect(await newest(other)).toBe(1);
  });

  it('writes nothing without the lock', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const [slow, other] = [await open(here), await open(here)];
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const holding = slow.write(async (transaction) => {
      hold();
      // Longer than others wait for the lock.
      await sql`select pg_sleep(2)`.execute(transaction);
    });
    await held;
    const run: Work<null, unknown>['run'] = (_spelling, transaction) =>
      transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
    const writing = other.perform({ module: '', name: '', run }, null);
    await expect(writing).rejects.toThrow(/lock timeout/);
    await holding;
    expect(await newest(other)).toBe(0);
    await countUp(other);
  });

  it('writes nothing into tables that a newer version changes while it is open, and then reads nothing from them', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const older = await open(here);
    const run: Work<null, unknown>['run'] = (_spelling, transaction) =>
      transaction.updateTable('counters').set({ newest_entry_id: 7 }).execute();
    const perform = () => older.perform({ module: '', name: '', run }, null);
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const underWay = older.write(async (transaction) => {
      await transaction.updateTable('counters').set({ newest_entry_id: 3 }).execute();
      hold();
      await end;
    });
    await held;
    const newer = open({ ...here, tables: newerTables });
    const waiting = `select pid from pg_locks where locktype = 'advisory' and not granted`;
    await vi.waitFor(async () => expect(await administer(waiting)).toHaveLength(1));
    // Asked for while the newer version waits, and so after it.
    const late = perform().catch((error: unknown) => error);
    await vi.waitFor(async () => expect(await administer(waiting)).toHaveLength(2));
    finish();
    await underWay;
    const store = await newer;
    expect(await late).toBeInstanceOf(StoreUnavailable);
    await expect(perform()).rejects.toThrow(/newer version of Switchboard/);
    await expect(countUp(older)).rejects.toThrow(/newer version of Switchboard/);
    await expect(newest(older)).rejects.toThrow(/newer version of Switchboard/);
    expect(await newest(store)).toBe(3);
    await countUp(store);
    expect(here.lines).toEqual([
      expect.stringMatching(/^The store failed: a newer version of Switchboard has changed its tables/),
    ]);
  });

  it('fails while it is unavailable, logs that once, and recovers automatically', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const store = await open(here);
    await countUp(store);
    const database = here.databaseUrl?.split('/').at(-1) ?? '';
    for (const command of cut(database)) await administer(command);

    await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
    await expect(newest(store)).rejects.toThrow(StoreUnavailable);
    expect(here.lines).toEqual([expect.stringMatching(/^The store failed: .+ 503\.$/)]);

    await administer(`alter database ${database} allow_connections true`);
    await vi.waitFor(() => store.check(), { timeout: 10_000 });
    expect(here.lines.slice(1)).toEqual(['The store is available again.']);
    await countUp(store);
    expect(await newest(store)).toBe(2);
  });

  it('reports damage, and does not become ready again by itself', async () => {
    if (engine === 'postgres') return;
    const here = await place();
    const store = await open(here);
    await countUp(store);
    await store.close();
    const file = join(here.dataDir, 'switchboard.db');
    const handle = openSync(file, 'r+');
    // All pages except the first, which has the root of the schema.
    const size = statSync(file).size;
    writeSync(handle, Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
    closeSync(handle);
    const damaged = await open(here);
    await expect(countUp(damaged)).rejects.toThrow(StoreUnavailable);
    await expect(damaged.check()).rejects.toThrow(StoreUnavailable);
    expect(here.lines.join()).toContain('The store is damaged.');
  });

  it('loses only the transaction whose connection broke', async () => {
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
      await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
    }
    await store.close();
  });
});

describeStores('a place', ({ engine, place, open }) => {
  it('fails at once if it can never be used', async () => {
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

  it('waits if it is only unavailable', async () => {
    if (engine === 'postgres') {
      const { lines, ...here } = await place();
      const store = await openStore({ ...here, databaseUrl: 'postgres://postgres@127.0.0.1:1/x' });
      onTestFinished(() => store.close());
      await expect(countUp(store)).rejects.toThrow(StoreUnavailable);
      expect(lines).toEqual([expect.stringContaining('ECONNREFUSED')]);
    }
  });

  it('of a newer version is rejected with a readable message', async () => {
    const here = await place();
    await (await openStore({ ...here, tables: newerTables })).close();
    await expect(openStore(here)).rejects.toThrow(
      /cannot be used: it was used by a newer version of Switchboard/,
    );
  });

  it('is accessible only by its owner', async () => {
    const here = await place();
    await open(here);
    if (engine === 'postgres') return;
    expect(statSync(here.dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(here.dataDir, 'switchboard.db')).mode & 0o777).toBe(0o600);
  });
});
