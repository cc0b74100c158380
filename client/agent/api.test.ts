import { describe, expect, it } from 'vitest';
import { ApiCallError, createRequest } from '../session/request.ts';
import { createApi } from './api.ts';
import { fakeGrant, fakeSession } from './fake-agent.ts';

interface Request {
  path: string;
  method: string | undefined;
  body: unknown;
}

function createServer(answer: () => Response) {
  const requests: Request[] = [];
  const api = createApi(
    createRequest(async (input, init) => {
      const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      requests.push({ path: String(input), method: init?.method, body });
      return answer();
    }),
  );
  return { api, requests };
}

const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });

/** The failure that a request ends with. */
async function failureOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((thrown: unknown) => thrown);
  return error instanceof ApiCallError ? error.failure : `no failure: ${String(error)}`;
}

describe('requests to the server', () => {
  it('uses addresses that are relative to the page', async () => {
    const { api, requests } = createServer(json(fakeSession));
    expect(await api.session()).toEqual(fakeSession);
    await api.signIn({ agent: 'Alice', code: 'secret' });
    await api.signOut();
    expect(requests).toEqual([
      { path: 'api/session', method: 'GET', body: undefined },
      { path: 'api/session', method: 'POST', body: { agent: 'Alice', code: 'secret' } },
      { path: 'api/session', method: 'DELETE', body: undefined },
    ]);
  });

  it('requests a token for one agent', async () => {
    const { api, requests } = createServer(json(fakeGrant));
    expect(await api.token({ agent: 'Bob' })).toEqual(fakeGrant);
    expect(requests).toEqual([{ path: 'api/token', method: 'POST', body: { agent: 'Bob' } }]);
  });

  it('accepts an empty response to sign-out', async () => {
    const { api } = createServer(() => new Response(null, { status: 204 }));
    await expect(api.signOut()).resolves.toBeUndefined();
  });
});

describe('a failure', () => {
  it('has the server’s code', async () => {
    const { api } = createServer(json({ error: 'Wrong code.', code: 'wrong-code' }, 401));
    expect(await failureOf(api.signIn({ agent: 'Alice', code: 'x' }))).toBe('wrong-code');
  });

  it.each([
    ['an error page', () => new Response('<h1>502</h1>', { status: 502 })],
    ['an unknown code', json({ error: 'Hm.', code: 'constructor' }, 500)],
    ['another shape', json({ agent: 1 })],
    ['no JSON', () => new Response('<html>')],
    ['nothing', () => new Response('')],
  ])('with an invalid body counts as no response: %s', async (_what, answer) => {
    const { api } = createServer(answer);
    expect(await failureOf(api.session())).toBe('unreachable');
    expect(await failureOf(api.token({}))).toBe('unreachable');
  });

  it('of the network has its own code', async () => {
    const api = createApi(createRequest(() => Promise.reject(new TypeError('Failed to fetch'))));
    expect(await failureOf(api.session())).toBe('unreachable');
  });
});
