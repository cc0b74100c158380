import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../support/free-port.ts';
import { createVisitor, startProvider, type TestProvider } from '../support/identity-provider.ts';
import { type RunningServer, realModeEnvironment, signIn, startServer } from '../support/real-mode.ts';

let provider: TestProvider;
let server: RunningServer;
let folder: string;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  folder = mkdtempSync(join(tmpdir(), 'switchboard-openid-'));
  const client = {
    id: 'switchboard',
    secret: 'secret of the client',
    redirectUri: `${url}/api/openid/callback`,
  };
  provider = await startProvider(client);
  server = await startServer({
    ...realModeEnvironment(folder),
    PORT: String(port),
    PUBLIC_URL: url,
    ROUTING: 'direct',
    OPENID_ISSUER: provider.issuer,
    OPENID_CLIENT_ID: client.id,
    OPENID_CLIENT_SECRET: client.secret,
    OPENID_ROLES_CLAIM: 'realm_access.roles',
    OPENID_ROLES: 'team:agent,leads:supervisor',
  });
}, 60_000);

afterAll(async () => {
  await server.program[Symbol.asyncDispose]();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const person = (name: string, ...roles: string[]) => ({ preferred_username: name, realm_access: { roles } });

/** What the server says to a browser about who is signed in. */
async function sessionOf(visitor: ReturnType<typeof createVisitor>) {
  const { text } = await visitor.open(`${server.url}/api/session`);
  return z
    .object({ agent: z.string().nullable(), roles: z.array(z.string()), openId: z.boolean() })
    .parse(JSON.parse(text));
}

test('people sign in with the identity provider, and get the roles that it tells each time', async () => {
  provider.people.set('sue', person('Sue', 'team', 'leads', 'others'));
  const sue = createVisitor('sue');
  expect(await sessionOf(sue)).toEqual({ agent: null, roles: [], openId: true });
  const { url } = await sue.open(`${server.url}/api/openid/start?to=supervisor`);
  expect(url.href).toBe(`${server.url}/wall.html`);
  expect(await sessionOf(sue)).toEqual({ agent: 'Sue', roles: ['agent', 'supervisor'], openId: true });

  provider.people.set('sue', person('Sue', 'team'));
  const { url: again } = await sue.open(`${server.url}/api/openid/start`);
  expect(again.href).toBe(`${server.url}/`);
  expect(await sessionOf(sue)).toMatchObject({ agent: 'Sue', roles: ['agent'] });

  const cookie = await signIn(server.url);
  const answer = await fetch(`${server.url}/api/audit`, { headers: { cookie } });
  const { entries } = z
    .object({ entries: z.array(z.object({ who: z.string().nullable(), what: z.string() })) })
    .parse(await answer.json());
  const ofSue = entries.filter(({ who }) => who === 'Sue').map(({ what }) => what);
  expect(ofSue.reverse()).toEqual(['account added', 'signed in', 'roles changed', 'signed in']);
});

test('nobody gets in without a role, or under the name of another', async () => {
  provider.people.set('eve', person('Eve', 'others'));
  const eve = createVisitor('eve');
  expect(await eve.open(`${server.url}/api/openid/start`)).toMatchObject({
    status: 403,
    text: 'Eve, you have no role in Switchboard. Ask the person who runs this server.\n',
  });
  expect(await sessionOf(eve)).toMatchObject({ agent: null });

  provider.people.set('tom', person('Tom', 'team'));
  await createVisitor('tom').open(`${server.url}/api/openid/start`);
  provider.people.set('mallory', person('Tom', 'team', 'leads'));
  const mallory = createVisitor('mallory');
  expect(await mallory.open(`${server.url}/api/openid/start`)).toMatchObject({
    status: 403,
    text: expect.stringContaining('belongs to somebody else'),
  });
  expect(await sessionOf(mallory)).toMatchObject({ agent: null });
});

test('an answer of the provider counts once, and only in the browser that asked for it', async () => {
  provider.people.set('ann', person('Ann', 'team'));
  const ann = createVisitor('ann');
  const { url } = await ann.open(`${server.url}/api/openid/start`, '/api/openid/callback');

  // Another browser, which began a sign-in of its own, and one that began none.
  const other = createVisitor('eve');
  await other.open(`${server.url}/api/openid/start`, '/api/openid/callback');
  expect((await other.open(url.href)).status).toBe(401);
  expect((await createVisitor('eve').open(url.href)).status).toBe(400);

  const changed = new URL(url);
  changed.searchParams.set('code', 'made up');
  const copy = new Map(ann.cookies(server.url));
  expect((await ann.open(changed.href)).status).toBe(401);

  // The cookie is used up, but somebody might have kept it: the provider takes no code twice.
  for (const [name, value] of copy) ann.cookies(server.url).set(name, value);
  expect((await ann.open(url.href)).url.href).toBe(`${server.url}/`);
  ann.cookies(server.url).clear();
  for (const [name, value] of copy) ann.cookies(server.url).set(name, value);
  expect((await ann.open(url.href)).status).toBe(401);
  expect(await sessionOf(ann)).toMatchObject({ agent: null });
});

test('a provider that does not answer is said in words, and asked again', async () => {
  const [port, ownPort] = [await freePort(), await freePort()];
  const lonely = await startServer({
    ...realModeEnvironment(mkdtempSync(join(folder, 'lonely-'))),
    PORT: String(ownPort),
    PUBLIC_URL: `http://127.0.0.1:${ownPort}`,
    ROUTING: 'direct',
    OPENID_ISSUER: `http://127.0.0.1:${port}`,
    OPENID_CLIENT_ID: 'switchboard',
  });
  try {
    const start = () => fetch(`${lonely.url}/api/openid/start`, { redirect: 'manual' });
    for (const answer of [await start(), await start()]) {
      expect([answer.status, await answer.text()]).toEqual([
        502,
        'The identity provider is not responding. Try again in a moment.\n',
      ]);
    }
    expect(lonely.program.printed()).toContain('The identity provider cannot be used');
  } finally {
    await lonely.program[Symbol.asyncDispose]();
  }
});
