import { ROLES } from '../../domain/api/page-api.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { peek, type Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { accessCodesIn, forgetCode, hashCode } from './access-codes.ts';
import { type Account, accountsOf, readAccounts, saveFirstCode, seedAccounts } from './accounts.ts';

/** Milliseconds between two looks at the accounts, which `npm run agents` and other servers change. */
const LOOK_MS = 2_000;

/** Who may sign in and who takes calls now. Answers from memory, so that calls need not wait for the store. */
export interface Roster {
  /** Someone who was not removed. */
  find(name: string): Account | undefined;
  /** Everyone who was not removed. */
  names(): readonly string[];
  /** Those who take calls: first those of AGENTS, in this order. */
  agents(): readonly string[];
  /** The names that the desk file may use: removed ones too, so that removing someone does not make it wrong. */
  known(): readonly string[];
  /** Whether the accounts have been read. Until then, AGENTS counts. */
  isRead(): boolean;
  /** Looks now, for somebody who was added, removed or given a code just before. Without the store, nothing happens. */
  refresh(): Promise<void>;
  /** Calls the listener when anything changed. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

interface RosterOptions {
  store: Store;
  clock: Clock;
  /** AGENTS. */
  agents: readonly string[];
  /** How people sign in; undefined: nobody does, and everybody has every role. */
  codes: { configured: ReadonlyMap<string, string> | undefined; file: string } | undefined;
  warning: (line: string) => void;
}

/**
 * Adds new names of AGENTS to the accounts, and follows them from then on. Throws an Error in words if the file of
 * access codes cannot be used. While the store is down, AGENTS counts.
 */
export async function openRoster({ store, clock, agents, codes, warning }: RosterOptions): Promise<Roster> {
  const listeners = new Set<() => void>();
  const view = (all: readonly Account[]) => viewOf(all, agents, codes === undefined);
  let accounts = view(accountsOf(agents, clock.now()));
  let isRead = false;
  let closed = false;
  let cancel = () => {};
  let looking: Promise<void> = Promise.resolve();
  let warned: string | undefined;

  async function begin(): Promise<void> {
    await store.write((transaction) => seedAccounts(transaction, agents, Math.round(clock.now())));
    if (codes !== undefined) await giveCodes(store, codes);
    const removed = (await store.read(readAccounts)).filter(
      ({ name, removedAt }) => removedAt !== null && agents.includes(name),
    );
    for (const { name } of removed) {
      warning(
        `AGENTS names ${name}, who was removed with "npm run agents", so ${name} stays removed. To bring ${name} back: npm run agents -- add ${name}`,
      );
    }
  }

  async function look(): Promise<void> {
    if (!isRead) await begin();
    const read = view(await store.read(readAccounts));
    const isNew = !isRead || read.mark !== accounts.mark;
    accounts = read;
    isRead = true;
    if (isNew) for (const listener of [...listeners]) listener();
  }

  function complain(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    // The store logs its own failure.
    if (error instanceof StoreUnavailable || words === warned) return;
    warned = words;
    warning(`The accounts cannot be read: ${words}`);
  }

  /** Never two looks at once, so that an older one cannot come last. */
  function refresh(): Promise<void> {
    looking = clock.during(looking.then(look).catch(complain));
    return looking;
  }

  function later(): void {
    cancel = clock.after(LOOK_MS, () => {
      void refresh().finally(() => {
        if (!closed) later();
      });
    });
  }

  await look().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error;
  });
  later();

  return {
    find: (name) => accounts.byName.get(name),
    names: () => accounts.names,
    agents: () => accounts.agents,
    known: () => accounts.known,
    isRead: () => isRead,
    refresh,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      cancel();
      await looking;
    },
  };
}

/** The accounts of AGENTS, which never change. */
export function fixedRoster(agents: readonly string[], everybodyHasEveryRole: boolean): Roster {
  const { byName } = viewOf(accountsOf(agents, 0), agents, everybodyHasEveryRole);
  return {
    find: (name) => byName.get(name),
    names: () => agents,
    agents: () => agents,
    known: () => agents,
    isRead: () => false,
    refresh: async () => {},
    onChange: () => () => {},
    close: async () => {},
  };
}

/** The agents, and the names that the desk file may use, without changing anything. Without accounts, AGENTS. */
export async function peekAgents({
  agents,
  databaseUrl,
  dataDir,
}: Pick<Config, 'agents' | 'databaseUrl' | 'dataDir'>): Promise<{
  agents: readonly string[];
  known: readonly string[];
}> {
  const read = (await peek({ databaseUrl, dataDir }, readAccounts)) ?? [];
  const fresh = accountsOf(agents, 0).filter(({ name }) => read.every((account) => account.name !== name));
  return viewOf([...read, ...fresh], agents, false);
}

/** @param agents AGENTS */
function viewOf(all: readonly Account[], agents: readonly string[], everybodyHasEveryRole: boolean) {
  const order = new Map(agents.map((name, index) => [name, index]));
  const rank = ({ name }: Account) => order.get(name) ?? agents.length;
  const present = all
    .filter(({ removedAt }) => removedAt === null)
    .map((account) => (everybodyHasEveryRole ? { ...account, roles: ROLES } : account))
    .toSorted((a, b) => rank(a) - rank(b));
  return {
    /** Differs whenever anything does. */
    mark: JSON.stringify(all),
    byName: new Map(present.map((account) => [account.name, account])),
    names: present.map(({ name }) => name),
    agents: present.filter(({ roles }) => roles.includes('agent')).map(({ name }) => name),
    known: [...new Set([...agents, ...all.map(({ name }) => name)])],
  };
}

/** Makes codes for accounts that have none, and keeps them in the file. */
async function giveCodes(
  store: Store,
  { configured, file }: { configured: ReadonlyMap<string, string> | undefined; file: string },
): Promise<void> {
  const without = (await store.read(readAccounts))
    .filter(
      ({ name, codeHash, removedAt }) => codeHash === null && removedAt === null && !configured?.has(name),
    )
    .map(({ name }) => name);
  if (without.length === 0) return;
  for (const [name, code] of accessCodesIn(file, without)) {
    const hash = await hashCode(code);
    const isValid = await store.write((transaction) => saveFirstCode(transaction, name, hash));
    // Another server that started at the same time made the code that is valid.
    if (!isValid) forgetCode(file, name);
  }
}
