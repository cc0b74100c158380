import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { parseConfig } from '../../server/config/config.ts';
import { createContext } from '../../server/context.ts';
import { createTerminal } from '../../server/terminal/terminal.ts';
import { accessOfEmulator } from '../../server/vonage/platform-access.ts';
import { realModeEnvironment } from '../support/real-mode.ts';
import { rounds } from '../support/soak.ts';
import { openStoredLog, type StoredLog } from '../support/stored-log.ts';
import { usedMemory } from './support/used-memory.ts';

/** Number of requests; what once failed stays among the examples below. */
const RUNS = rounds({ usual: 1_000, soak: 10_000 });
const SECRET = 'the signature secret of the fuzz test';

type Seal =
  | 'good'
  | 'none'
  | 'wrong key'
  | 'old'
  | 'future'
  | 'tampered'
  | 'no hash'
  | 'alg none'
  | 'rubbish';

interface Attack {
  method: 'GET' | 'POST' | 'PUT' | 'HEAD';
  route: string;
  type: string | undefined;
  /** The content: text, or a value as JSON; for a GET, the query. */
  content: { text: string } | { value: unknown };
  seal: Seal;
}

let dataDir: string;
let stored: StoredLog;
let port: number;
let close: () => Promise<void>;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'switchboard-fuzz-'));
  const parsed = parseConfig({ ...realModeEnvironment(dataDir), VONAGE_SIGNATURE_SECRET: SECRET }, () => '');
  if (!parsed.ok) throw new Error(parsed.faults.join());
  stored = await openStoredLog({ dataDir });
  const { VONAGE_PRIVATE_KEY = '' } = realModeEnvironment(dataDir);
  const context = createContext({
    config: parsed.config,
    ...stored,
    url: 'http://127.0.0.1:9',
    access: accessOfEmulator({
      url: 'http://127.0.0.1:9',
      credentials: { application_id: 'app', private_key: VONAGE_PRIVATE_KEY, number: '442038297050' },
    }),
    terminal: createTerminal({
      sink: { write: (_text, done) => done(), writeNow: () => {} },
      format: 'pretty',
      colours: false,
      numbers: 'full',
      now: Date.now,
    }),
  });
  const server = createServer(createApp(context));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  close = async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await stored.close();
    rmSync(dataDir, { recursive: true });
  };
});
afterAll(() => close());

const word = fc.oneof(
  fc.constantFrom(
    'uuid',
    'status',
    'from',
    'to',
    'timestamp',
    'conversation_uuid',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('\n---\nEVENT:', '\u0000', '\u202e', 'x'.repeat(10_000), ['a', 'b'], {}, -0, 1e308, null),
);
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ status: fc.constantFrom('started', 'ringing', 'completed', 'odd'), more: value })
      .map((some) => ({ ...some, uuid: randomUUID() })),
  },
  { weight: 3, arbitrary: fc.dictionary(word, value, { maxKeys: 8 }) },
  {
    weight: 3,
    arbitrary: fc.record({ status: value, more: value }).map((some) => ({ ...some, uuid: randomUUID() })),
  },
  { weight: 1, arbitrary: value },
);
const attack: fc.Arbitrary<Attack> = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'GET', 'PUT', 'HEAD'),
  route: fc.constantFrom('/voice/event', '/voice/event', '/voice/answer', '/voice/fallback', '/voice/other'),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/json; charset=latin1',
    undefined,
  ),
  content: fc.oneof(
    { weight: 6, arbitrary: event.map((one) => ({ value: one })) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 500 }).map((text) => ({ text })) },
    { weight: 1, arbitrary: event.map((one) => ({ text: JSON.stringify(one)?.slice(0, -1) ?? '' })) },
  ),
  // Half have a valid signature, so that the code behind the check is attacked as often as the check.
  seal: fc.oneof(
    fc.constant<Seal>('good'),
    fc.constantFrom<Seal>('none', 'wrong key', 'old', 'future', 'tampered', 'no hash', 'alg none', 'rubbish'),
  ),
});

test(`${RUNS} malformed, forged and odd requests each get the right response and leave the store correct`, async () => {
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  const memoryBefore = usedMemory();
  await fc.assert(
    fc.asyncProperty(attack, async (one) => {
      const { status, body, id } = await send(one);
      // Express's own page would show a stack.
      expect(body).not.toMatch(/node_modules|\bat \w+ \(|<html/);
      expect(status, JSON.stringify(one)).toBeLessThan(status === 503 ? 504 : 500);
      // Node rejects a URL of more than 16 kB before Express sees it.
      if (status === 431) return;
      if (one.route === '/voice/other') expect(status).toBe(404);
      else if (one.method === 'PUT' || one.method === 'HEAD') expect(status).toBe(405);
      else if (status !== 413 && one.seal === 'none') expect(status).toBe(503);
      else if (status !== 413 && one.seal !== 'good') expect(status).toBe(401);
      else expect([200, 400, 413, 415]).toContain(status);
      if (id !== undefined && one.route === '/voice/event') (status === 200 ? acknowledged : refused).add(id);
    }),
    { numRuns: RUNS, examples: [] },
  );

  const kept = new Set<string>();
  for (let last = 0; ; ) {
    const page = await stored.log.entriesAfter(last, 1000);
    if (page.length === 0) break;
    for (const { entry } of page) {
      last = entry.id;
      if (entry.type === 'event') kept.add(entry.requestId);
    }
  }
  expect(acknowledged.size).toBeGreaterThan(RUNS / 50);
  expect([...refused].filter((id) => kept.has(id))).toEqual([]);
  expect(kept).toEqual(acknowledged);
  expect(usedMemory() - memoryBefore).toBeLessThan(64);
}, 240_000);

function send({
  method,
  route,
  type,
  content,
  seal,
}: Attack): Promise<{ status: number; body: string; id: string | undefined }> {
  const text = 'text' in content ? content.text : (JSON.stringify(content.value) ?? '');
  const query = method === 'POST' || method === 'PUT' ? '' : `?${queryOf(content)}`;
  const body = query === '' ? Buffer.from(text) : Buffer.alloc(0);
  const signed =
    query === '' ? body : Buffer.from(JSON.stringify(Object.fromEntries(new URLSearchParams(query))));
  const authorization = tokenFor(signed, seal);
  const headers = {
    ...(type !== undefined && query === '' && { 'content-type': type }),
    ...(query === '' && { 'content-length': String(body.length) }),
    ...(authorization !== undefined && { authorization }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    body: string;
    id: string | undefined;
  }>();
  const outgoing = request(
    { port, host: '127.0.0.1', method, path: `${route}${query}`, headers, agent },
    (answer) => {
      let received = '';
      answer.setEncoding('utf8').on('data', (part) => {
        received += part;
      });
      const id = answer.headers['x-request-id'];
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: received,
          id: typeof id === 'string' ? id : undefined,
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

function queryOf(content: Attack['content']): URLSearchParams {
  if ('text' in content) return new URLSearchParams(content.text.toWellFormed());
  const { value: one } = content;
  const fields = typeof one === 'object' && one !== null ? Object.entries(one) : [];
  return new URLSearchParams(
    fields.map(([name, inner]): [string, string] => [
      name.toWellFormed(),
      (typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? '')).toWellFormed().slice(0, 1000),
    ]),
  );
}

function tokenFor(content: Buffer, seal: Seal): string | undefined {
  if (seal === 'none') return undefined;
  if (seal === 'rubbish') return 'Bearer rubbish';
  const seconds = Math.floor(Date.now() / 1000);
  const iat = { old: seconds - 1000, future: seconds + 1000 }[
    seal === 'old' || seal === 'future' ? seal : 'old'
  ];
  const hash = createHash('sha256')
    .update(seal === 'tampered' ? `${content} ` : content)
    .digest('hex');
  const claims = {
    iat: seal === 'old' || seal === 'future' ? iat : seconds,
    jti: randomUUID(),
    iss: 'Vonage',
    ...(seal !== 'no hash' && { payload_hash: hash }),
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: seal === 'alg none' ? 'none' : 'HS256' })}.${encode(claims)}`;
  const key = seal === 'wrong key' ? 'another' : SECRET;
  return `Bearer ${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
