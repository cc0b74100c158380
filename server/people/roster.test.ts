import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROLES } from '../../domain/api/page-api.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { describeStores } from '../store/testing.ts';
import { emptyFolder } from '../testing.ts';
import { isCodeOf } from './access-codes.ts';
import { type Account, readAccounts, saveAccount } from './accounts.ts';
import { openRoster } from './roster.ts';

/** A clock that lets two seconds pass when it is told to. */
function handClock() {
  let waiting: (() => void)[] = [];
  let working: Promise<unknown> = Promise.resolve();
  const clock: Clock = {
    now: () => 1_000,
    after(_ms, fn) {
      waiting.push(fn);
      return () => {
        waiting = waiting.filter((each) => each !== fn);
      };
    },
    during(work) {
      working = work;
      return work;
    },
  };
  return {
    clock,
    async pass() {
      const due = waiting;
      waiting = [];
      for (const each of due) each();
      await working;
    },
  };
}

interface Start {
  agents?: readonly string[];
  codes?: { configured: ReadonlyMap<string, string> | undefined; file: string };
}

/** A server with these settings. */
async function start(store: Store, { agents = ['Alice', 'Bob'], codes }: Start = {}) {
  const { clock, pass } = handClock();
  const warnings: string[] = [];
  const warning = (line: string) => void warnings.push(line);
  const roster = await openRoster({ store, clock, agents, codes, warning });
  onTestFinished(() => roster.close());
  return { roster, pass, warnings };
}

const codesIn = (folder: string) => ({ configured: undefined, file: join(folder, 'access-codes.json') });

async function change(store: Store, name: string, fields: Partial<Account>): Promise<void> {
  await store.write(async (transaction) => {
    const before = (await readAccounts(transaction)).find((each) => each.name === name);
    const fresh: Account = { name, roles: ['agent'], codeHash: null, addedAt: 2_000, removedAt: null };
    await saveAccount(transaction, { ...fresh, ...before, ...fields });
  });
}

describeStores('the accounts', ({ place, open }) => {
  const opened = async () => open(await place());

  it('begin with AGENTS: the first has every role, the others take calls', async () => {
    const { roster } = await start(await opened(), { codes: codesIn(emptyFolder()) });
    expect(roster.find('Alice')?.roles).toEqual(ROLES);
    expect(roster.find('Bob')?.roles).toEqual(['agent']);
    expect(roster.agents()).toEqual(['Alice', 'Bob']);
  });

  it('keep their roles when AGENTS changes its order, and take up new names', async () => {
    const store = await opened();
    const codes = codesIn(emptyFolder());
    await start(store, { codes });
    const { roster } = await start(store, { agents: ['Bob', 'Dave', 'Alice'], codes });
    expect(roster.agents()).toEqual(['Bob', 'Dave', 'Alice']);
    expect(roster.find('Alice')?.roles).toEqual(ROLES);
    expect([roster.find('Bob')?.roles, roster.find('Dave')?.roles]).toEqual([['agent'], ['agent']]);
  });

  it('that were removed stay removed although AGENTS names them, and the server says so', async () => {
    const store = await opened();
    await start(store);
    await change(store, 'Bob', { removedAt: 3_000 });
    const { roster, warnings } = await start(store);
    expect(roster.agents()).toEqual(['Alice']);
    expect(roster.find('Bob')).toBeUndefined();
    expect(roster.known()).toEqual(['Alice', 'Bob']);
    expect(warnings).toEqual([
      'AGENTS names Bob, who was removed with "npm run agents", so Bob stays removed. To bring Bob back: npm run agents -- add Bob',
    ]);
  });

  it('are taken up while the server runs, and listeners hear of each change once', async () => {
    const store = await opened();
    const { roster, pass } = await start(store, { codes: codesIn(emptyFolder()) });
    let changes = 0;
    roster.onChange(() => {
      changes += 1;
    });
    await pass();
    expect(changes).toBe(0);
    await change(store, 'Zed', {});
    await change(store, 'Bob', { roles: ['supervisor'] });
    await pass();
    expect([changes, roster.agents(), roster.names()]).toEqual([
      1,
      ['Alice', 'Zed'],
      ['Alice', 'Bob', 'Zed'],
    ]);
    await change(store, 'Zed', { removedAt: 4_000 });
    await pass();
    expect([changes, roster.agents()]).toEqual([2, ['Alice']]);
  });

  it('have every role where nobody signs in', async () => {
    const { roster } = await start(await opened());
    expect(roster.find('Bob')?.roles).toEqual(ROLES);
  });

  it('get an access code once, which the file has and the store only proves', async () => {
    const store = await opened();
    const codes = codesIn(emptyFolder());
    await start(store, { codes });
    const file: Record<string, string> = JSON.parse(readFileSync(codes.file, 'utf8'));
    const [alice] = await store.read(readAccounts);
    expect(Object.keys(file)).toEqual(['Alice', 'Bob']);
    expect(await isCodeOf(alice?.codeHash ?? '', file.Alice ?? '')).toBe(true);
    expect(await isCodeOf(alice?.codeHash ?? '', file.Bob ?? '')).toBe(false);
    expect(JSON.stringify(alice)).not.toContain(file.Alice);
    // Another server of the store, with a folder of its own.
    const other = codesIn(emptyFolder());
    await start(store, { codes: other });
    expect(() => readFileSync(other.file)).toThrow(/ENOENT/);
    expect((await store.read(readAccounts))[0]?.codeHash).toBe(alice?.codeHash);
  });

  it('get no code that AGENT_CODES has', async () => {
    const store = await opened();
    const configured = new Map([['Alice', 'open sesame']]);
    const codes = { ...codesIn(emptyFolder()), configured };
    await start(store, { codes });
    expect(Object.keys(JSON.parse(readFileSync(codes.file, 'utf8')))).toEqual(['Bob']);
  });
});

describe('while the store is down', () => {
  it('AGENTS counts, and the accounts are read as soon as it works', async () => {
    let isAway = true;
    const rows = [{ name: 'Alice', roles: 'agent', code_hash: null, added_at: 1, removed_at: null }];
    const used = <T>(work: () => Promise<T>) =>
      isAway ? Promise.reject(new StoreUnavailable('away')) : work();
    const store = {
      read: () =>
        used(async () =>
          rows.map((row) => ({ ...row, roles: [], codeHash: null, addedAt: 1, removedAt: null })),
        ),
      write: () => used(async () => undefined),
    };
    const { clock, pass } = handClock();
    const roster = await openRoster({
      // Only these two are used.
      store: Object.assign(Object.create(null), store),
      clock,
      agents: ['Alice', 'Bob'],
      codes: undefined,
      warning: () => {},
    });
    onTestFinished(() => roster.close());
    expect([roster.isRead(), roster.agents()]).toEqual([false, ['Alice', 'Bob']]);
    let changes = 0;
    roster.onChange(() => {
      changes += 1;
    });
    await pass();
    expect([roster.isRead(), changes]).toEqual([false, 0]);
    isAway = false;
    await pass();
    expect([roster.isRead(), changes, roster.agents()]).toEqual([true, 1, ['Alice']]);
  });
});
