import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApp } from './app.ts';
import type { Audit } from './audit/audit.ts';
import type { Calls } from './calls/calls.ts';
import { type Config, parseConfig } from './config/config.ts';
import { type Context, createContext } from './context.ts';
import type { Log } from './log/log.ts';
import type { SignIn } from './people/authenticate.ts';
import { createSessions, type SessionTable } from './people/sessions.ts';
import type { SessionRow } from './store/schema.ts';
import type { Store } from './store/store.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
import { accessOf, accessOfEmulator, type PlatformAccess } from './vonage/platform-access.ts';
import type { VonageApi } from './vonage/vonage.ts';

/** Any valid private key. */
export const privateKey: string = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** The configuration from an environment; throws if it is invalid. */
export function configFrom(env: Record<string, string> = {}): Config {
  const result = parseConfig(env, () => privateKey);
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}

/** Environment of a Vonage application with the agents Alice and Bob. */
export const realMode = {
  VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  VONAGE_PRIVATE_KEY: 'private.key',
  AGENTS: 'Alice,Bob',
  AGENT_CODES: 'Alice:open sesame,Bob:correct horse',
  ROUTING: 'direct',
};

/** A terminal that records its output. */
export function recordedTerminal(
  format: 'pretty' | 'json' = 'pretty',
  colours = false,
  numbers: 'full' | 'masked' = 'full',
) {
  const written: string[] = [];
  const terminal: Terminal = createTerminal({
    sink: {
      write(text, done) {
        written.push(text);
        done();
      },
      writeNow: (text) => void written.push(text),
    },
    format,
    colours,
    numbers,
    now: () => 0,
  });
  return {
    terminal,
    written,
    /** All output so far. */
    text(): string {
      terminal.flush();
      return written.join('');
    },
  };
}

/** A fake Vonage where every user exists. */
export const agreeableVonage: VonageApi = {
  ensureUser: async () => {},
  userToken: (name) => `token of ${name}`,
  callState: async () => undefined,
  createCall: async () => ({ is: 'done', leg: null }),
  transferCall: async () => ({ is: 'done', leg: null }),
  hangUpCall: async () => ({ is: 'done', leg: null }),
  talk: async () => ({ is: 'done', leg: null }),
  findCalls: async () => [],
  download: async () => undefined,
  isReachable: async () => true,
};

/** A log that stores nothing. */
export const forgetfulLog: Log = {
  append: async ({ reply }) => ({ id: 1, stored: 'new', reply }),
  onStored: () => () => {},
  onRing: () => {},
  entriesAfter: async () => [],
  newestEntryId: async () => 0,
  check: async () => {},
  close: async () => {},
};

const noCalls: Calls = {
  list: async () => ({ calls: [], next: null, newestEntryId: 0 }),
  detail: async () => undefined,
  countsByStatus: async () => ({}),
};

/** An audit trail that keeps nothing. */
const forgetfulAudit: Audit = {
  note: async () => {},
  list: async () => ({ entries: [], next: null }),
  async *exported() {},
};

/** A store for tests that must not use it. */
const noStore: Store = {
  get engine(): never {
    throw new Error('This test has no store.');
  },
  read: () => Promise.reject(new Error('This test has no store.')),
  write: () => Promise.reject(new Error('This test has no store.')),
  perform: () => Promise.reject(new Error('This test has no store.')),
  check: async () => {},
  onOperation: () => {},
  close: async () => {},
};

/** Sign-in by codes, in memory unless a table is given. */
export function signInWith(codes: ReadonlyMap<string, string>, table: SessionTable = memoryTable()): SignIn {
  const secretOf = (agent: string) => codes.get(agent);
  return {
    kind: 'code',
    sessions: createSessions({ table, secretOf, refresh: async () => {}, privateKey, now: Date.now }),
    isCode: async (agent, code) => codes.get(agent) === code,
  };
}

/** An in-memory session table for any number of servers. */
export function memoryTable(): SessionTable & { rows: Map<string, SessionRow> } {
  const rows = new Map<string, SessionRow>();
  return {
    rows,
    async add(row, removed = '') {
      rows.delete(removed);
      for (const { id, expires_at } of rows.values()) if (expires_at <= row.created_at) rows.delete(id);
      rows.set(row.id, row);
    },
    find: async (ids) => ids.flatMap((id) => rows.get(id) ?? []),
    remove: async (id) => void rows.delete(id),
    async removeAllOf(name) {
      for (const { id, agent } of rows.values()) if (agent === name) rows.delete(id);
    },
  };
}

/** An empty folder, deleted when the test ends. @param place where it is made */
export function emptyFolder(place = tmpdir()): string {
  const folder = mkdtempSync(join(place, 'switchboard-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The whole server on fakes, with the given environment and parts. */
export function testApp(env: Record<string, string> = {}, parts: Partial<Context> = {}) {
  const config = configFrom(env);
  const log = recordedTerminal();
  const codes = config.platform.kind === 'vonage' ? config.platform.accessCodes : undefined;
  const context = createContext({
    config,
    access: accessFor(config),
    terminal: log.terminal,
    store: noStore,
    log: forgetfulLog,
    calls: noCalls,
    audit: forgetfulAudit,
    url: 'http://127.0.0.1:9',
    vonage: agreeableVonage,
    pagesDir: emptyFolder(),
    ...(codes && { signIn: signInWith(codes) }),
    ...parts,
  });
  const app = createApp(context);
  return { app, log, context };
}

/** Access to the configured platform. */
export function accessFor({ platform }: Config): PlatformAccess {
  if (platform.kind === 'vonage') return accessOf(platform);
  const credentials = {
    application_id: 'emulated-application',
    private_key: privateKey,
    number: platform.number,
  };
  return accessOfEmulator({ url: 'http://127.0.0.1:3001', credentials });
}

/** The terminal output for the call in phone-to-app.events.json, as in Vonage's tutorial. */
export const tutorialLog = readFileSync(
  new URL('../test/data/phone-to-app.log.txt', import.meta.url),
  'utf8',
);

/** A raw connection for requests that no well-behaved client would send. */
export interface RawConnection {
  socket: Socket;
  write(text: string | Buffer): void;
  /** Everything received so far. */
  received(): string;
  /** Resolves with everything received when the server closes the connection. */
  closed: Promise<string>;
}

/** Opens a connection to a port of 127.0.0.1. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  // A server that closes while it is still being sent data resets the connection.
  socket.on('error', () => {});
  const closed = new Promise<string>((done) => socket.once('close', () => done(text)));
  await once(socket, 'connect');
  return { socket, write: (part) => void socket.write(part), received: () => text, closed };
}

/** Sends a text on a new connection. Resolves with the response when the server closes it. */
export async function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const connection = await openRaw(port);
  for (const part of parts) connection.write(part);
  return connection.closed;
}

/** Status and body of the single response in a text; status 0 if there is none. */
export function answerIn(text: string): { status: number; body: string } {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0), body: rest.join('\r\n\r\n') };
}
