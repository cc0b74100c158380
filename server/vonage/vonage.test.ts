import { createPublicKey } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { configFrom, privateKey, realMode } from '../testing.ts';
import { accessOf, type PlatformAccess } from './platform-access.ts';
import { createVonageApi, PlatformError } from './vonage.ts';

const publicKey = createPublicKey(privateKey);

function accessTo(apiHost: string): PlatformAccess {
  const sdk = { region: 'US', apiUrl: apiHost, websocketUrl: apiHost } as const;
  return {
    applicationId: realMode.VONAGE_APPLICATION_ID,
    privateKey,
    apiHost,
    sdk,
    number: null,
    phoneUrl: null,
  };
}

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

interface Answers {
  /** Status of everything. */
  status?: number | undefined;
  /** Status where a user was created. */
  created?: number;
  /** Status where no user has the name. */
  missing?: number;
}

/** The used part of Vonage's Users API on loopback. */
async function usersApi(answer: Answers = {}) {
  const users = new Set<string>();
  const seen: { method: string | undefined; url: string; token: string }[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (request.method !== 'HEAD') seen.push({ method: request.method, url: request.url ?? '', token });
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (answer.status !== undefined) return reply(answer.status, { title: 'no' });
    if (request.method === 'GET') {
      const name = url.searchParams.get('name') ?? '';
      const found = users.has(name) ? [{ id: `USR-${name}`, name }] : [];
      if (found.length === 0 && answer.missing !== undefined) return reply(answer.missing, {});
      return reply(200, { page_size: 10, _embedded: { users: found }, _links: {} });
    }
    const user: { name: string; display_name: string } = JSON.parse(await text(request));
    users.add(user.name);
    return reply(answer.created ?? 201, { id: `USR-${user.name}`, ...user, _links: {} });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const apiHost = `http://127.0.0.1:${addressOf(server).port}`;
  const clock = { ms: 0 };
  return { seen, users, vonage: createVonageApi(accessTo(apiHost), () => clock.ms), apiHost, clock };
}

function addressOf(server: ReturnType<typeof createServer>): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address;
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

describe("a user's token", () => {
  it('is for this user and application, and lasts 15 minutes', async () => {
    const vonage = createVonageApi(accessTo('http://127.0.0.1:1'));
    for (const agent of ['Alice', 'Bob']) {
      const token = vonage.userToken(agent);
      expect(decodeProtectedHeader(token).alg).toBe('RS256');
      const { payload } = await jwtVerify(token, publicKey);
      const { iat = 0, exp = 0 } = payload;
      expect(payload).toMatchObject({ sub: agent, application_id: realMode.VONAGE_APPLICATION_ID });
      expect(payload).not.toHaveProperty('ttl');
      expect(payload.jti).toMatch(/^[\da-f-]{36}$/);
      expect(exp - iat).toBe(900);
    }
  });

  it('allows what a page needs and nothing else', async () => {
    const token = createVonageApi(accessTo('http://127.0.0.1:1')).userToken('Alice');
    const { payload } = await jwtVerify(token, publicKey);
    expect(payload.acl).toEqual({
      paths: {
        '/*/users/**': {},
        '/*/conversations/**': {},
        '/*/sessions/**': {},
        '/*/devices/**': {},
        '/*/image/**': {},
        '/*/media/**': {},
        '/*/applications/**': {},
        '/*/push/**': {},
        '/*/knocking/**': {},
        '/*/legs/**': {},
        '/*/rtc/**': {},
      },
    });
  });
});

describe('a user', () => {
  it('is created on first use with the application’s token', async () => {
    const { vonage, users, seen } = await usersApi();
    await vonage.ensureUser('Alice');
    expect([...users]).toEqual(['Alice']);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/users?name=Alice',
      'POST /v1/users',
    ]);
    const { payload } = await jwtVerify(seen[0]?.token ?? '', publicKey);
    expect(payload).toMatchObject({ application_id: realMode.VONAGE_APPLICATION_ID });
    expect(payload.sub).toBeUndefined();
  });

  it('that exists is left unchanged, and looked up at most once a minute', async () => {
    const { vonage, users, seen, clock } = await usersApi();
    users.add('Alice');
    await Promise.all([vonage.ensureUser('Alice'), vonage.ensureUser('Alice')]);
    await vonage.ensureUser('Alice');
    expect(seen).toHaveLength(1);
    clock.ms += 60_000;
    await vonage.ensureUser('Alice');
    expect(seen).toHaveLength(2);
  });

  it('may have been created by another server in the meantime', async () => {
    const { vonage, seen } = await usersApi({ created: 409 });
    await vonage.ensureUser('Alice');
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it('is also created if the lookup returns 404', async () => {
    const { vonage, users } = await usersApi({ missing: 404 });
    await vonage.ensureUser('Alice');
    expect([...users]).toEqual(['Alice']);
  });
});

describe('a failing platform', () => {
  it('that rejects a request causes a message with what to check and no secret', async () => {
    const { vonage, apiHost } = await usersApi({ status: 401 });
    const error = await vonage.ensureUser('Alice').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({
      kind: 'refused',
      message: `${apiHost} answered with 401: do VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY belong together, and is it the right VONAGE_REGION?`,
    });
    expect(error).not.toHaveProperty('cause');
    expect(error).not.toHaveProperty('config');
  });

  it('is unreachable if it fails or is down, and is tried again the next time', async () => {
    const faults: Answers = { status: 503 };
    const { vonage } = await usersApi(faults);
    await expect(vonage.ensureUser('Alice')).rejects.toMatchObject({ kind: 'unreachable' });
    faults.status = undefined;
    await expect(vonage.ensureUser('Alice')).resolves.toBeUndefined();
    const nowhere = createVonageApi(accessTo('http://127.0.0.1:1'));
    await expect(nowhere.ensureUser('Alice')).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'http://127.0.0.1:1 does not answer',
    });
  });

  it('is reachable if it answers, even with 404', async () => {
    expect(await (await usersApi({ status: 404 })).vonage.isReachable()).toBe(true);
    expect(await (await usersApi({ status: 503 })).vonage.isReachable()).toBe(false);
    expect(await createVonageApi(accessTo('http://127.0.0.1:1')).isReachable()).toBe(false);
  });
});

describe('the platform is', () => {
  const access = (env: Record<string, string>) => {
    const { platform } = configFrom({ ...realMode, ...env });
    if (platform.kind !== 'vonage') throw new Error('not at Vonage');
    return accessOf(platform);
  };

  it('Vonage, in the region of the application', () => {
    expect(access({})).toMatchObject({ apiHost: 'https://api.nexmo.com', sdk: { region: 'US' } });
    expect(access({ VONAGE_REGION: 'ap' })).toMatchObject({
      apiHost: 'https://api-ap.vonage.com',
      sdk: { region: 'AP' },
    });
  });

  it('the configured one, for server and page alike', () => {
    expect(access({ VONAGE_API_URL: 'http://127.0.0.1:3001/' })).toMatchObject({
      apiHost: 'http://127.0.0.1:3001',
      sdk: { region: 'US', apiUrl: 'http://127.0.0.1:3001', websocketUrl: 'http://127.0.0.1:3001' },
    });
  });
});

describe('the state of a call', () => {
  async function callsApi(status: number, body: unknown) {
    const seen: { url: string | undefined; token: string }[] = [];
    const server = createServer((request, response) => {
      seen.push({ url: request.url, token: request.headers.authorization?.replace('Bearer ', '') ?? '' });
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    open.push({
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
      },
    });
    const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
    return { url: `http://127.0.0.1:${port}`, seen };
  }

  it('is returned as the platform sends it, requested with the application’s token', async () => {
    const { url, seen } = await callsApi(200, { status: 'completed', duration: '5' });
    expect(await createVonageApi(accessTo(url)).callState('a/b')).toEqual({
      status: 'completed',
      duration: '5',
    });
    expect(seen[0]?.url).toBe('/v1/calls/a%2Fb');
    const { payload } = await jwtVerify(seen[0]?.token ?? '', publicKey);
    expect(payload).toMatchObject({ application_id: realMode.VONAGE_APPLICATION_ID });
    expect(payload.sub).toBeUndefined();
  });

  it('is undefined if there is no such call, and an error if the platform rejects the request', async () => {
    const missing = await callsApi(404, {});
    expect(await createVonageApi(accessTo(missing.url)).callState('x')).toBeUndefined();
    const refusing = await callsApi(401, {});
    await expect(createVonageApi(accessTo(refusing.url)).callState('x')).rejects.toThrow(PlatformError);
  });

  it('is never requested from a foreign address', async () => {
    const platform = await callsApi(200, { status: 'started' });
    const elsewhere = await callsApi(200, { status: 'completed' });
    const api = createVonageApi(accessTo(platform.url));
    for (const address of [elsewhere.url, 'https://api.vonage.com.evil.example', 'nonsense']) {
      expect(await api.callState('x', address)).toEqual({ status: 'started' });
    }
    expect(elsewhere.seen).toEqual([]);
  });
});
