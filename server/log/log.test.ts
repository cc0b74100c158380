import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { Ring } from '../../domain/calls/ring.ts';
import { LOOKED_UP } from '../../domain/webhooks/log-entry.ts';
import { openStore } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { describeStores } from '../store/testing.ts';
import { createLog } from './log.ts';
import { entriesAfter } from './read.ts';
import { answer, event, idsOf, measured, openLog, statusOf } from './testing.ts';

describeStores('a log', (stores) => {
  const { place } = stores;

  it('keeps a webhook as received, its reply, and its call', async () => {
    const { append, calls } = await openLog(stores, await place());
    const payload = { ...statusOf('caller', 'ringing'), zeta: null, alpha: ['é', { b: 1, a: '"\\\u0000' }] };
    const request = { uuid: 'caller', conversation_uuid: 'CON-1', from: '447700900000', to: '442038297050' };
    const reply = { status: 200, ncco: [{ action: 'talk' as const, text: 'Hello' }] };
    expect(await append(event(payload, { took: 1.25, requestId: 'r1', jti: 'j1', reply }))).toEqual({
      id: 1,
      stored: 'new',
      reply,
    });
    await append(answer(request, { requestId: 'r2', receivedAt: 99 }));
    const detail = await calls.detail('CON-1');
    const common = { callId: 'CON-1', replayed: false, repeats: null };
    expect(detail?.entries).toEqual([
      {
        ...common,
        id: 1,
        type: 'event',
        kind: 'status',
        method: 'POST',
        route: '/voice/event',
        took: 1.25,
        requestId: 'r1',
        receivedAt: 1774819206000,
        payload,
        reply,
      },
      {
        ...common,
        id: 2,
        type: 'answer',
        method: 'GET',
        route: '/voice/answer',
        took: 0.5,
        requestId: 'r2',
        receivedAt: 99,
        request,
        reply: answer({}).reply,
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
    expect(await calls.detail('CON-2')).toBeUndefined();
  });

  it('shows an acknowledged entry to every reader at once', async () => {
    const { append, calls, newestEntryId } = await openLog(stores, await place());
    for (let index = 1; index <= 20; index++) {
      await append(event(statusOf(`caller-${index}`, 'started', index, `CON-${index}`)));
      expect(await newestEntryId()).toBe(index);
      expect((await calls.detail(`CON-${index}`))?.entries).toHaveLength(1);
      expect((await calls.list({ limit: 1 })).calls[0]?.id).toBe(`CON-${index}`);
    }
  });

  it('keeps each delivery, and gives a repeat the first reply: at once, later, and on other servers', async () => {
    const here = await place();
    const [one, other] = [await openLog(stores, here), await openLog(stores, here)];
    const reply = { status: 200, ncco: [{ action: 'talk' as const, text: 'first' }] };
    const ringing = event(statusOf('caller', 'ringing'), { reply });
    const again = event(statusOf('caller', 'ringing'), { reply: { status: 204 } });
    const outcomes = await Promise.all([ringing, again, again].map((each) => one.append(each)));
    expect(outcomes).toEqual([
      { id: 1, stored: 'new', reply },
      { id: 2, stored: 'repeated', reply },
      { id: 3, stored: 'repeated', reply },
    ]);
    expect(await other.append(again)).toEqual({ id: 4, stored: 'repeated', reply });
    await Promise.all([one.close(), other.close()]);
    const { append, calls } = await openLog(stores, here);
    expect(await append(again)).toEqual({ id: 5, stored: 'repeated', reply });
    const entries = (await calls.detail('CON-1'))?.entries ?? [];
    expect(entries.map(({ id, repeats }) => [id, repeats])).toEqual([
      [1, null],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
  });

  it('treats a second request of a leg as a repeat, and a replay from the console as new', async () => {
    const { append } = await openLog(stores, await place());
    const asked = { uuid: 'caller', conversation_uuid: 'CON-1' };
    const stored = async (...entries: Parameters<typeof append>[0][]) =>
      (await Promise.all(entries.map(append))).map((outcome) => outcome.stored);
    expect(await stored(answer(asked, { jti: 'a' }), answer(asked, { jti: 'b', requestId: 'r2' }))).toEqual([
      'new',
      'repeated',
    ]);
    expect(await stored(answer(asked, { route: '/voice/other' }))).toEqual(['new']);
    const nameless = { from: '447700900000' };
    expect(
      await stored(answer(nameless, { requestId: 'r3' }), answer(nameless, { requestId: 'r4' })),
    ).toEqual(['new', 'new']);
    expect(await stored(answer(nameless, { jti: 'c' }), answer(nameless, { jti: 'c' }))).toEqual([
      'new',
      'repeated',
    ]);
    const payload = statusOf('caller', 'ringing');
    await append(event(payload));
    for (const requestId of ['1', '2'])
      expect(await stored(event(payload, { replayed: true, requestId }))).toEqual(['new']);
  });

  it('gives ids without gaps, in commit order', async () => {
    const here = await place();
    const servers = [await openLog(stores, here), await openLog(stores, here)];
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        servers[index % 2]?.append(event(statusOf('caller', 'ringing', index, `CON-${index % 7}`))),
      ),
    );
    const ids = outcomes.map((outcome) => outcome?.id ?? 0).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    const read = (await servers[0]?.entriesAfter(100, 50)) ?? [];
    expect(idsOf(read)).toEqual(Array.from({ length: 50 }, (_, index) => 101 + index));
  });

  it('assigns an event that names only its leg or recording, in any order', async () => {
    const { append, calls } = await openLog(stores, await place());
    const human = { call_uuid: 'app-1', status: 'human', timestamp: '2026-03-29T21:20:09.000Z' };
    await append(event(human));
    expect((await calls.detail('leg:app-1'))?.call.legs).toMatchObject([{ machine: 'human' }]);
    await append(event(statusOf('app-1', 'started')));
    for (const id of ['CON-1', 'leg:app-1', 'app-1']) {
      const detail = await calls.detail(id);
      expect(detail?.entries.map((entry) => [entry.id, entry.callId])).toEqual([
        [1, 'CON-1'],
        [2, 'CON-1'],
      ]);
      expect(detail?.call.legs).toMatchObject([{ uuid: 'app-1', machine: 'human', status: 'started' }]);
    }
    const url = 'https://api.nexmo.com/v1/files/rec-1';
    await append(
      event({ status: 'transcribed', type: 'record', recording_uuid: 'rec-1', transcription_url: url }),
    );
    await append(event({ recording_url: url, recording_uuid: 'rec-1', conversation_uuid: 'CON-1' }));
    expect((await calls.detail('CON-1'))?.call.recordings).toMatchObject([{ transcriptionUrl: url }]);
    expect((await calls.list({ limit: 10 })).calls).toHaveLength(1);
  });

  it('keeps legs that move between conversations in one call, live and later', async () => {
    const move = (leg: string, from: string, second: number) => ({
      type: 'transfer',
      uuid: leg,
      conversation_uuid_from: from,
      conversation_uuid_to: 'CON-N',
      timestamp: new Date(Date.parse('2026-03-29T21:20:05Z') + second * 1000).toISOString(),
    });
    const events = [
      statusOf('caller', 'started', 0, 'CON-A'),
      statusOf('caller', 'answered', 1, 'CON-A'),
      statusOf('app-1', 'started', 2, 'CON-B'),
      statusOf('app-1', 'answered', 4, 'CON-B'),
      move('caller', 'CON-A', 5),
      move('app-1', 'CON-B', 6),
    ];
    const tell = async (order: readonly number[]) => {
      const { append, calls } = await openLog(stores, await place());
      for (const index of order) await append(event(events[index] ?? {}));
      const details = await Promise.all(['CON-A', 'CON-B', 'CON-N'].map((id) => calls.detail(id)));
      expect((await calls.list({ limit: 9 })).calls).toHaveLength(1);
      return details.map((detail) => detail?.call);
    };
    const [call, ...others] = await tell([0, 1, 2, 3, 4, 5]);
    expect(call).toMatchObject({
      status: 'in-call',
      from: '447700900000',
      to: '442038297050',
      agent: 'Alice',
    });
    expect(others).toEqual([call, call]);
    for (const order of [
      [5, 4, 3, 2, 1, 0],
      [2, 5, 0, 4, 1, 3],
    ])
      expect(await tell(order)).toEqual([call, call, call]);
  });

  it('moves only the shorter calls when several turn out to be one', async () => {
    const { append, store, calls } = await openLog(stores, await place());
    const move = (leg: string, from: string, to: string) =>
      event({ uuid: leg, type: 'transfer', conversation_uuid_from: from, conversation_uuid_to: to });
    const fill = (call: string, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, second) =>
          append(event(statusOf(`leg of ${call}`, 'ringing', second, call))),
        ),
      );
    await fill('CON-short', 1);
    await fill('CON-huge', 150);
    await fill('CON-small', 20);
    const numbers = () =>
      store.read((db) => db.selectFrom('calls').select('number').orderBy('number').execute());
    await append(move('leg of CON-short', 'CON-short', 'CON-huge'));
    await append(move('leg of CON-huge', 'CON-huge', 'CON-small'));
    expect(await numbers()).toEqual([{ number: 2 }]);
    const details = await Promise.all(['short', 'huge', 'small'].map((name) => calls.detail(`CON-${name}`)));
    expect(details.map((detail) => detail?.entries.length)).toEqual([173, 173, 173]);
    // Two huge calls.
    await fill('CON-other', 1_200);
    await append(move('leg of CON-huge', 'CON-huge', 'CON-other'));
    expect(await numbers()).toEqual([{ number: 4 }]);
    expect((await calls.detail('CON-short'))?.entries).toHaveLength(1374);
  });

  it('accepts any valid webhook content', async () => {
    const { append, store } = await openLog(stores, await place());
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
      payloads.map((payload) => append(event(payload, { jti: odd + payload.uuid }))),
    );
    expect(outcomes.map(({ stored }) => stored)).toEqual(payloads.map(() => 'new'));
    const read = await entriesAfter(store, 0, 10);
    expect(read.map(({ entry }) => entry.type === 'event' && entry.payload)).toEqual(payloads);
  });

  it('reads few large entries at once, and skips none', async () => {
    const { append, store } = await openLog(stores, await place());
    const huge = 'x'.repeat(500_000);
    for (let index = 0; index < 15; index++) {
      await append(event({ ...statusOf('caller', 'ringing', index), ...(index % 5 > 0 && { huge }) }));
    }
    const { store: observed, largestRead } = measured(store);
    const read: FeedMessage[] = [];
    for (let left = true; left; ) {
      const page = await entriesAfter(observed, read.length, 200);
      read.push(...page);
      left = page.length > 0;
    }
    expect(idsOf(read)).toEqual(Array.from({ length: 15 }, (_, index) => 1 + index));
    expect(largestRead()).toBeLessThan(3_500_000);
    expect(await entriesAfter(store, 1, 2)).toHaveLength(2);
  });

  it('shows the newest entries of a call that is too long to show', async () => {
    const { append, calls } = await openLog(stores, await place());
    const huge = 'x'.repeat(500_000);
    for (let index = 0; index < 20; index++) {
      await append(event({ ...statusOf('caller', 'ringing', index), huge }));
    }
    const ids = (await calls.detail('CON-1'))?.entries.map(({ id }) => id) ?? [];
    expect(ids).toEqual(Array.from({ length: 15 }, (_, index) => 6 + index));
  });

  it('tells once what the ringing of each caller came to', async () => {
    const { append, onRing } = await openLog(stores, await place());
    const rings: Ring[] = [];
    onRing((ring) => rings.push(ring));
    const heard = (leg: string, status: string, second: number, call: string) =>
      append(event(statusOf(leg, status, second, call), { receivedAt: second * 1000 }));
    await heard('caller', 'ringing', 0, 'CON-1');
    await heard('app', 'started', 3, 'CON-1');
    // As Vonage has it, an app's leg was answered when it started.
    await append(event(statusOf('app', 'answered', 3), { receivedAt: 8_000 }));
    expect(rings).toEqual([{ result: 'answered', rang: 5_000, waited: 8_000 }]);
    await append(event(statusOf('app', 'answered', 3), { receivedAt: 9_000 }));
    for (const leg of ['app', 'caller']) await heard(leg, 'completed', 20, 'CON-1');
    expect(rings).toHaveLength(1);

    await heard('caller 2', 'ringing', 30, 'CON-2');
    await heard('app 2', 'started', 31, 'CON-2');
    await heard('app 2', 'cancelled', 41, 'CON-2');
    await heard('caller 2', 'completed', 41, 'CON-2');
    expect(rings.slice(1)).toEqual([{ result: 'caller-gave-up', rang: 10_000, waited: null }]);
  });

  it('takes the platform’s times of a ring if no event told the answer, whichever leg ends first', async () => {
    const { append, onRing } = await openLog(stores, await place());
    const rings: Ring[] = [];
    onRing((ring) => rings.push(ring));
    const billed = { start_time: '2026-03-29T21:20:16Z', end_time: '2026-03-29T21:20:30Z', duration: '14' };
    for (const [call, ends] of Object.entries({ 'CON-1': ['app', 'caller'], 'CON-2': ['caller', 'app'] })) {
      const told = [
        statusOf(`caller ${call}`, 'ringing', 5, call),
        statusOf(`app ${call}`, 'started', 7, call),
        ...ends.map((leg) => ({
          ...statusOf(`${leg} ${call}`, 'completed', 25, call),
          ...(leg === 'app' && billed),
        })),
      ];
      for (const payload of told) await append(event(payload, { receivedAt: 900_000 }));
    }
    expect(rings).toEqual(Array(2).fill({ result: 'answered', rang: 4_000, waited: 6_000 }));
  });

  it('knows no times of a ring if the answer was looked up', async () => {
    const { append, onRing } = await openLog(stores, await place());
    const rings: Ring[] = [];
    onRing((ring) => rings.push(ring));
    const looked = { ...statusOf('app', 'answered', 7_000), ...LOOKED_UP };
    await append(event(statusOf('caller', 'ringing'), { receivedAt: 0 }));
    await append(event(statusOf('app', 'started', 3), { receivedAt: 3_000 }));
    await append(event(looked, { receivedAt: 7_000_000 }));
    expect(rings).toEqual([{ result: 'answered', rang: null, waited: null }]);
  });
});

describeStores('a log in trouble', (stores) => {
  const { engine, place, open, administer } = stores;

  it('rejects an invalid entry and stores the others', async () => {
    const { append, store, told, newestEntryId } = await openLog(stores, await place());
    await store.write(async (transaction) => {
      await (engine === 'postgres'
        ? sql`alter table entries add check (body not like '%poison%')`
        : sql`create trigger refuse before insert on entries when new.body like '%poison%'
              begin select raise(abort, 'poison'); end`
      ).execute(transaction);
    });
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        append(event({ ...statusOf('caller', 'ringing', index), ...(index === 7 && { note: 'poison' }) })),
      ),
    );
    const refused = settled.flatMap((each, index) =>
      each.status === 'rejected' ? [{ ...each, index }] : [],
    );
    expect(refused.map(({ index }) => index)).toEqual([7]);
    expect(refused[0]?.reason).not.toBeInstanceOf(StoreUnavailable);
    expect(await newestEntryId()).toBe(19);
    const all = Array.from({ length: 19 }, (_, index) => index + 1);
    await vi.waitFor(() => expect(idsOf(told)).toEqual(all));
  });

  it('commits what waited for a slow disk in few transactions, and so keeps up', async () => {
    const store = await open(await place());
    const disk = Promise.withResolvers<void>();
    let transactions = 0;
    const { append, close } = await createLog({
      ...store,
      async perform(work, input) {
        transactions += 1;
        await disk.promise;
        return store.perform(work, input);
      },
    });
    onTestFinished(close);
    const first = append(event(statusOf('caller', 'ringing')));
    await vi.waitFor(() => expect(transactions).toBe(1));
    const answers = Array.from({ length: 4_000 }, (_, index) =>
      append(answer({ conversation_uuid: `CON-${index}` }, { requestId: `request ${index}` })),
    );
    disk.resolve();
    const outcomes = await Promise.all([first, ...answers]);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(4_001);
    expect(transactions).toBe(5);
  });

  it('is not ready if its file was moved, because the next start would not find it', async () => {
    if (engine === 'postgres') return;
    const here = await place();
    const { append, check } = await openLog(stores, here);
    await append(event(statusOf('caller', 'ringing')));
    await check();
    const file = join(here.dataDir, 'switchboard.db');
    renameSync(file, `${file}.away`);
    await expect(check()).rejects.toThrow(StoreUnavailable);
    await expect(append(event(statusOf('caller', 'started')))).rejects.toThrow(StoreUnavailable);
    expect(here.lines).toEqual([expect.stringContaining('was moved, removed or replaced')]);
    renameSync(`${file}.away`, file);
    await check();
  });

  it.each(['-wal', '-shm'])(
    'is not ready if only its %s file was removed, and loses nothing',
    async (side) => {
      if (engine === 'postgres') return;
      const here = await place();
      const { append, check, close, store, newestEntryId } = await openLog(stores, here);
      await append(event(statusOf('caller', 'ringing')));
      await check();
      rmSync(join(here.dataDir, `switchboard.db${side}`));
      await expect(check()).rejects.toThrow(StoreUnavailable);
      await expect(append(event(statusOf('caller', 'started')))).rejects.toThrow(StoreUnavailable);
      await expect(check()).rejects.toThrow(StoreUnavailable);
      expect(here.lines).toEqual([
        expect.stringContaining(`switchboard.db${side} was moved, removed or repl`),
      ]);
      expect(await newestEntryId()).toBe(1);
      await close();
      await store.close();
      const again = await openLog(stores, here);
      await again.check();
      expect((await again.calls.detail('CON-1'))?.entries).toHaveLength(1);
      expect((await again.append(event(statusOf('caller', 'started')))).id).toBe(2);
    },
  );

  it('acknowledges nothing while the store is down, and continues when it is back', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const { append, told, newestEntryId, check } = await openLog(stores, here);
    await append(event(statusOf('caller', 'ringing')));
    const database = here.databaseUrl?.split('/').at(-1);
    await administer(`alter database ${database} allow_connections false`);
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
    const started = event(statusOf('caller', 'started'));
    const settled = await Promise.allSettled([
      append(started),
      append(event(statusOf('caller', 'answered'))),
    ]);
    expect(
      settled.map((each) => each.status === 'rejected' && each.reason instanceof StoreUnavailable),
    ).toEqual([true, true]);
    await expect(check()).rejects.toThrow(StoreUnavailable);
    await administer(`alter database ${database} allow_connections true`);
    await vi.waitFor(() => append(started), { timeout: 10_000 });
    expect(await newestEntryId()).toBe(2);
    await vi.waitFor(() => expect(idsOf(told)).toEqual([1, 2]));
    await check();
  });

  it('survives broken connections between two commits', async () => {
    if (engine === 'sqlite') return;
    const here = await place();
    const { append, newestEntryId } = await openLog(stores, here);
    await append(event(statusOf('caller', 'ringing')));
    const database = here.databaseUrl?.split('/').at(-1);
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
    expect((await append(event(statusOf('caller', 'started')))).stored).toBe('new');
    expect(await newestEntryId()).toBe(2);
  });

  it('delivers every entry once and in order to all servers, whatever breaks', async () => {
    const here = await place();
    const servers = [await openLog(stores, here), await openLog(stores, here)];
    const send = (count: number, from: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          servers[index % 2]?.append(event(statusOf('caller', 'ringing', from + index, `CON-${index % 5}`))),
        ),
      );
    await send(300, 0);
    if (engine === 'postgres') {
      // Only the listening connections: the follower must catch up on what it missed.
      await administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select newest_entry_id as%'`,
      );
    }
    await send(300, 1000);
    // Without notifications, each server learns about the others at its next write.
    for (const [index, { append }] of servers.entries()) {
      await append(event(statusOf('caller', 'completed', index)));
    }
    for (const { told } of servers) {
      await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(601), { timeout: 10_000 });
      expect(idsOf(told)).toEqual(told.map((_, index) => index + 1));
    }
  });

  it('delivers each entry with its call', async () => {
    const { append, told } = await openLog(stores, await place());
    await append(event(statusOf('caller', 'started'), { receivedAt: 500 }));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    await append(event(statusOf('app-1', 'started', 1), { receivedAt: 400 }));
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

  it('settles all accepted entries before it closes', async () => {
    const here = await place();
    const store = await openStore(here);
    const { append, close } = await createLog(store);
    const taken = Array.from({ length: 1000 }, (_, index) =>
      append(event(statusOf('caller', 'ringing', index))),
    );
    const closed = close();
    await expect(append(event(statusOf('caller', 'started')))).rejects.toThrow(StoreUnavailable);
    await closed;
    await store.close();
    await Promise.all(taken);
    expect(await (await openLog(stores, here)).newestEntryId()).toBe(1000);
  });
});

describeStores('a store that fails during work', (stores) => {
  const { place } = stores;

  it('is not ready until webhooks can be stored again, even if other writes work', async () => {
    const { append, store, check } = await openLog(stores, await place());
    await append(event(statusOf('caller', 'started')));
    await check();
    // A missing table is not an error of the entry.
    const rename = (from: string, to: string) =>
      store.write((transaction) => sql.raw(`alter table ${from} rename to ${to}`).execute(transaction));
    await rename('call_names', 'gone');
    await expect(append(event(statusOf('caller', 'answered')))).rejects.toThrow();
    await expect(check()).rejects.toThrow(StoreUnavailable);
    await rename('gone', 'call_names');
    await check();
    expect((await append(event(statusOf('caller', 'answered')))).stored).toBe('new');
  });
});
