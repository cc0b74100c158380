import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAudit } from '../audit/audit.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { describeStores } from '../store/testing.ts';
import { memoryTable, privateKey } from '../testing.ts';
import { createSessions, SESSION_SECONDS, type SessionTable, sessionTable } from './sessions.ts';

const codes = new Map([
  ['Alice', 'open sesame'],
  ['Bob', 'correct horse'],
]);

const serverOn = (
  table: SessionTable,
  more: { codes?: typeof codes; refresh?: () => Promise<void>; privateKey?: string } = {},
) =>
  createSessions({
    table,
    secretOf: (agent) => (more.codes ?? codes).get(agent),
    refresh: more.refresh ?? (async () => {}),
    privateKey: more.privateKey ?? privateKey,
    now: Date.now,
  });

/** A table that counts reads and can be made unavailable. */
function watchedTable() {
  const table = memoryTable();
  const state = { reads: 0, isAway: false };
  const used = <T>(result: () => Promise<T>) =>
    state.isAway ? Promise.reject(new StoreUnavailable('away')) : result();
  const watched: SessionTable = {
    add: (...args) => used(() => table.add(...args)),
    find: (ids) => {
      state.reads += 1;
      return used(() => table.find(ids));
    },
    remove: (id, from) => used(() => table.remove(id, from)),
    removeAllOf: (agent) => used(() => table.removeAllOf(agent)),
  };
  return { rows: table.rows, state, table: watched };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

describe('a session', () => {
  it('identifies the agent on every server of the store and after a restart', async () => {
    const { table } = watchedTable();
    const value = await serverOn(table).open('Alice');
    expect(value).toMatch(/^[\w-]{43}$/);
    expect((await serverOn(table).read(value))?.agent).toBe('Alice');
    const pkcs1 = createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect((await serverOn(table, { privateKey: pkcs1 }).read(value))?.agent).toBe('Alice');
  });

  it('stores nothing that could be used to sign in or to guess codes', async () => {
    const { table, rows } = watchedTable();
    const server = serverOn(table);
    const value = await server.open('Alice');
    const [row] = rows.values();
    expect(JSON.stringify(row)).not.toContain(value);
    expect(await server.read(row?.id)).toBeUndefined();
    const elsewhere = memoryTable();
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    await serverOn(elsewhere, {
      privateKey: other.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }).open('Alice');
    expect([...elsewhere.rows.values()][0]?.code_hash).not.toBe(row?.code_hash);
  });

  it('expires after one long shift, and its row is deleted at the next sign-in', async () => {
    const { table, rows } = watchedTable();
    const server = serverOn(table);
    const value = await server.open('Alice');
    vi.setSystemTime(Date.now() + (SESSION_SECONDS - 1) * 1000);
    expect((await server.read(value))?.agent).toBe('Alice');
    vi.setSystemTime(Date.now() + 1000);
    expect(await server.read(value)).toBeUndefined();
    await server.open('Bob');
    expect([...rows.values()].map(({ agent }) => agent)).toEqual(['Bob']);
  });

  it('ends when the code changes or the agent is removed; others continue', async () => {
    const { table } = watchedTable();
    const values = [await serverOn(table).open('Alice'), await serverOn(table).open('Bob')];
    const agents = async (now: typeof codes) => {
      const server = serverOn(table, { codes: now });
      return Promise.all(values.map(async (value) => (await server.read(value))?.agent));
    };
    expect(await agents(new Map([...codes, ['Alice', 'open barley']]))).toEqual([undefined, 'Bob']);
    expect(await agents(new Map([['Bob', 'correct horse']]))).toEqual([undefined, 'Bob']);
  });

  it('of somebody who was added just before is valid on a server that has not heard of them yet', async () => {
    const { table } = watchedTable();
    const value = await serverOn(table).open('Bob');
    const known = new Map([['Alice', 'open sesame']]);
    let refreshes = 0;
    const refresh = async () => {
      refreshes += 1;
      known.set('Bob', 'correct horse');
    };
    const elsewhere = serverOn(table, { codes: known, refresh });
    expect((await elsewhere.read(value))?.agent).toBe('Bob');
    expect((await elsewhere.read(value))?.agent).toBe('Bob');
    expect(refreshes).toBe(1);
  });

  it('ends with all others of an agent who is signed out by a supervisor, and with their feeds', async () => {
    const { table } = watchedTable();
    const [here, elsewhere] = [serverOn(table), serverOn(table)];
    const values = [await here.open('Alice'), await elsewhere.open('Alice'), await here.open('Bob')];
    const [first, second, others] = values;
    const ended: string[] = [];
    (await here.read(second))?.onEnd(() => ended.push('a feed of Alice'));
    (await here.read(others))?.onEnd(() => ended.push('a feed of Bob'));
    await here.closeAllOf('Alice');
    expect(await here.read(first)).toBeUndefined();
    expect(await here.read(second)).toBeUndefined();
    expect(ended).toEqual(['a feed of Alice']);
    expect((await here.read(others))?.agent).toBe('Bob');
    vi.setSystemTime(Date.now() + 2_000);
    expect(await elsewhere.read(second)).toBeUndefined();
  });

  it('ends at sign-out: at once on this server, within two seconds on others', async () => {
    const { table } = watchedTable();
    const [here, elsewhere] = [serverOn(table), serverOn(table)];
    const value = await here.open('Alice');
    await elsewhere.read(value);
    await here.close(value);
    expect(await here.read(value)).toBeUndefined();
    vi.setSystemTime(Date.now() + 2_000);
    expect(await elsewhere.read(value)).toBeUndefined();
  });

  it('stays ended even if it was being read at that moment', async () => {
    const table = memoryTable();
    const reading = Promise.withResolvers<void>();
    const slow: SessionTable = {
      ...table,
      async find(ids) {
        const found = await table.find(ids);
        await reading.promise;
        return found;
      },
    };
    const value = await serverOn(table).open('Alice');
    const server = serverOn(slow);
    const early = server.read(value);
    await server.close(value);
    reading.resolve();
    await early;
    expect(await server.read(value)).toBeUndefined();
  });

  it('ends when another session replaces it in the same browser', async () => {
    const { table } = watchedTable();
    const server = serverOn(table);
    const first = await server.open('Alice');
    const second = await server.open('Bob', first);
    expect([await server.read(first), (await server.read(second))?.agent]).toEqual([undefined, 'Bob']);
  });

  it.each([undefined, '', 'x', 'x'.repeat(43), 'e30.e30.e30', "' or 1=1 --"])(
    'cannot be forged as %j',
    async (value) => {
      expect(await serverOn(memoryTable()).read(value)).toBeUndefined();
    },
  );

  it('is read from the store at most every two seconds, and an invalid cookie never', async () => {
    const { table, state } = watchedTable();
    const value = await serverOn(table).open('Alice');
    const server = serverOn(table);
    for (let index = 0; index < 10; index += 1) await server.read(value);
    await server.read('rubbish');
    expect(state.reads).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    await server.read(value);
    expect(state.reads).toBe(2);
  });
});

describe('while the store is down', () => {
  it('a known session continues until it expires, and others are unavailable', async () => {
    const { table, state } = watchedTable();
    const value = await serverOn(table).open('Alice');
    const [known, unknown] = [serverOn(table), serverOn(table)];
    await known.read(value);
    state.isAway = true;
    vi.setSystemTime(Date.now() + 60_000);
    expect((await known.read(value))?.agent).toBe('Alice');
    await expect(unknown.read(value)).rejects.toThrow(StoreUnavailable);
    vi.setSystemTime(Date.now() + SESSION_SECONDS * 1000);
    expect(await known.read(value)).toBeUndefined();
  });

  it('requests with a known session do not wait for the store', async () => {
    const { table, state } = watchedTable();
    const server = serverOn(table);
    const value = await server.open('Alice');
    state.isAway = true;
    vi.setSystemTime(Date.now() + 60_000);
    for (let index = 0; index < 10; index += 1) await server.read(value);
    expect(state.reads).toBe(1);
  });

  it('sign-out fails, and the session stays valid', async () => {
    const { table, state } = watchedTable();
    const server = serverOn(table);
    const value = await server.open('Alice');
    state.isAway = true;
    await expect(server.close(value)).rejects.toThrow(StoreUnavailable);
    expect((await server.read(value))?.agent).toBe('Alice');
  });
});

describe('a listener of a session', () => {
  async function listened() {
    const { table, state } = watchedTable();
    const [here, elsewhere] = [serverOn(table), serverOn(table)];
    const value = await here.open('Alice');
    const ends: string[] = [];
    const undo = (await here.read(value))?.onEnd(() => ends.push('here'));
    (await elsewhere.read(value))?.onEnd(() => ends.push('elsewhere'));
    return { table, state, here, elsewhere, value, ends, undo };
  }

  it('is called at its end, at once on the same server, within two seconds on others', async () => {
    const { here, value, ends } = await listened();
    await here.close(value);
    expect(ends).toEqual(['here']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ends).toEqual(['here', 'elsewhere']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toEqual(['here', 'elsewhere']);
  });

  it('is called when it expires', async () => {
    const { ends } = await listened();
    await vi.advanceTimersByTimeAsync(SESSION_SECONDS * 1000 - 2_000);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ends).toEqual(['here', 'elsewhere']);
  });

  it('is not called while the store is down', async () => {
    const { state, ends } = await listened();
    state.isAway = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(SESSION_SECONDS * 1000);
    expect(ends).toEqual(['here', 'elsewhere']);
  });

  it('is not called after it unsubscribed', async () => {
    const { here, value, ends, undo } = await listened();
    undo?.();
    await here.close(value);
    expect(ends).toEqual([]);
  });

  it('shares one query every two seconds with all others', async () => {
    const { table, state } = watchedTable();
    const server = serverOn(table);
    for (let index = 0; index < 50; index += 1) {
      const session = await server.read(await server.open('Alice'));
      const leave = session?.onEnd(() => {});
      onTestFinished(() => leave?.());
    }
    const { reads } = state;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.reads - reads).toBe(5);
  });
});

describeStores('session rows', ({ place, open }) => {
  it('are stored, found, replaced and removed', async () => {
    vi.useRealTimers();
    const store = await open(await place());
    const table = sessionTable(store, () => 2_000);
    const row = (id: string, createdAt: number) => {
      const expiresAt = createdAt + 100;
      return { id, agent: 'Alice', code_hash: 'hash', created_at: createdAt, expires_at: expiresAt };
    };
    const ids = async () =>
      (await table.find(['a', 'b', 'c', 'x'])).map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1));
    await table.add(row('a', 1000), undefined);
    expect(await table.find(['a'])).toEqual([row('a', 1000)]);
    await table.add(row('b', 1050), undefined);
    expect(await ids()).toEqual(['a', 'b']);
    await table.add(row('c', 1100), undefined);
    expect(await ids()).toEqual(['b', 'c']);
    await table.add(row('x', 1101), 'c');
    expect(await ids()).toEqual(['b', 'x']);
    await table.remove('b', '203.0.113.7');
    expect(await ids()).toEqual(['x']);
    const noted = { who: 'Alice', what: 'signed in', from: '203.0.113.7' } as const;
    await table.add(row('y', 1102), undefined, noted);
    // Of a session that is over already, nothing is recorded.
    await table.remove('b', '203.0.113.7');
    expect((await createAudit(store, () => 0).list({ limit: 10 })).entries).toMatchObject([
      { ...noted, at: 2_000 },
      { who: 'Alice', what: 'signed out', from: '203.0.113.7', at: 2_000 },
    ]);
  });
});
