import { describe, expect, it } from 'vitest';
import { ApiCallError, createRequest, failureOf } from './request.ts';
import { createSessionApi } from './session-api.ts';

interface Sent {
  path: string;
  method: string | undefined;
  body: unknown;
}

/** A server that gives one answer, and what it was asked. */
function serverWith(answer: (signal: AbortSignal | null | undefined) => Promise<Response> | Response) {
  const sent: Sent[] = [];
  const request = createRequest(async (input, init) => {
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    sent.push({ path: String(input), method: init?.method, body });
    return answer(init?.signal);
  });
  return { request, sent };
}

const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });

describe('a request', () => {
  it('has a JSON response, or none', async () => {
    expect(await serverWith(json({ a: 1 })).request('api/x')).toEqual({ a: 1 });
    expect(await serverWith(() => new Response(null, { status: 204 })).request('api/x')).toBeNull();
  });

  it('sends its body as JSON', async () => {
    const { request, sent } = serverWith(json({}));
    await request('api/x', { method: 'POST', body: { a: 1 } });
    await request('api/y');
    expect(sent).toEqual([
      { path: 'api/x', method: 'POST', body: { a: 1 } },
      { path: 'api/y', method: 'GET', body: undefined },
    ]);
  });

  it.each([
    ['the reason that the server gives', json({ error: 'Wrong.', code: 'wrong-code' }, 401), 'wrong-code'],
    ['no reason that nobody knows', json({ error: 'Odd.', code: 'constructor' }, 400), 'unreachable'],
    ['a page of something between', () => new Response('<html>', { status: 502 }), 'unreachable'],
    ['what is no JSON', () => new Response('<html>'), 'unreachable'],
    ['no answer', () => Promise.reject(new TypeError('Failed to fetch')), 'unreachable'],
  ] as const)('fails with %s', async (_, answer, failure) => {
    const error = await serverWith(answer)
      .request('api/x')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiCallError);
    expect(failureOf(error)).toBe(failure);
  });

  it('can be aborted', async () => {
    const { request } = serverWith(
      (signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const controller = new AbortController();
    const answer = request('api/x', { signal: controller.signal });
    controller.abort();
    await expect(answer).rejects.toBeInstanceOf(ApiCallError);
  });
});

it('an error of any kind is a failure', () => {
  expect(failureOf('what?')).toBe('unreachable');
});

describe('the session', () => {
  const session = {
    agent: null,
    roles: [],
    agents: [],
    routing: 'direct',
    signIn: 'code',
    number: null,
    phoneUrl: null,
  };

  it('can be read, opened and closed', async () => {
    const { request, sent } = serverWith(json(session));
    const api = createSessionApi(request);
    expect(await api.session()).toEqual(session);
    await api.signIn({ agent: 'Alice', code: 'x' });
    await api.signOut();
    expect(sent).toEqual([
      { path: 'api/session', method: 'GET', body: undefined },
      { path: 'api/session', method: 'POST', body: { agent: 'Alice', code: 'x' } },
      { path: 'api/session', method: 'DELETE', body: undefined },
    ]);
  });

  it('accepts only a valid session', async () => {
    const api = createSessionApi(serverWith(json({ ...session, signIn: 'magic' })).request);
    await expect(api.session()).rejects.toBeInstanceOf(ApiCallError);
  });
});
