import { createHash, createHmac, createPrivateKey, randomBytes } from 'node:crypto';
import { type AuditFact, audit } from '../audit/audit.ts';
import type { SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';

/** Lifetime of a session in seconds: one long shift. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** Milliseconds for which a session is cached, and between two checks of those with listeners. */
const FRESH_MS = 2_000;

/** 256 random bits in base64url. */
const COOKIE_VALUE = /^[\w-]{43}$/;

/** Sessions, shared by all servers of a store. Methods reject with StoreUnavailable while it is down. */
export interface Sessions {
  /**
   * Opens a session and ends that of the earlier cookie. Resolves with the new cookie value.
   * @param noted recorded in the same transaction
   */
  open(agent: string, earlier?: string, noted?: AuditFact): Promise<string>;
  /** The session of a cookie, or undefined if it is invalid or has ended. */
  read(value: string | undefined): Promise<Session | undefined>;
  /** Ends the session of a cookie, on every server. @param from recorded as the address from which it was ended */
  close(value: string | undefined, from?: string | null): Promise<void>;
  /** Ends every session of an agent, on every server. */
  closeAllOf(agent: string): Promise<void>;
}

export interface Session {
  agent: string;
  /**
   * Calls the listener once when the session ends, at once on this server, soon on others. Returns a function
   * that unsubscribes.
   */
  onEnd(listener: () => void): () => void;
}

/** The session table. */
export interface SessionTable {
  /** Adds a session, and removes another one and all expired ones. */
  add(row: SessionRow, removed: string | undefined, noted?: AuditFact): Promise<void>;
  find(ids: readonly string[]): Promise<readonly SessionRow[]>;
  remove(id: string, from: string | null): Promise<void>;
  removeAllOf(agent: string): Promise<void>;
}

interface SessionOptions {
  table: SessionTable;
  /** What proves someone's access code, or undefined for nobody who may sign in. A change ends their sessions. */
  secretOf: (agent: string) => string | undefined;
  /** Lets `secretOf` know the newest accounts: another server may have opened a session of one. */
  refresh: () => Promise<void>;
  /** PEM. Keys the code hashes, so that nobody can guess codes from the store alone. */
  privateKey: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** @param now milliseconds since 1970 */
export function sessionTable(store: Store, now: () => number): SessionTable {
  return {
    add: (row, removed = '', noted = undefined) =>
      store.write(async (transaction) => {
        await transaction
          .deleteFrom('sessions')
          .where(({ or, eb }) => or([eb('expires_at', '<=', row.created_at), eb('id', '=', removed)]))
          .execute();
        await transaction.insertInto('sessions').values(row).execute();
        if (noted !== undefined) await audit(transaction, noted, now());
      }),
    find: (ids) => store.read((db) => db.selectFrom('sessions').selectAll().where('id', 'in', ids).execute()),
    remove: (id, from) =>
      store.write(async (transaction) => {
        const ended = await transaction.selectFrom('sessions').select('agent').where('id', '=', id).execute();
        await transaction.deleteFrom('sessions').where('id', '=', id).execute();
        for (const { agent } of ended)
          await audit(transaction, { who: agent, what: 'signed out', from }, now());
      }),
    removeAllOf: (agent) =>
      store.write(async (transaction) => {
        await transaction.deleteFrom('sessions').where('agent', '=', agent).execute();
      }),
  };
}

export function createSessions({ table, secretOf, refresh, privateKey, now }: SessionOptions): Sessions {
  const key = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  /** The latest hash of each agent: sessions are checked all the time. */
  const hashes = new Map<string, { secret: string; hash: string }>();
  /** Cached sessions, to read the store less often and to continue while it is down. */
  const known = new Map<string, { row: SessionRow; readAt: number }>();
  const listeners = new Map<string, Set<() => void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  /** Number of sessions ended here. A read that began before the latest one may be outdated. */
  let ended = 0;

  function codeHashOf(agent: string): string | undefined {
    const secret = secretOf(agent);
    if (secret === undefined) return undefined;
    const last = hashes.get(agent);
    if (last?.secret === secret) return last.hash;
    const hash = createHmac('sha256', key).update(secret).digest('hex');
    hashes.set(agent, { secret, hash });
    return hash;
  }

  function isValid(row: SessionRow): boolean {
    return row.expires_at > now() && codeHashOf(row.agent) === row.code_hash;
  }

  /** Finds valid sessions and caches them. */
  async function find(ids: readonly string[]): Promise<ReadonlyMap<string, SessionRow>> {
    const endedBefore = ended;
    const all = await table.find(ids);
    if (all.some((row) => row.expires_at > now() && !isValid(row))) await refresh();
    const rows = all.filter(isValid);
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const id of ids) {
      const row = found.get(id);
      if (row === undefined) known.delete(id);
      else if (ended === endedBefore) known.set(id, { row, readAt: now() });
    }
    return found;
  }

  function end(id: string): void {
    ended += 1;
    known.delete(id);
    const listening = listeners.get(id) ?? [];
    listeners.delete(id);
    restOrLook();
    for (const listener of listening) listener();
  }

  /** Checks all sessions with listeners in one query. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    const ids = [...listeners.keys()];
    try {
      const found = await find(ids);
      for (const id of ids) if (!found.has(id)) end(id);
    } catch {
      // The store is down: sessions continue until they expire.
      for (const id of ids) {
        const row = known.get(id)?.row;
        if (row !== undefined && !isValid(row)) end(id);
      }
    } finally {
      looking = false;
    }
  }

  function restOrLook(): void {
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(() => void look(), FRESH_MS).unref();
  }

  function sessionOf({ id, agent }: SessionRow): Session {
    return {
      agent,
      onEnd(listener) {
        const listening = listeners.get(id) ?? new Set();
        listeners.set(id, listening.add(listener));
        restOrLook();
        return () => {
          listening.delete(listener);
          if (listening.size === 0 && listeners.get(id) === listening) listeners.delete(id);
          restOrLook();
        };
      },
    };
  }

  return {
    async open(agent, earlier, noted) {
      const codeHash = codeHashOf(agent);
      if (codeHash === undefined) throw new Error(`Nobody is called ${agent} here`);
      const value = randomBytes(32).toString('base64url');
      const createdAt = now();
      const earlierId = idOf(earlier);
      const row: SessionRow = {
        id: sha256(value),
        agent,
        code_hash: codeHash,
        created_at: createdAt,
        expires_at: createdAt + SESSION_SECONDS * 1000,
      };
      await table.add(row, earlierId, noted);
      for (const [id, { row: old }] of known) if (!isValid(old)) known.delete(id);
      if (earlierId !== undefined) end(earlierId);
      known.set(row.id, { row, readAt: createdAt });
      return value;
    },

    async read(value) {
      const id = idOf(value);
      if (id === undefined) return undefined;
      const cached = known.get(id);
      if (cached !== undefined && isFresh(now() - cached.readAt)) {
        return isValid(cached.row) ? sessionOf(cached.row) : undefined;
      }
      try {
        const row = (await find([id])).get(id);
        return row && sessionOf(row);
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || cached === undefined) throw error;
        // So that later requests do not wait while the store is down.
        if (known.has(id)) cached.readAt = now();
        return isValid(cached.row) ? sessionOf(cached.row) : undefined;
      }
    },

    async close(value, from = null) {
      const id = idOf(value);
      if (id === undefined) return;
      await table.remove(id, from);
      end(id);
    },

    async closeAllOf(agent) {
      await table.removeAllOf(agent);
      for (const [id, { row }] of known) if (row.agent === agent) end(id);
      // Sessions with listeners may have left the cache.
      await look();
    },
  };
}

/** The row id of a cookie, or undefined if it cannot be a session cookie. */
function idOf(value: string | undefined): string | undefined {
  return value !== undefined && COOKIE_VALUE.test(value) ? sha256(value) : undefined;
}

/** @param age in milliseconds; negative if the clock was set back. */
function isFresh(age: number): boolean {
  return age >= 0 && age < FRESH_MS;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
