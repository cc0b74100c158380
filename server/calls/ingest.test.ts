import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { FeedMessage } from '../../domain/console-api.ts';
import { openStore, type Store, type StoreOptions } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { describeStores, type TestStores } from '../store/test-stores.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { callDetail, entriesAfter, newestEntryId } from './queries.ts';
import { answer, event, statusOf } from './test-webhooks.ts';

interface Server extends Ingest {
  store: Store;
  /** What it told since it was opened. */
  told: FeedMessage[];
}

/** A server's log, closed when the test is over or before. */
async function openServer({ open }: TestStores, place: StoreOptions): Promise<Server> {
  const store = await open(place);
  const ingest = await createIngest(store);
  onTestFinished(() => ingest.close());
  const told: FeedMessage[] = [];
  ingest.onStored((messages) => told.push(...messages));
  return { ...ingest, store, told };
}

const idsOf = (messages: readonly FeedMessage[]) => messages.map(({ entry }) => entry.id);

describeStores('a log', (stores) => {
  const { engine, place, administer } = stores;

  it('keeps a webhook as it came, and the call that it tells of', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const payload = { ...statusOf('caller', 'ringing'), zeta: null, alpha: ['é', { b: 1, a: '"\\\u0000' }] };
    const request = { uuid: 'caller', conversation_uuid: 'CON-1', from: '447700900000', to: '442038297050' };
    expect(await ingest(event(payload, { took: 1.25, requestId: 'r1', jti: 'j1' }))).toEqual({
      id: 1,
      stored: 'new',
    });
    await ingest(answer(request, { requestId: 'r2', receivedAt: 99 }));
    const detail = await callDetail(store, 'CON-1');
    const common = { callId: 'CON-1', replayed: false };
    expect(detail?.entries).toEqual([
      {
        ...common,
        id: 1,
        type: 'event',
        kind: 'status',
        method: 'POST',
        took: 1.25,
        requestId: 'r1',
        receivedAt: 1774819206000,
        payload,
      },
      {
        ...common,
        id: 2,
        type: 'answer',
        method: 'GET',
        took: 0.5,
        requestId: 'r2',
        receivedAt: 99,
        request,
        ncco: answer({}).ncco,
      },
    ]);
    const [first] = detail?.entries ?? [];
    expect(first?.type === 'event' && Object.keys(first.payload)).toEqual(Object.keys(payload));
    expect(detail?.call).toMatchObject({
      id: 'CON-1',
      from: '447700900000',
      to: '442038297050',
      status: 'started',
    });
    expect(await callDetail(store, 'CON-2')).toBeUndefined();
  });

  it('stores what is delivered twice once: in one commit, later, elsewhere and after a restart', async () => {
    const here = await place();
    const [one, other] = [await openServer(stores, here), await openServer(stores, here)];
    const ringing = event(statusOf('caller', 'ringing'));
    const started = event(statusOf('caller', 'started'));
    const outcomes = await Promise.all([ringing, ringing, started, ringing].map(one.ingest));
    expect(outcomes).toEqual([
      { id: 1, stored: 'new' },
      { id: 1, stored: 'repeated' },
      { id: 2, stored: 'new' },
      { id: 1, stored: 'repeated' },
    ]);
    expect(await one.ingest(ringing)).toEqual({ id: 1, stored: 'repeated' });
    expect(await other.ingest(started)).toEqual({ id: 2, stored: 'repeated' });
    await Promise.all([one.close(), other.close()]);
    const again = await openServer(stores, here);
    expect(await again.ingest(ringing)).toEqual({ id: 1, stored: 'repeated' });
    expect(await newestEntryId(again.store)).toBe(2);
  });

  it('stores a token once, and what is sent again on purpose each time', async () => {
    const { ingest } = await openServer(stores, await place());
    const payload = statusOf('caller', 'ringing');
    await ingest(event(payload, { jti: 'a' }));
    expect((await ingest(event({ ...payload, status: 'odd' }, { jti: 'a' }))).stored).toBe('repeated');
    expect((await ingest(answer({ uuid: 'caller', conversation_uuid: 'CON-1' }, { jti: 'a' }))).stored).toBe(
      'repeated',
    );
    expect((await ingest(event({ ...payload, status: 'odd' }, { jti: 'b' }))).stored).toBe('new');
    for (const requestId of ['1', '2']) {
      const again = await ingest(event(payload, { replayed: true, requestId, jti: requestId }));
      expect(again.stored).toBe('new');
    }
  });

  it('gives ids without a gap, in the order of the commits', async () => {
    const here = await place();
    const servers = [await openServer(stores, here), await openServer(stores, here)];
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        servers[index % 2]?.ingest(event(statusOf('caller', 'ringing', index, `CON-${index % 7}`))),
      ),
    );
    const ids = outcomes.map((outcome) => outcome?.id ?? 0).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    const read = await entriesAfter(servers[0]?.store ?? never(), 100, 50);
    expect(idsOf(read)).toEqual(Array.from({ length: 50 }, (_, index) => 101 + index));
  });

  it('brings an event that names only its leg home, in whatever order', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const human = { call_uuid: 'app-1', status: 'human', timestamp: '2026-03-29T21:20:09.000Z' };
    await ingest(event(human));
    expect((await callDetail(store, 'leg:app-1'))?.call.legs).toMatchObject([{ machine: 'human' }]);
    await ingest(event(statusOf('app-1', 'started')));
    expect(await callDetail(store, 'leg:app-1')).toBeUndefined();
    const detail = await callDetail(store, 'CON-1');
    expect(detail?.entries.map(({ id, callId }) => [id, callId])).toEqual([
      [1, 'CON-1'],
      [2, 'CON-1'],
    ]);
    expect(detail?.call.legs).toMatchObject([{ uuid: 'app-1', machine: 'human', status: 'started' }]);
    // And so it is known again, and the next one goes there at once.
    expect(await ingest(event(human))).toEqual({ id: 1, stored: 'repeated' });
    await ingest(event({ ...human, status: 'machine', timestamp: '2026-03-29T21:20:10.000Z' }));
    expect((await callDetail(store, 'CON-1'))?.call.legs).toMatchObject([{ machine: 'machine' }]);
  });

  it('takes an event that came with and without the name of its call for one', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const bare = statusOf('app-1', 'answered', 3, null);
    await ingest(event(bare));
    const whole = { ...bare, conversation_uuid: 'CON-1' };
    await Promise.all([ingest(event(whole)), ingest(event(statusOf('app-1', 'started')))]);
    expect((await callDetail(store, 'CON-1'))?.entries).toHaveLength(2);
    expect(await ingest(event(bare))).toMatchObject({ stored: 'repeated' });
  });

  it('gives a leg that was transferred to the same call in whatever order', async () => {
    const moves = [
      statusOf('app-1', 'started', 0, 'CON-2'),
      statusOf('app-1', 'answered', 1, 'CON-1'),
      { call_uuid: 'app-1', status: 'human', timestamp: '2026-03-29T21:20:09.000Z' },
    ];
    const tell = async (order: readonly number[]) => {
      const { ingest, store } = await openServer(stores, await place());
      for (const index of order) await ingest(event(moves[index] ?? {}));
      const details = [await callDetail(store, 'CON-1'), await callDetail(store, 'CON-2')];
      return details.map((detail) => detail?.call);
    };
    const told = await tell([0, 1, 2]);
    expect(told[0]?.legs).toMatchObject([{ machine: 'human' }]);
    for (const order of [
      [2, 0, 1],
      [1, 2, 0],
    ])
      expect(await tell(order)).toEqual(told);
  });

  it('takes whatever a webhook can hold', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const odd = `${'\u{1f600}'.repeat(120)}\ud800\0'";--`;
    const payloads = [
      {
        uuid: odd,
        conversation_uuid: odd,
        status: odd,
        timestamp: odd,
        from: odd.repeat(9),
        to: odd.repeat(9),
      },
      {
        uuid: '語'.repeat(256),
        conversation_uuid: '語'.repeat(256),
        status: 'started',
        from: '語'.repeat(512),
        to: '語'.repeat(512),
      },
      { uuid: 'a', status: 'x', huge: 'y'.repeat(500_000) },
      { recording_uuid: odd, recording_url: odd },
      { uuid: '', conversation_uuid: null },
    ];
    const outcomes = await Promise.all(
      payloads.map((payload) => ingest(event(payload, { jti: odd + payload.uuid }))),
    );
    expect(outcomes.map(({ stored }) => stored)).toEqual(payloads.map(() => 'new'));
    const read = await entriesAfter(store, 0, 10);
    expect(read.map(({ entry }) => entry.type === 'event' && entry.payload)).toEqual(payloads);
  });

  it('shows the newest of a call that has too much to be shown', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const huge = 'x'.repeat(500_000);
    for (let index = 0; index < 20; index++) {
      await ingest(event({ ...statusOf('caller', 'ringing', index), huge }));
    }
    const ids = (await callDetail(store, 'CON-1'))?.entries.map(({ id }) => id) ?? [];
    expect(ids).toEqual(Array.from({ length: 15 }, (_, index) => 6 + index));
  });

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
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select newest_entry_id as%'`,
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
    const { ingest, close } = await createIngest(store);
    const taken = Array.from({ length: 1000 }, (_, index) =>
      ingest(event(statusOf('caller', 'ringing', index))),
    );
    const closed = close();
    await expect(ingest(event(statusOf('caller', 'started')))).rejects.toThrow(StoreUnavailable);
    await closed;
    await store.close();
    await Promise.all(taken);
    expect(await newestEntryId(await stores.open(here))).toBe(1000);
  });
});

function never(): never {
  throw new Error('There are two servers.');
}
