import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Express } from 'express';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROLES, type Role } from '../../domain/api/page-api.ts';
import { builtInRules } from '../../domain/desk/built-in.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { expressApp } from '../app.ts';
import { listen } from '../http/listen.ts';
import { createDesk } from '../routing/desk/desk.ts';
import { realMode, signInWith, testApp } from '../testing.ts';
import { ACCESS } from './access.ts';
import { fixedRoster, type Roster } from './roster.ts';

const codes = new Map([['Alice', 'open sesame']]);

/** A server where Alice is signed in, and has roles that can be changed. */
async function signedIn(...roles: Role[]) {
  let now: readonly Role[] = roles;
  const listeners = new Set<() => void>();
  const fixed = fixedRoster(['Alice'], false);
  const roster: Roster = {
    ...fixed,
    find(name) {
      const found = fixed.find(name);
      return found && { ...found, roles: now };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const parts = testApp(realMode, { roster, signIn: signInWith(codes) });
  const server = createServer(parts.app);
  const port = await listen(server, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const browser = request.agent(`http://127.0.0.1:${port}`);
  const answer = await browser.post('/api/session').send({ agent: 'Alice', code: 'open sesame' }).expect(200);
  const [cookie = ''] = answer.headers['set-cookie']?.[0]?.split(';') ?? [];
  return {
    browser,
    cookie,
    url: `http://127.0.0.1:${port}`,
    session: answer.body,
    change(...to: Role[]) {
      now = to;
      for (const listener of [...listeners]) listener();
    },
  };
}

type Layer = Express['router']['stack'][number];

/** Each request to the API that a router handles, once for each router. */
function handled(): string[] {
  const { context } = testApp({ ROUTING: 'desk' });
  // With direct routing, the routes of the desk are missing.
  const desk = createDesk({
    store: context.store,
    clock: context.clock,
    agents: () => [],
    rules: () => builtInRules([], '', 'en'),
    craft: () => ({ base: '', language: undefined, texts: ENGLISH }),
    pace: { calls: 3, others: 15 },
    log: () => {},
  });
  const inRouter = (layers: readonly Layer[]): string[] => {
    const own = layers.flatMap(({ route }) =>
      (route?.stack ?? []).flatMap(({ method }) => (method ? `${method.toUpperCase()} ${route?.path}` : [])),
    );
    const inner = layers.flatMap(({ handle }) =>
      'stack' in handle && Array.isArray(handle.stack) ? inRouter(handle.stack) : [],
    );
    return [...new Set(own), ...inner];
  };
  return inRouter(expressApp({ ...context, desk }).router.stack).filter((each) =>
    /^(?!HEAD)\S+ \/api\b/.test(each),
  );
}

describe('the table of access', () => {
  it('lists each route of the API, and no other', () => {
    // One of the two routers is that of the table.
    const all = handled();
    expect(all.filter((each) => all.filter((other) => other === each).length !== 2)).toEqual([]);
    expect(all.length).toBeGreaterThan(30);
  });

  it('is the one in the documentation', () => {
    const text = readFileSync(new URL('../../docs/accounts.md', import.meta.url), 'utf8');
    const documented = [...text.matchAll(/^\| `([A-Z]+ \/api[^`]*)` \| (.+) \|$/gm)].map(([, row, who]) => [
      row,
      who,
    ]);
    const listed = Object.entries(ACCESS).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, allowed]) => [
        `${method.toUpperCase()} ${path}`,
        allowed === 'anyone' ? allowed : allowed.join(', '),
      ]),
    );
    expect(documented).toEqual(listed);
  });

  it('needs a role for everything but signing in and out', () => {
    const open = Object.entries(ACCESS).filter(([, methods]) =>
      Object.values(methods).some((allowed) => allowed === 'anyone' || allowed.length === 0),
    );
    expect(open.map(([path]) => path)).toEqual([
      '/api/session',
      '/api/invitation',
      '/api/openid/start',
      '/api/openid/callback',
    ]);
  });
});

describe('a request to the API', () => {
  const rows = Object.entries(ACCESS).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, allowed]) =>
      allowed === 'anyone' ? [] : [{ method, path: path.replaceAll(/:\w+/g, 'x'), allowed }],
    ),
  );
  const send = (url: string, { method, path }: { method: string; path: string }, cookie = '') =>
    fetch(`${url}${path}`, {
      method: method.toUpperCase(),
      headers: { cookie },
      signal: AbortSignal.timeout(2_000),
    });

  it('needs sign-in', async () => {
    const { url } = await signedIn('agent');
    for (const row of rows) {
      const answer = await send(url, row);
      expect([row.path, answer.status]).toEqual([row.path, 401]);
      expect(await answer.json()).toEqual({ error: 'Sign in first.', code: 'sign-in-needed' });
    }
  });

  it.each(ROLES)('is rejected in words without the role: as %s', async (role) => {
    const { url, cookie } = await signedIn(role);
    for (const row of rows) {
      const answer = await send(url, row, cookie);
      const isAllowed = row.allowed.includes(role);
      expect([row.path, answer.status === 403]).toEqual([row.path, !isAllowed]);
      if (isAllowed) {
        await answer.body?.cancel();
        continue;
      }
      expect(await answer.json()).toMatchObject({
        error: expect.stringMatching(/^This is for [a-z ]+\. Ask the person who runs this server/),
        code: 'role-missing',
      });
    }
  });

  it('to an address that is not listed, or by another method, is not answered by any route', async () => {
    const { url, cookie } = await signedIn(...ROLES);
    expect((await send(url, { method: 'get', path: '/api/secrets' }, cookie)).status).toBe(404);
    const wrong = await send(url, { method: 'delete', path: '/api/calls' }, cookie);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('by HEAD opens no feed, records no export and uses up no sign-in', async () => {
    const { url, cookie } = await signedIn(...ROLES);
    for (const path of ['/api/feed', '/api/audit/export', '/api/contacts/export', '/api/openid/callback']) {
      const head = await send(url, { method: 'head', path }, cookie);
      expect([path, head.status, head.headers.get('allow')]).toEqual([path, 405, 'GET']);
    }
  });

  it('is answered with what no browser takes for a page', async () => {
    const { url, cookie } = await signedIn(...ROLES);
    for (const path of ['/api/session', '/api/openid/start', '/api/secrets']) {
      const answer = await send(url, { method: 'get', path }, cookie);
      expect([path, answer.headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    }
  });
});

it('the session tells the roles, and a change of roles counts at once', async () => {
  const { browser, session, change } = await signedIn('agent');
  expect(session).toMatchObject({ agent: 'Alice', roles: ['agent'] });
  await browser.post('/api/token').expect(200);
  change('developer');
  expect((await browser.get('/api/session').expect(200)).body.roles).toEqual(['developer']);
  const refused = await browser.post('/api/token').expect(403);
  expect(refused.body.error).toContain('This is for agents.');
});

it('an open feed ends when the roles of its reader change, so that it is opened again with the new ones', async () => {
  const { url, cookie, change } = await signedIn('agent', 'supervisor');
  const feed = await fetch(`${url}/api/feed`, { headers: { cookie } });
  const isOver = (async () => {
    for await (const _ of feed.body ?? []) {
      // Nothing is expected but the end.
    }
    return true;
  })();
  change('agent', 'supervisor');
  expect(await Promise.race([isOver, Promise.resolve(false)])).toBe(false);
  change('agent');
  expect(await isOver).toBe(true);
});

it('after someone was removed, the session is over', async () => {
  const { context } = testApp();
  const gone: Roster = { ...context.roster, find: () => undefined };
  const signIn = signInWith(codes);
  const { app } = testApp(realMode, { roster: gone, signIn });
  const value = signIn.kind === 'code' ? await signIn.sessions.open('Alice') : '';
  await request(app).get('/api/calls').set('Cookie', `switchboard=${value}`).expect(401);
});
