import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newestEntryId } from '../calls/queries.ts';
import { createTestIngest } from '../calls/test-ingest.ts';
import { idsOf, openServer } from '../calls/test-server.ts';
import { answer, event, statusOf } from '../calls/test-webhooks.ts';
import { openStore } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { describeStores } from '../store/test-stores.ts';

describeStores('a log in trouble', (stores) => {
  const { engine, place, open, administer } = stores;

  it('refuses one poisonous entry and stores the others', async () => {
    const { ingest, store, told } = await openServer(stores, await place());
    await store.write(async (transaction) => {
      await (engine === 'postgres'
        ? sql`alter table entries add check (body not like '%poison%')`
        : sql`create trigger refuse before insert on entries when new.body like '%poison%'
              begin select raise(abort, 'poison'); end`
      ).execute(transaction);
    });
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        ingest(event({ ...statusOf('caller', 'ringing', index), ...(index === 7 && { note: 'poison' }) })),
      ),
    );
    const refused = settled.flatMap((each, index) =>
      each.status === 'rejected' ? [{ ...each, index }] : [],
    );
    expect(refused.map(({ index }) => index)).toEqual([7]);
    expect(refused[0]?.reason).not.toBeInstanceOf(StoreUnavailable);
    expect(await newestEntryId(store)).toBe(19);
    const all = Array.from({ length: 19 }, (_, index) => index + 1);
    await vi.waitFor(() => expect(idsOf(told)).toEqual(all));
  });

  it('commits what waited for a slow disk in few pieces, and so keeps up with what comes', async () => {
    const store = await open(await place());
    const disk = Promise.withResolvers<void>();
    const sizes: number[] = [];
    const { ingest, close } = await createTestIngest({
      ...store,
      async append(rows) {
        sizes.push(rows.length);
        await disk.promise;
        return store.append(rows);
      },
    });
    onTestFinished(close);
    const first = ingest(event(statusOf('caller', 'ringing')));
    await vi.waitFor(() => expect(sizes).toEqual([1]));
    const answers = Array.from({ length: 4_000 }, (_, index) =>
      ingest(answer({ conversation_uuid: `CON-${index}` }, { requestId: `request ${index}` })),
    );
    disk.resolve();
    expect(new Set(await Promise.all([first, ...answers])).size).toBe(4_001);
    expect(sizes).toEqual([1, 1_000, 1_000, 1_000, 1_000]);
  });

  it('acknowledges nothing while the store is away, and goes on when it is back', async () => {
    const here = await place();
    const { ingest, store, told } = await openServer(stores, here);
    await ingest(event(statusOf('caller', 'ringing')));
    const file = join(here.dataDir, 'switchboard.db');
    const database = here.databaseUrl?.split('/').at(-1);
    if (engine === 'sqlite') {
      renameSync(file, `${file}.away`);
      mkdirSync(file);
    } else {
      await administer(`alter database ${database} allow_connections false`);
      await administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
      );
    }
    const started = event(statusOf('caller', 'started'));
    const settled = await Promise.allSettled([
      ingest(started),
      ingest(event(statusOf('caller', 'answered'))),
    ]);
    expect(
      settled.map((each) => each.status === 'rejected' && each.reason instanceof StoreUnavailable),
    ).toEqual([true, true]);

    if (engine === 'sqlite') {
      rmdirSync(file);
      renameSync(`${file}.away`, file);
    } else await administer(`alter database ${database} allow_connections true`);
    await vi.waitFor(() => ingest(started), { timeout: 10_000 });
    expect(await newestEntryId(store)).toBe(2);
    await vi.waitFor(() => expect(idsOf(told)).toEqual([1, 2]));
  });

  it('survives a connection that breaks between two commits', async () => {
    const here = await place();
    const { ingest, store } = await openServer(stores, here);
    await ingest(event(statusOf('caller', 'ringing')));
    const database = here.databaseUrl?.split('/').at(-1);
    if (engine === 'postgres') {
      await administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
      );
    } else renameSync(join(here.dataDir, 'switchboard.db'), join(here.dataDir, 'old.db'));
    expect((await ingest(event(statusOf('caller', 'started')))).stored).toBe('new');
    expect(await newestEntryId(store)).toBe(engine === 'postgres' ? 2 : 1);
  });

  it('tells every entry in order and once to all its servers, whatever breaks', async () => {
    const here = await place();
    const servers = [await openServer(stores, here), await openServer(stores, here)];
    const send = (count: number, from: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          servers[index % 2]?.ingest(event(statusOf('caller', 'ringing', from + index, `CON-${index % 5}`))),
        ),
      );
    await send(300, 0);
    if (engine === 'postgres') {
      // Only those that listen: what is said meanwhile must be made up for.
      await administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select projected_entry_id as%'`,
      );
    }
    await send(300, 1000);
    // Without news among servers, each hears of the others when it writes next.
    for (const [index, { ingest }] of servers.entries()) {
      await ingest(event(statusOf('caller', 'completed', index)));
    }
    for (const { told } of servers) {
      await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(601), { timeout: 10_000 });
      expect(idsOf(told)).toEqual(told.map((_, index) => index + 1));
    }
  });

  it('tells each entry with its call', async () => {
    const { ingest, told } = await openServer(stores, await place());
    await ingest(event(statusOf('caller', 'started'), { receivedAt: 500 }));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    await ingest(event(statusOf('app-1', 'started', 1), { receivedAt: 400 }));
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.map(({ call }) => call)).toMatchObject([
      { id: 'CON-1', from: '447700900000', agent: null, status: 'started', firstSeenAt: 500, lastEntryId: 1 },
      {
        id: 'CON-1',
        from: '447700900000',
        agent: 'Alice',
        status: 'ringing',
        firstSeenAt: 400,
        lastEntryId: 2,
      },
    ]);
  });

  it('settles all that it took before it is closed', async () => {
    const here = await place();
    const store = await openStore(here);
    const { ingest, close } = await createTestIngest(store);
    const taken = Array.from({ length: 1000 }, (_, index) =>
      ingest(event(statusOf('caller', 'ringing', index))),
    );
    const closed = close();
    await expect(ingest(event(statusOf('caller', 'started')))).rejects.toThrow(StoreUnavailable);
    await closed;
    await store.close();
    await Promise.all(taken);
    const log = await stores.open(here);
    const { count } = await log.read((db) =>
      db
        .selectFrom('entries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow(),
    );
    expect(count).toBe(1000);
  });
});
