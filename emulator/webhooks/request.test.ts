import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../listen.ts';
import { createRealWorld } from '../world.ts';
import type { WebhookClient } from './request.ts';
import { createWebhookClient } from './request.ts';
import { SELF_SIGNED } from './testing.ts';

const IDENTITY = { apiKey: 'abcd1234', applicationId: 'app-1', signatureSecret: 'a secret of some length' };
const PATIENCE = { connect: 500, respond: 300, attempts: 2 };

interface Received {
  method: string;
  url: URL;
  token: string;
  body: string;
}

let client: WebhookClient;
let address: string;
let received: Received[];
let reply: (request: IncomingMessage, response: ServerResponse) => void;
const server = () => {
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://localhost'),
      token: (request.headers.authorization ?? '').replace('Bearer ', ''),
      body,
    });
    reply(request, response);
  });
  return http;
};
let http: ReturnType<typeof server>;

beforeEach(async () => {
  received = [];
  reply = (_request, response) => response.setHeader('content-type', 'application/json').end('[]');
  http = server();
  address = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}/hook`;
  client = createWebhookClient(createRealWorld());
});
afterEach(async () => {
  await client.close();
  http.closeAllConnections();
  http.close();
});

const post = () => client.send({ address, method: 'POST' }, { status: 'started' }, IDENTITY, PATIENCE);

describe('a signed webhook', () => {
  const key = new TextEncoder().encode(IDENTITY.signatureSecret);

  test('POST hashes the body as sent', async () => {
    await post();
    const [one] = received;
    const { payload } = await jwtVerify(one?.token ?? '', key, { algorithms: ['HS256'], issuer: 'Vonage' });
    expect(payload).toMatchObject({ api_key: 'abcd1234', application_id: 'app-1', jti: expect.any(String) });
    expect(payload.payload_hash).toBe(createHash('sha256').update('{"status":"started"}').digest('hex'));
  });

  test('GET hashes the query in its order, with nested objects as JSON text', async () => {
    await client.send(
      { address: `${address}?tenant=7`, method: 'GET' },
      { from: '447700900000', original_request: { url: 'x' }, absent: undefined },
      IDENTITY,
      PATIENCE,
    );
    const [one] = received;
    const query = Object.fromEntries(one?.url.searchParams ?? []);
    expect(query).toEqual({ tenant: '7', from: '447700900000', original_request: '{"url":"x"}' });
    const { payload } = await jwtVerify(one?.token ?? '', key);
    expect(payload.payload_hash).toBe(createHash('sha256').update(JSON.stringify(query)).digest('hex'));
  });
});

test('a webhook without a secret is not signed', async () => {
  const identity = { apiKey: 'abcd1234', applicationId: 'app-1' };
  await client.send({ address, method: 'POST' }, { status: 'started' }, identity, PATIENCE);
  expect(received).toMatchObject([{ token: '', body: '{"status":"started"}' }]);
});

describe('a missing answer', () => {
  test.each([429, 503, 504])('%i is retried once', async (status) => {
    reply = (_request, response) => response.writeHead(received.length === 1 ? status : 200).end();
    expect(await post()).toMatchObject({ ok: true, status: 200 });
    expect(received).toHaveLength(2);
  });

  test.each([400, 401, 404, 500])('%i is final', async (status) => {
    reply = (_request, response) => response.writeHead(status).end();
    expect(await post()).toEqual({ ok: false, reason: `answered ${status}` });
    expect(received).toHaveLength(1);
  });

  test('a silent server gets two attempts', async () => {
    reply = () => {};
    expect(await post()).toEqual({ ok: false, reason: 'did not answer within 300 ms' });
    expect(received).toHaveLength(2);
  });

  test('a reset connection is retried once', async () => {
    reply = (request, response) => (received.length === 1 ? request.socket.destroy() : response.end());
    expect(await post()).toMatchObject({ ok: true });
  });

  test('a closed port is reported as such', async () => {
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
    expect(await post()).toEqual({ ok: false, reason: 'refused the connection' });
  });

  test('a redirect is not followed', async () => {
    reply = (_request, response) => response.writeHead(302, { location: 'https://example.com/' }).end();
    const reason = 'answered 302, a redirect to https://example.com/, which is not followed';
    expect(await post()).toEqual({ ok: false, reason });
    expect(received).toHaveLength(1);
  });

  test('a self-signed certificate is rejected at once', async () => {
    let connections = 0;
    const https = createTlsServer(SELF_SIGNED, (_request, response) => response.end());
    https.on('connection', () => {
      connections += 1;
    });
    const port = await listen(https, '127.0.0.1', 0, true);
    const target = { address: `https://localhost:${port}/`, method: 'POST' } as const;
    expect(await client.send(target, {}, IDENTITY, PATIENCE)).toEqual({
      ok: false,
      reason: 'has a self-signed certificate',
    });
    expect(connections).toBe(1);
    https.close();
  });

  test('an http server called by https is reported as such', async () => {
    const target = { address: address.replace('http:', 'https:'), method: 'POST' } as const;
    expect(await client.send(target, {}, IDENTITY, PATIENCE)).toEqual({
      ok: false,
      reason: 'does not speak TLS: is it http, not https?',
    });
  });

  test('an application’s own time limit applies', async () => {
    reply = () => {};
    const target = { address, method: 'POST', connectTimeout: 50, socketTimeout: 100 } as const;
    const outcome = await client.send(target, {}, IDENTITY, PATIENCE);
    expect(outcome).toEqual({ ok: false, reason: 'did not answer within 100 ms' });
  });

  test('unused connection time is not added to the answer’s', async () => {
    reply = (_request, response) => setTimeout(() => response.end(), 250);
    const target = { address, method: 'POST', connectTimeout: 1000, socketTimeout: 100 } as const;
    expect(await client.send(target, {}, IDENTITY, { ...PATIENCE, attempts: 1 })).toEqual({
      ok: false,
      reason: 'did not answer within 100 ms',
    });
  });

  test('an endless body is cut off', async () => {
    reply = (_request, response) => response.end(Buffer.alloc(2 * 1024 * 1024));
    expect(await post()).toEqual({ ok: false, reason: 'answered with more than 1 MB' });
  });
});
