import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { answer, event, openLog, statusOf } from '../log/testing.ts';
import type { Store } from '../store/store.ts';
import { describeStores, type TestStores } from '../store/testing.ts';
import { createCalls } from './calls.ts';
import { rebuildCalls } from './rebuild.ts';
import { createRounds } from './reconcile.ts';
import { deleteCallsBefore } from './retention.ts';

const HOUR_MS = 3_600_000;
const CALLED_AT = Date.parse('2026-03-29T21:20:05Z');

async function openHere(stores: TestStores) {
  const here = await stores.place();
  return { here, ...(await openLog(stores, here)) };
}

const everything = (store: Store) =>
  store.read(async (db) => ({
    calls: await db.selectFrom('calls').selectAll().orderBy('number').execute(),
    entries: await db.selectFrom('entries').selectAll().orderBy('id').execute(),
    names: await db.selectFrom('call_names').selectAll().orderBy('name').execute(),
  }));

describeStores('rebuilding calls', (stores) => {
  it('restores the calls, whatever state they were in', async () => {
    const { here, store, append } = await openHere(stores);
    await Promise.all(
      Array.from({ length: 130 }, (_, index) =>
        ['started', 'answered', 'completed'].map((status, second) =>
          append(event(statusOf(`caller-${index}`, status, second, `CON-${index}`))),
        ),
      ).flat(),
    );
    // More than one batch.
    await Promise.all(
      Array.from({ length: 1_200 }, (_, second) =>
        append(event(statusOf('caller-7', 'ringing', second, 'CON-7'))),
      ),
    );
    const before = await everything(store);
    await store.write(async (transaction) => {
      const wrong = { state: '{}', status: 'started', from_party: null, first_seen_at: 7 } as const;
      await transaction.updateTable('calls').set(wrong).execute();
      const { result: _, ...first } = { ...before.calls[0] };
      const empty = {
        ...first,
        ...wrong,
        last_heard_at: 7,
        number: 999,
        id: 'CON-empty',
        last_entry_id: 1,
      };
      await transaction.insertInto('calls').values(empty).execute();
    });
    const progress: number[] = [];
    expect(await rebuildCalls(store, (done) => progress.push(done))).toBe(130);
    expect(await everything(store)).toEqual(before);
    expect(progress).toEqual([50, 100, 130, 130]);

    const program = join(import.meta.dirname, '../commands/rebuild.ts');
    const env = { DATA_DIR: here.dataDir, ...(here.databaseUrl && { DATABASE_URL: here.databaseUrl }) };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env });
    // It also tells its progress, if it takes a while.
    expect(stderr + stdout).toMatch(/^(?:\d+ calls …\n)*Rebuilt all 130 calls from their entries\.\n$/);
  }, 30_000);
});

describeStores('calls whose entries were removed from the log', (stores) => {
  it('are deleted by a rebuild', async () => {
    const { store, append } = await openHere(stores);
    for (const call of ['CON-1', 'CON-2'])
      await append(event(statusOf(`leg of ${call}`, 'started', 0, call)));
    await store.write((transaction) => transaction.deleteFrom('entries').where('id', '=', 1).execute());
    expect(await rebuildCalls(store, () => {})).toBe(1);
    const { calls, names } = await everything(store);
    expect(calls.map(({ id }) => id)).toEqual(['CON-2']);
    expect(names.map(({ name }) => name)).toEqual(['CON-2', 'leg:leg of CON-2']);
  });
});

describeStores('a log of an older version', (stores) => {
  it('is migrated completely, including entries not yet projected and legs that moved', async () => {
    const { here, store, append, close } = await openHere(stores);
    const move = {
      type: 'transfer',
      uuid: 'moved',
      conversation_uuid_from: 'CON-3',
      conversation_uuid_to: 'CON-4',
      timestamp: '2026-03-29T21:20:09.000Z',
    };
    for (const [second, status] of ['started', 'answered', 'completed'].entries())
      await append(event(statusOf('caller', status, second)));
    await append(answer({ uuid: 'caller', conversation_uuid: 'CON-1', to: '442038297050' }));
    await append(event(statusOf('other', 'started', 0, 'CON-2')));
    await append(event(statusOf('moved', 'answered', 0, 'CON-3')));
    await append(event(statusOf('there', 'answered', 0, 'CON-4')));
    await append(event(move));
    const before = await everything(store);
    expect(before.calls.map(({ id }) => id)).toHaveLength(3);
    await close();
    await store.write(async (transaction) => {
      const isPostgres = stores.engine === 'postgres';
      const whole = isPostgres ? 'bigint' : 'integer';
      const ncco = isPostgres ? `reply::json -> 'ncco'` : `reply -> '$.ncco'`;
      for (const statement of [
        `create table old (id ${whole} primary key, leg_uuid text, by_leg smallint not null,
          received_at ${whole} not null, took double precision not null, type text not null,
          method text not null, request_id text not null, replayed smallint not null,
          deduplication_key text not null, body text not null)`,
        `insert into old select id, null, 0, received_at, took, type, method, request_id, replayed, deduplication_key,
          case type when 'event' then body else '{"request":' || body || ',"ncco":' || (${ncco}) || '}' end from entries`,
        `create table places (entry_id ${whole} primary key, call_number ${whole} not null references calls(number))`,
        // The last ones were not yet projected when the server stopped.
        'insert into places select id, call_number from entries where id < 6',
        'create index places_of_call on places (call_number, entry_id)',
        'drop table entries',
        'alter table old rename to entries',
        'create unique index entries_by_key on entries (deduplication_key)',
        'create table legs (uuid text primary key not null, call_id text)',
        `insert into legs values ('caller', 'CON-1'), ('other', 'CON-2')`,
        'drop table call_names',
        `delete from calls where id not in ('CON-1', 'CON-2')`,
        ...['aliases', 'last_heard_at', 'hung_up_by'].map((name) => `alter table calls drop column ${name}`),
        `alter table counters drop column store_id`,
        `alter table counters add column projected_entry_id ${whole} not null default 5`,
        `alter table counters add column calls_version ${whole} not null default 0`,
        `update counters set newest_call_number = 2`,
        `delete from kysely_migration where name = '003-one-transaction'`,
      ])
        await sql.raw(statement).execute(transaction);
    });
    const again = await stores.open(here);
    expect((await createCalls(again).detail('CON-1'))?.entries).toHaveLength(4);
    expect((await createCalls(again).detail('CON-4'))?.entries).toHaveLength(3);
    await rebuildCalls(again, () => {});
    expect(await everything(again)).toEqual(before);
    expect(here.lines).toEqual([]);
  });
});

describeStores('retention', (stores) => {
  it('deletes old calls completely, and nothing else', async () => {
    const { store, append } = await openHere(stores);
    const tell = (call: string, status: string, receivedAt: number, second = 0) =>
      append(event(statusOf(`leg of ${call}`, status, second, call), { receivedAt }));
    await Promise.all(
      Array.from({ length: 120 }, (_, index) => tell(`CON-${index}`, 'started', index * 1000)),
    );
    await Promise.all(Array.from({ length: 700 }, (_, index) => tell('CON-0', 'ringing', 500_000, index)));
    expect(await deleteCallsBefore(store, 110_000)).toBe(110);
    const { calls, entries, names } = await everything(store);
    expect(calls.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `CON-${110 + index}`));
    expect(entries).toHaveLength(10);
    expect(names).toHaveLength(20);
    expect(await deleteCallsBefore(store, 110_000)).toBe(0);
    expect(await tell('CON-new', 'started', 1)).toMatchObject({ id: 821, stored: 'new' });
  });

  it('can be stopped between two transactions', async () => {
    const { store, append } = await openHere(stores);
    await append(event(statusOf('caller', 'started'), { receivedAt: 1 }));
    expect(await deleteCallsBefore(store, 2, AbortSignal.abort())).toBe(0);
    expect(await deleteCallsBefore(store, 2)).toBe(1);
  });
});

describeStores('reconciling', (stores) => {
  /** A platform that knows some legs, hours after the calls. */
  async function reconciling(
    known: Record<string, Readonly<Record<string, unknown>>>,
    hours: number,
    platformSince?: number,
  ) {
    const { store, append, calls } = await openHere(stores);
    const asked: (string | undefined)[][] = [];
    let now = CALLED_AT + hours * HOUR_MS;
    const round = createRounds({
      store,
      append,
      now: () => now,
      log: () => {},
      platformSince,
      lookUp: async (uuid, regionUrl) => {
        asked.push([uuid, regionUrl]);
        return known[uuid];
      },
    });
    return {
      calls,
      asked,
      tell: (leg: string, status: string, second: number, call = 'CON-1') =>
        append(event(statusOf(leg, status, second, call), { receivedAt: CALLED_AT })),
      ask: append,
      round: () => round(new AbortController().signal),
      wait: (more: number) => {
        now += more * HOUR_MS;
      },
    };
  }

  const ended = {
    uuid: 'caller',
    status: 'completed',
    start_time: '2026-03-29T21:20:10.000Z',
    end_time: '2026-03-29T21:30:10.000Z',
    duration: '600',
    price: '0.07',
    from: { type: 'phone', number: '447700900000' },
  };

  it('asks how a call ended that must be over, and stores the answer', async () => {
    const { calls, asked, ask, tell, round } = await reconciling({ caller: ended }, 2.2);
    const question = {
      uuid: 'caller',
      conversation_uuid: 'CON-1',
      region_url: 'https://api-us-3.vonage.com',
    };
    await ask(answer(question, { receivedAt: CALLED_AT }));
    await tell('caller', 'started', 0);
    await tell('caller', 'answered', 5);
    await round();
    expect(asked).toEqual([['caller', 'https://api-us-3.vonage.com']]);
    const detail = await calls.detail('CON-1');
    expect(detail?.call).toMatchObject({ status: 'ended', endedAt: Date.parse(ended.end_time), price: 0.07 });
    expect(detail?.entries.at(-1)).toMatchObject({
      payload: { status: 'completed', from: '447700900000', reported_by: 'switchboard' },
    });
    await round();
    expect(asked).toHaveLength(1);
  });

  it('does not ask about calls that may still be live or have ended', async () => {
    const early = await reconciling({ caller: ended }, 2);
    await early.tell('caller', 'answered', 0);
    await early.round();
    const over = await reconciling({ caller: ended }, 9);
    await over.tell('caller', 'completed', 9);
    await over.round();
    expect([...early.asked, ...over.asked]).toEqual([]);
  });

  it('learns that a call is still live, and asks again after the same silence', async () => {
    const { calls, asked, tell, round, wait } = await reconciling({ caller: { status: 'answered' } }, 3);
    await tell('caller', 'answered', 0);
    await round();
    await round();
    expect(asked).toHaveLength(1);
    const detail = await calls.detail('CON-1');
    expect(detail?.entries).toHaveLength(2);
    expect(detail?.call.lastHeardAt).toBe(CALLED_AT + 3 * HOUR_MS);
    wait(3);
    await round();
    expect(asked).toHaveLength(2);
  });

  it('ends an unknown call at once that an emulator knew which is gone, and none that it began itself', async () => {
    const { calls, asked, tell, round } = await reconciling({}, 0, CALLED_AT + 1);
    await tell('caller', 'answered', 0);
    await round();
    expect((await calls.detail('CON-1'))?.call.status).toBe('ended');
    const later = await reconciling({}, 0, CALLED_AT);
    await later.tell('caller', 'answered', 0);
    await later.round();
    expect([asked.length, later.asked.length]).toEqual([1, 0]);
  });

  it('ends an unknown call only after the maximum duration', async () => {
    const { calls, tell, round, wait } = await reconciling({}, 3);
    await tell('caller', 'started', 0);
    await tell('caller', 'answered', 5);
    await round();
    expect((await calls.detail('CON-1'))?.call.status).not.toBe('ended');
    wait(22);
    await round();
    const call = (await calls.detail('CON-1'))?.call;
    expect(call).toMatchObject({ status: 'ended', endedAt: CALLED_AT + 5000 });
  });

  it('gets to every call, even if many are still live', async () => {
    const { asked, tell, round } = await reconciling({}, 3);
    await Promise.all(
      Array.from({ length: 45 }, (_, index) => tell(`caller-${index}`, 'answered', 0, `CON-${index}`)),
    );
    for (let times = 0; times < 3; times++) await round();
    expect(new Set(asked.map(([uuid]) => uuid)).size).toBe(45);
    await round();
    expect(asked).toHaveLength(65);
  });
});
