import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { listen } from '../http/listen.ts';
import { openStore } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { tables } from '../tables.ts';
import {
  agreeableVonage,
  configFrom,
  emptyFolder,
  memoryTable,
  openRaw,
  realMode,
  signInWith,
  testApp,
} from '../testing.ts';
import { PlatformError } from '../vonage/vonage.ts';
import { seedAccounts } from './accounts.ts';
import { invite } from './invitations.ts';

/** Sends a name and a code from an address, as a proxy on this machine tells it. */
const signInFrom =
  (app: RequestListener) =>
  (body: object, address = '203.0.113.1') =>
    request(app).post('/api/session').set('X-Forwarded-For', address).send(body);

const alice = { agent: 'Alice', code: 'open sesame' };

describe('with the emulator', () => {
  it('the first agent is signed in without a code', async () => {
    const { app } = testApp({ AGENTS: 'Alice,Bob', ROUTING: 'direct' });
    const response = await request(app).get('/api/session').expect(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toEqual({
      agent: 'Alice',
      roles: ['agent', 'supervisor', 'developer'],
      agents: ['Alice', 'Bob'],
      called: true,
      checksSignatures: false,
      routing: 'direct',
      signIn: 'automatic',
      number: '442038297050',
      phoneUrl: 'http://127.0.0.1:3001/',
    });
  });

  it('the page learns that webhooks have to be signed', async () => {
    const { app } = testApp({ VONAGE_SIGNATURE_SECRET: 'secret' });
    const session = await request(app).get('/api/session').expect(200);
    expect(session.body).toMatchObject({ checksSignatures: true });
  });

  it('a token is for the named agent, or else for the first', async () => {
    const { app } = testApp({ AGENTS: 'Alice,Bob', ROUTING: 'direct' });
    const first = await request(app).post('/api/token').expect(200);
    expect(first.body).toEqual({
      token: 'token of Alice',
      agent: 'Alice',
      expiresIn: 900,
      sdk: { region: 'US', apiUrl: 'http://127.0.0.1:3001', websocketUrl: 'http://127.0.0.1:3001' },
    });
    const second = await request(app).post('/api/token').send({ agent: 'Bob' }).expect(200);
    expect(second.body.token).toBe('token of Bob');
    const nobody = await request(app).post('/api/token').send({ agent: 'Eve' }).expect(404);
    expect(nobody.body).toEqual({
      error: 'No agent has this name. The agents are: Alice, Bob.',
      code: 'not-found',
    });
  });

  it('answers only under local host names and the public one', async () => {
    const { app } = testApp({ PUBLIC_URL: 'https://calls.example.com' });
    const status = async (host: string) => (await request(app).get('/api/session').set('Host', host)).status;
    for (const own of ['localhost:3000', '127.0.0.1:3000', '127.9.9.9', '[::1]:3000', 'calls.example.com']) {
      expect([own, await status(own)]).toEqual([own, 200]);
    }
    for (const foreign of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:3000',
      '10.0.0.1',
      '127.999.999.999',
      'x@127.0.0.1',
    ]) {
      expect([foreign, await status(foreign)]).toEqual([foreign, 403]);
    }
  });

  it('rejects requests through a proxy, unless they are for the public address', async () => {
    const { app } = testApp({ PUBLIC_URL: 'https://calls.example.com' });
    const status = async (headers: Record<string, string>) =>
      (await request(app).get('/api/session').set(headers)).status;
    for (const [name, value] of [
      ['X-Forwarded-For', '203.0.113.7'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', 'other.example.com'],
      ['X-Real-IP', '203.0.113.7'],
      ['Forwarded', 'for=203.0.113.7'],
      ['Via', '1.1 proxy'],
    ] as const)
      expect([name, await status({ [name]: value })]).toEqual([name, 403]);
    const forwarded = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Host': 'calls.example.com' };
    expect(await status(forwarded)).toBe(200);
    expect(await status({ ...forwarded, Host: 'calls.example.com' })).toBe(200);
    expect(await status({ ...forwarded, Host: 'evil.example' })).toBe(403);
  });

  it('says that no sign-in is needed', async () => {
    const { app } = testApp();
    const response = await request(app).post('/api/session').send(alice).expect(400);
    expect(response.body.error).toBe('This server needs no sign-in. Request a token instead.');
    expect((await request(app).delete('/api/session').expect(200)).body.agent).toBe('Alice');
  });
});

describe('with an application at Vonage', () => {
  it('without sign-in there is no information and no token', async () => {
    const { app } = testApp(realMode);
    const session = await request(app).get('/api/session').expect(200);
    expect(session.body).toEqual({
      agent: null,
      roles: [],
      agents: [],
      routing: 'direct',
      signIn: 'code',
      number: null,
      phoneUrl: null,
    });
    const token = await request(app).post('/api/token').send({ agent: 'Alice' }).expect(401);
    expect(token.body).toEqual({ error: 'Sign in first.', code: 'sign-in-needed' });
  });

  it('an agent signs in, gets tokens only for themselves, and signs out', async () => {
    const { app } = testApp(realMode);
    const browser = request.agent(app);
    const signedIn = await browser.post('/api/session').send(alice).expect(200);
    expect(signedIn.body).toMatchObject({ agent: 'Alice', agents: ['Alice', 'Bob'] });
    expect(signedIn.headers['set-cookie']?.[0]).toMatch(
      /^switchboard=[\w.-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect((await browser.get('/api/session')).body.agent).toBe('Alice');
    const grant = await browser.post('/api/token').send({ agent: 'Bob' }).expect(200);
    expect(grant.body).toEqual({
      token: 'token of Alice',
      agent: 'Alice',
      expiresIn: 900,
      sdk: { region: 'US' },
    });
    const signedOut = await browser.delete('/api/session').expect(200);
    expect(signedOut.body.agent).toBeNull();
    await browser.post('/api/token').expect(401);
  });

  it('the cookie is HTTPS-only if the address is HTTPS', async () => {
    const { app } = testApp({ ...realMode, PUBLIC_URL: 'https://calls.example.com' });
    const cookie = async (headers: Record<string, string>) =>
      (await request(app).post('/api/session').set(headers).send(alice).expect(200)).headers[
        'set-cookie'
      ]?.[0];
    expect(await cookie({ Host: 'calls.example.com' })).toContain('; Secure');
    expect(await cookie({ 'X-Forwarded-Proto': 'https' })).toContain('; Secure');
    expect(await cookie({})).not.toContain('Secure');
  });

  it('whoever accepts an invitation learns the code, whatever fails after that', async () => {
    const dataDir = emptyFolder();
    const store = await openStore({ dataDir, tables, log: () => {} });
    onTestFinished(() => store.close());
    const token = await store.write(async (transaction) => {
      await seedAccounts(transaction, ['Alice'], 0);
      return invite(transaction, 'Alice', Date.now());
    });
    writeFileSync(join(dataDir, 'access-codes.json'), '{');
    const table = {
      ...memoryTable(),
      add: async () => {
        throw new StoreUnavailable('it is down');
      },
    };
    const { app, log } = testApp(
      { ...realMode, DATA_DIR: dataDir },
      { store, signIn: signInWith(new Map([['Alice', 'open sesame']]), table) },
    );
    const accept = () => request(app).post('/api/invitation').send({ token });
    const { body } = await accept().expect(200);
    expect(body.code).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    expect(log.text()).toContain('must be a JSON object of names and codes');
    expect(log.text()).toContain('must sign in with the code');
    expect(log.text()).not.toContain(body.code);
    await accept().expect(401);
  });

  it('a page gets the application’s region', async () => {
    const { app } = testApp({ ...realMode, VONAGE_REGION: 'eu' });
    const browser = request.agent(app);
    await browser.post('/api/session').send(alice).expect(200);
    expect((await browser.post('/api/token').expect(200)).body.sdk).toEqual({ region: 'EU' });
  });

  it.each([
    [{ agent: 'Alice', code: 'wrong' }, 401, 'wrong-code'],
    [{ agent: 'Alice', code: 'correct horse' }, 401, 'wrong-code'],
    [{ agent: 'Alice', code: '' }, 401, 'wrong-code'],
    [{ agent: 'Eve', code: '' }, 401, 'wrong-code'],
    [{ agent: '__proto__', code: 'open sesame' }, 401, 'wrong-code'],
    [{ agent: 'Alice' }, 400, 'bad-request'],
    [{ agent: ['Alice'], code: 'open sesame' }, 400, 'bad-request'],
    [{ agent: 'Alice', code: 'x'.repeat(5_000) }, 400, 'bad-request'],
    [{ agent: 'Alice', code: 'x'.repeat(20_000) }, 413, 'bad-request'],
  ])('%# does not sign in', async (body, status, code) => {
    const { app } = testApp(realMode);
    const response = await request(app).post('/api/session').send(body);
    expect([response.status, response.body.code]).toEqual([status, code]);
    expect(response.headers).not.toHaveProperty('set-cookie');
  });

  it('names are case-insensitive', async () => {
    const { app } = testApp(realMode);
    const response = await request(app).post('/api/session').send({ agent: ' alice', code: 'open sesame' });
    expect([response.status, response.body.agent]).toEqual([200, 'Alice']);
  });

  it('after five wrong codes for a name, an address waits a minute, and others do not', async () => {
    let time = 1_800_000_000_000;
    const { app } = testApp(realMode, { clock: { ...systemClock, now: () => time } });
    const signIn = signInFrom(app);
    for (const agent of ['Alice', 'alice', ' ALICE ', 'aLice', 'Alice'])
      await signIn({ agent, code: 'guess' }).expect(401);
    await signIn({ agent: 'alicE', code: 'guess' }).expect(429);
    const refused = await signIn(alice).expect(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.body).toEqual({
      error: 'Too many attempts. Try again in 60 seconds.',
      code: 'too-many-tries',
    });
    await signIn({ agent: 'Bob', code: 'correct horse' }).expect(200);
    await signIn(alice, '203.0.113.2').expect(200);
    time += 60_000;
    for (let index = 0; index < 5; index += 1) await signIn({ ...alice, code: 'guess' }).expect(401);
    await signIn(alice).expect(429);
    // A clock that is set back by an hour locks nobody out for an hour.
    time -= 3_600_000;
    await signIn(alice).expect(200);
  });

  it('an address gets thirty wrong codes a minute across all names; an IPv6 network counts as one address', async () => {
    const signIn = signInFrom(testApp(realMode).app);
    const guess = (index: number) =>
      signIn({ agent: `agent ${index}`, code: 'guess' }, `2001:db8:1:2::${index}`);
    for (let index = 0; index < 30; index += 1) await guess(index).expect(401);
    await guess(30).expect(429);
    await signIn(alice, '2001:db8:1:2:ffff::1').expect(429);
    await signIn(alice, '2001:db8:1:3::1').expect(200);
  });

  it('wrong codes from one address do not lock an agent out on others', async () => {
    const signIn = signInFrom(testApp(realMode).app);
    for (let index = 0; index < 120; index += 1)
      await signIn({ agent: 'Alice', code: 'guess' }, `203.0.113.${index}`).expect(401);
    await signIn(alice, '198.51.100.1').expect(200);
  });

  it('the address is the one that the local proxy saw, whatever the client claims', async () => {
    const signIn = signInFrom(testApp(realMode).app);
    const guess = (index: number) =>
      signIn({ agent: 'Alice', code: 'guess' }, `198.51.100.${index}, 203.0.113.1`);
    for (let index = 0; index < 5; index += 1) await guess(index).expect(401);
    await guess(5).expect(429);
  });

  it('simultaneous wrong codes count, too', async () => {
    const signIn = signInFrom(testApp(realMode).app);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => signIn({ agent: 'Alice', code: 'guess' })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('correct codes and malformed requests are not counted', async () => {
    const signIn = signInFrom(testApp(realMode).app);
    for (let index = 0; index < 40; index += 1) await signIn({ agent: 'Alice' }).expect(400);
    for (let index = 0; index < 40; index += 1) await signIn(alice).expect(200);
  });

  it('while the store is down, sessions are not reported as ended, and correct codes do not count as wrong', async () => {
    const away = () => Promise.reject(new StoreUnavailable('away'));
    const { app } = testApp(realMode, {
      signIn: signInWith(new Map([['Alice', 'open sesame']]), {
        add: away,
        find: away,
        remove: away,
        removeAllOf: away,
      }),
    });
    const cookie = `switchboard=${'x'.repeat(43)}`;
    for (const path of ['/api/session', '/api/calls', '/api/feed']) {
      const answer = await request(app).get(path).set('Cookie', cookie).expect(503);
      expect(answer.body).toEqual({
        error: 'The store is not available right now.',
        code: 'internal',
      });
      expect(answer.headers['retry-after']).toBe('1');
    }
    await request(app).post('/api/token').set('Cookie', cookie).expect(503);
    const signOut = await request(app).delete('/api/session').set('Cookie', cookie).expect(503);
    expect(signOut.headers).not.toHaveProperty('set-cookie');
    await request(app).get('/api/calls').expect(401);
    const signIn = signInFrom(app);
    for (let index = 0; index < 10; index += 1) await signIn(alice).expect(503);
  });

  it('no response reveals which names exist', async () => {
    const answers = async (agent: string) => {
      const signIn = signInFrom(testApp(realMode).app);
      const all = [];
      for (let index = 0; index < 8; index += 1) {
        const { status, body, headers } = await signIn({ agent, code: 'guess' });
        const { date: _date, ratelimit: _left, ...rest } = headers;
        all.push({ status, body, headers: rest });
      }
      return all;
    };
    expect(await answers('Alice')).toEqual(await answers('Xlice'));
  });

  it('more requests than any page needs are refused for a minute of the server’s clock', async () => {
    let time = 1_800_000_000_000;
    const { app } = testApp({}, { clock: { ...systemClock, now: () => time } });
    const server = createServer(app);
    const port = await listen(server, { port: 0, portIsFixed: true, host: '127.0.0.1' });
    onTestFinished(() => void server.close());
    // All on one connection, because opening a thousand takes seconds.
    const connection = await openRaw(port);
    const statuses = async (path: string, count: number) => {
      const before = connection.received().length;
      const found = () => [
        ...connection
          .received()
          .slice(before)
          .matchAll(/HTTP\/1\.1 (\d{3}) /g),
      ];
      connection.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count));
      await vi.waitFor(() => expect(found()).toHaveLength(count), { timeout: 4_000 });
      return found().map(([, status]) => status);
    };
    expect(await statuses('/api/session', 1_200)).toEqual(Array(1_200).fill('200'));
    expect(await statuses('/api/session', 10)).toEqual(Array(10).fill('429'));
    expect(await statuses('/voice/answer', 1)).toEqual(['200']);
    time += 60_000;
    expect(await statuses('/api/session', 1)).toEqual(['200']);
    connection.socket.destroy();
  });

  it('accepts nothing from pages of another origin', async () => {
    const { app } = testApp(realMode);
    const status = async (headers: Record<string, string>) =>
      (await request(app).post('/api/session').set('Host', 'calls.example.com').set(headers).send(alice))
        .status;
    expect(await status({})).toBe(200);
    expect(await status({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    expect(await status({ Origin: 'https://calls.example.com' })).toBe(200);
    expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await status({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
    expect(await status({ Origin: 'https://evil.example' })).toBe(403);
    expect(await status({ Origin: 'null' })).toBe(403);
    for (const [method, path] of [
      ['delete', '/api/session'],
      ['post', '/api/token'],
    ] as const) {
      await request(app)[method](path).set('Sec-Fetch-Site', 'cross-site').expect(403);
    }
  });
});

describe('if the platform fails', () => {
  const failing = (error: Error) => ({
    vonage: { ...agreeableVonage, ensureUser: () => Promise.reject(error) },
  });

  it('the page learns that the platform is unreachable', async () => {
    const { app, log } = testApp({}, failing(new PlatformError('unreachable', 'https://x does not answer')));
    const response = await request(app).post('/api/token').expect(502);
    expect(response.body).toEqual({
      error: 'This server cannot reach Vonage.',
      code: 'vonage-unreachable',
    });
    expect(log.text()).toBe('Warning: No token for Alice: https://x does not answer\n');
  });

  it('the page learns that the platform rejected it, and the log says why', async () => {
    const { app, log } = testApp({}, failing(new PlatformError('refused', 'https://x answered with 401')));
    const response = await request(app).post('/api/token').expect(502);
    expect(response.body.code).toBe('vonage-refused');
    expect(log.text()).toContain('https://x answered with 401');
  });

  it('an internal error is reported only in the log', async () => {
    const { app, log } = testApp({}, failing(new Error('secret detail')));
    const response = await request(app).post('/api/token').expect(500);
    expect(response.body).toEqual({
      error: 'Internal server error. See the server log.',
      code: 'internal',
    });
    expect(log.text()).toContain('Warning: POST /api/token failed: Error: secret detail\n        at ');
  });
});

describe('the API', () => {
  it('returns readable 404 and 405 errors', async () => {
    const { app } = testApp();
    const nothing = await request(app).get('/api/tokens').expect(404);
    expect(nothing.body).toEqual({ error: 'There is nothing at /api/tokens.', code: 'not-found' });
    const wrong = await request(app).get('/api/token').expect(405);
    expect(wrong.headers.allow).toBe('POST');
    expect((await request(app).put('/api/session').expect(405)).headers.allow).toBe(
      'GET, HEAD, POST, DELETE',
    );
    expect(nothing.headers).not.toHaveProperty('x-powered-by');
  });
});

it('sign-in follows the configuration', () => {
  expect(testApp().context.signIn.kind).toBe('automatic');
  expect(testApp(realMode).context.signIn.kind).toBe('code');
  expect(configFrom(realMode).platform.kind).toBe('vonage');
});
