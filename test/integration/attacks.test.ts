import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { createContext } from '../../server/context.ts';
import { createHttpServer } from '../../server/http/http-server.ts';
import type { Log } from '../../server/log/log.ts';
import {
  accessFor,
  agreeableVonage,
  answerIn,
  configFrom,
  openRaw,
  realMode,
  recordedTerminal,
  sendRaw,
} from '../../server/testing.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { usedMemory } from './support/used-memory.ts';

let port: number;
let log: Log;
let cookie: string;
const { terminal, text: printed } = recordedTerminal();
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-attacks-'));
  closing.defer(() => rmSync(folder, { recursive: true }));
  const pagesDir = join(folder, 'pages');
  mkdirSync(pagesDir);
  for (const page of ['client_js.html', 'console.html']) writeFileSync(join(pagesDir, page), 'a page');
  writeFileSync(join(folder, 'secret.txt'), 'TOP SECRET');
  const stored = await openStoredLog({ dataDir: folder });
  log = stored.log;
  closing.defer(stored.close);
  const config = configFrom(realMode);
  const context = createContext({
    config,
    terminal,
    ...stored,
    pagesDir,
    access: accessFor(config),
    vonage: agreeableVonage,
    url: 'http://127.0.0.1:9',
  });
  closing.defer(() => context.feed.close());
  const http = createHttpServer();
  http.server.on('request', createApp(context));
  await new Promise<void>((done) => http.server.listen(0, '127.0.0.1', done));
  closing.defer(() => http.close(0));
  const address = http.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  const signedIn = await fetch(`http://127.0.0.1:${port}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'Alice', code: 'open sesame' }),
  });
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(() => closing.disposeAsync());

interface Attack {
  method?: string;
  /** The request target. */
  target?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Sends a raw request. A response of 400 or above must be an ApiError that reveals no internals. */
async function attack({ method = 'GET', target = '/', headers = {}, body = '' }: Attack) {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'close',
    ...(bytes.length > 0 && { 'Content-Length': String(bytes.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  const answer = answerIn(await sendRaw(port, Buffer.concat([head, bytes])));
  expect(answer.body).not.toMatch(/node_modules|\bat \w+ \(|TOP SECRET/);
  if (answer.status >= 400 && method !== 'HEAD') {
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String), code: expect.any(String) });
  }
  return answer;
}

const json = { 'Content-Type': 'application/json' };
const sendEvent = (body: string | Buffer, headers: Record<string, string> = {}) =>
  attack({ method: 'POST', target: '/voice/event', headers: { ...json, ...headers }, body });

/** The events stored from now on, after the pending ones. */
async function storedBy(work: () => Promise<unknown>) {
  const before = await log.newestEntryId();
  await work();
  const entries = (await log.entriesAfter(before, 100)).map(({ entry }) => entry);
  return entries.filter(({ type }) => type === 'event');
}

describe('an odd URL', () => {
  test.each([
    ['http://elsewhere.example/healthz', 200],
    ['http://elsewhere.example/voice/answer?from=1', 200],
    ['http://[/x', 400],
    ['foo://[/x', 400],
    ['*', 400],
    ['//elsewhere.example/..', 404],
    ['/\\elsewhere.example', 404],
    ['/%', 404],
    ['/%00', 404],
    ['/client_js.html%00.txt', 404],
    ['/client_js.html/', 404],
    ['/api/calls/%E0%A4%A', 400],
    ['/api/calls/%00', 404],
    ['/api/calls?text=%00', 200],
    ['/api/calls?text=%ED%A0%80', 200],
    ['/api/calls?cursor=%00', 400],
    ['/api/calls?limit=1&limit=2', 400],
    ['/api/calls?__proto__=1&constructor[prototype]=2', 200],
    ['/voice//event', 404],
    ['/voice/event;x', 404],
  ])('%s gets %i', async (target, status) => {
    expect((await attack({ target, headers: { Cookie: cookie } })).status).toBe(status);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..//..//..//..//etc/passwd',
    '/.%00./secret.txt',
    '/.env',
  ])('%s leads to nothing', async (target) => {
    expect((await attack({ target })).status).toBe(404);
  });
});

describe('an invalid Host header', () => {
  test.each(['', 'a b', '"><script>', 'a@b', '[::1', '127.0.0.1:99999999', '%00', 'é', 'a,b'])(
    '%j never becomes an address in an NCCO',
    async (host) => {
      const { status, body } = await attack({ target: '/voice/answer?from=1', headers: { Host: host } });
      expect(status).toBe(200);
      expect(body).not.toContain('eventUrl');
    },
  );

  test('may be missing', async () => {
    expect(answerIn(await sendRaw(port, 'GET /healthz HTTP/1.1\r\n\r\n')).status).toBe(400);
    expect(answerIn(await sendRaw(port, 'GET /healthz HTTP/1.0\r\n\r\n')).status).toBe(200);
  });
});

describe('unexpected methods', () => {
  const reads = ['/', '/client_js.html', '/healthz', '/readyz', '/metrics'];
  test.each(['OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('%s does nothing', async (method) => {
    const status = async (target: string) =>
      (await attack({ method, target, headers: { Cookie: cookie } })).status;
    for (const target of [
      ...reads,
      '/voice/answer',
      '/voice/event',
      '/api/calls',
      '/api/calls/x',
      '/api/feed',
    ]) {
      expect([target, await status(target)]).toEqual([target, 405]);
    }
    for (const target of ['/nothing', '/console.html']) {
      expect([target, await status(target)]).toEqual([target, 404]);
    }
  });

  test('HEAD always completes, without a body', async () => {
    for (const target of [...reads, '/voice/event', '/api/session', '/api/calls', '/api/feed', '/nothing']) {
      const { status, body } = await attack({ method: 'HEAD', target, headers: { Cookie: cookie } });
      expect([target, status >= 200 && status < 500, body]).toEqual([target, true, '']);
    }
  });
});

describe('an event', () => {
  test.each<[string, string | Buffer, Record<string, string>, number]>([
    ['nested 50,000 lists deep', `{"uuid":"1","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, {}, 400],
    [
      'nested 10,000 objects deep',
      `{"uuid":"1","a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
      {},
      400,
    ],
    ['larger than allowed', 'x'.repeat(2 ** 20), {}, 413],
    ['that grows when unpacked', gzipSync('x'.repeat(2 ** 24)), { 'Content-Encoding': 'gzip' }, 413],
    ['packed twice', gzipSync(gzipSync('{"uuid":"1"}')), { 'Content-Encoding': 'gzip, gzip' }, 415],
    ['packed and cut', gzipSync('{"uuid":"1"}').subarray(0, 15), { 'Content-Encoding': 'gzip' }, 400],
  ])('%s is rejected and not stored', async (_, body, headers, status) => {
    const stored = await storedBy(async () => {
      expect((await sendEvent(body, headers)).status).toBe(status);
    });
    expect(stored).toEqual([]);
  });

  test.each([
    ['a prototype', '{"uuid":"a1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
    ['what JSON and promises ask for', '{"uuid":"a2","then":"x","toJSON":"x","toString":null,"valueOf":1}'],
    ['NUL', '{"uuid":"a3\\u0000","status":"star\\u0000ted","timestamp":"2026\\u0000","\\u0000":"\\u0000"}'],
    ['halves of characters', '{"uuid":"\\ud800","status":"\\udfff","x\\ud800":"\\ud800"}'],
    [
      'times and numbers without bounds',
      '{"uuid":"a5","duration":1e308,"price":-1,"end_time":"9999-12-31T23:59:59Z"}',
    ],
  ])('with %s is stored as received and can be read back', async (_, body) => {
    const stored = await storedBy(async () => expect((await sendEvent(body)).status).toBe(200));
    expect(stored.map((entry) => entry.type === 'event' && JSON.stringify(entry.payload))).toEqual([
      JSON.stringify(JSON.parse(body)),
    ]);
    expect({}).not.toHaveProperty('polluted');
    expect((await attack({ target: '/api/calls', headers: { Cookie: cookie } })).status).toBe(200);
  });

  test('a deeply nested answer request still gets an NCCO, because a caller is waiting', async () => {
    const body = `{"from":"1","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const answer = await attack({ method: 'POST', target: '/voice/answer', headers: json, body });
    expect(answer.status).toBe(200);
  });

  test('sent with Expect: 100-continue is handled like any other', async () => {
    const { write, received, closed, socket } = await openRaw(port);
    write(
      'POST /voice/event HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 13\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
    );
    await expect.poll(received).toContain('100 Continue');
    write('{"uuid":"b1"}');
    expect(await closed).toContain('HTTP/1.1 200 OK');
    socket.destroy();
  });

  test('with a truncated body is not stored', async () => {
    const stored = await storedBy(async () => {
      const { write, socket, closed } = await openRaw(port);
      write(
        'POST /voice/event HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"uuid":"b2"}',
      );
      socket.end();
      expect(answerIn(await closed).status).toBe(400);
    });
    expect(stored).toEqual([]);
  });
});

describe('a page of another origin', () => {
  test.each([
    { Origin: 'https://elsewhere.example' },
    { Origin: 'null' },
    { Origin: 'rubbish' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('changes nothing: %o', async (headers) => {
    for (const [method, target] of [
      ['POST', '/api/session'],
      ['DELETE', '/api/session'],
      ['POST', '/api/token'],
      ['POST', '/api/calls/x/entries/1/replay'],
    ] as const) {
      const attempt = { method, target, headers: { ...json, ...headers, Cookie: cookie }, body: '{}' };
      expect([target, (await attack(attempt)).status]).toEqual([target, 403]);
    }
  });
});

describe('a session', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    ['unsigned', `switchboard=${part({ alg: 'none' })}.${part({ iss: 'switchboard', sub: 'Alice' })}.`],
    ['of nobody', `switchboard=${part({ alg: 'HS256' })}.${part({ sub: '__proto__' })}.x`],
    ['that is none', 'switchboard=x; switchboard==; ;;=;'],
    ['in a heap of others', 'a=b; '.repeat(2500)],
  ])('%s opens nothing', async (_, forged) => {
    expect((await attack({ target: '/api/calls', headers: { Cookie: forged } })).status).toBe(401);
  });

  test('cannot be guessed: after a few wrong codes every attempt is rejected, even with the right code', async () => {
    const tryCode = async (code: string) =>
      (
        await attack({
          method: 'POST',
          target: '/api/session',
          headers: json,
          body: JSON.stringify({ agent: 'Bob', code }),
        })
      ).status;
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) statuses.push(await tryCode(`guess ${guess}`));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(await tryCode('correct horse')).toBe(429);
  });
});

test.each(['-1', '1e9', '9'.repeat(15), '9'.repeat(30), "1' OR 1=1", '\u00ff', ''])(
  'a feed that resumes after %j starts with the next entry',
  async (id) => {
    const { write, received, socket } = await openRaw(port);
    write(`GET /api/feed HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\nLast-Event-ID: ${id}\r\n\r\n`);
    await expect.poll(received).toContain('retry:');
    const uuid = `after-${Buffer.from(id).toString('hex').slice(0, 40)}`;
    await sendEvent(JSON.stringify({ uuid, status: 'started' }));
    await expect.poll(received).toContain(uuid);
    expect(received().match(/^event: ?entry$/gm)).toHaveLength(1);
    socket.destroy();
  },
);

test('rejected requests use no memory and log no server errors', async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 22, 'x'));
  const round = async () => {
    await Promise.all([
      sendEvent(bomb, { 'Content-Encoding': 'gzip' }),
      sendEvent('x'.repeat(2 ** 19)),
      attack({ target: '/', headers: { X: 'x'.repeat(2 ** 18) } }),
      attack({ target: `/${'y'.repeat(10_000)}` }),
    ]);
  };
  for (let warmUp = 0; warmUp < 5; warmUp += 1) await round();
  const before = usedMemory();
  for (let count = 0; count < 60; count += 1) await round();
  expect(usedMemory() - before).toBeLessThan(16);
  expect(printed()).not.toContain('failed:');
});
