import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../listen.ts';
import type { Entry } from './entry.ts';
import type { TrafficLog } from './log.ts';
import { createTrafficLog } from './log.ts';
import { recordRequests } from './record-requests.ts';

const CALL = 'CON-00000000-0000-4000-8000-000000000001';
const LEG = '11112222333344445555666677778888';

let log: TrafficLog;
let base: string;
let app: express.Express;
let close: () => Promise<void>;

beforeEach(async () => {
  log = createTrafficLog({ stopwatch: () => performance.now(), newEpoch: () => 'epoch' });
  app = express();
  const http = createServer(app);
  base = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  const recorder = recordRequests({
    log,
    now: () => 1_800_000_000_000,
    base,
    publicKeyOf: () => undefined,
    conversationOf: (leg) => (leg === LEG ? CALL : undefined),
  });
  app.use(recorder.middleware);
  app.post('/v1/calls', express.json(), (request, response) => {
    response.status(201).json({ got: request.body, conversation_uuid: CALL });
  });
  close = async () => {
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
  };
});
afterEach(() => close());

/** Resolves with the entry as soon as it is over. */
const recorded = () =>
  vi.waitUntil((): Entry | undefined => [...log.entries()].find(({ took }) => took !== null));

describe('a request to the platform in the log', () => {
  it('has both bodies unchanged, and the call named in the response', async () => {
    const body = '{ "to": [],\n  "api_secret": "abc" }';
    const answer = await fetch(`${base}/v1/calls?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body,
    });
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ got: { api_secret: 'abc' } });
    expect(await recorded()).toMatchObject({
      direction: 'in',
      kind: 'rest',
      what: '/v1/calls',
      method: 'POST',
      url: `${base}/v1/calls?x=1`,
      status: 201,
      call: CALL,
      request: { body: { text: '{ "to": [],\n  "api_secret": "•••" }', bytes: body.length, isCut: false } },
      response: { body: { bytes: text.length } },
      size: body.length + text.length,
      error: null,
      hint: null,
      repeatable: false,
    });
  });

  it('finds the call by the leg in the URL', async () => {
    app.get(
      '/v1/calls/:id',
      (_request, response) => void response.status(401).json({ title: 'Unauthorized' }),
    );
    await fetch(`${base}/v1/calls/${LEG}`);
    expect(await recorded()).toMatchObject({ call: CALL, leg: LEG, status: 401, hint: { code: 'unsigned' } });
  });

  it('is marked if the platform has no such URL', async () => {
    await fetch(`${base}/v1/cals`, { method: 'POST', body: 'x' });
    expect(await recorded()).toMatchObject({ status: 404, hint: { code: 'no-address' } });
  });

  it('ends when the client disconnects', async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((done) => {
      arrived = done;
    });
    app.get('/v1/slow', () => arrived());
    const asking = ask(`${base}/v1/slow`);
    asking.on('error', () => {}).end();
    await arrival;
    asking.destroy();
    expect(await recorded()).toMatchObject({ status: null, hint: { code: 'client-left' } });
  });

  it('counts streamed audio without keeping it', async () => {
    app.get('/v1/files/1', (_request, response) => {
      response.type('audio/wav');
      response.write(new Uint8Array(1000));
      response.end(new Uint8Array(500));
    });
    const answer = await fetch(`${base}/v1/files/1`);
    expect((await answer.arrayBuffer()).byteLength).toBe(1500);
    expect(await recorded()).toMatchObject({ response: { body: { text: null, bytes: 1500 } } });
  });

  it('is not kept if it comes from the emulator’s own pages', async () => {
    app.get('/emulator/requests', (_request, response) => void response.json([]));
    await (await fetch(`${base}/emulator/requests`)).text();
    await (await fetch(`${base}/`)).text();
    expect([...log.entries()]).toEqual([]);
  });

  it('shows the token of a WebSocket as its claims', async () => {
    const http = createServer();
    const port = await listen(http, '127.0.0.1', 0, true);
    const { socketOpened } = recordRequests({
      log,
      now: () => 0,
      base,
      publicKeyOf: () => undefined,
      conversationOf: () => undefined,
    });
    http.on('upgrade', (request, socket) => {
      socketOpened(request);
      socket.destroy();
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part({ application_id: 'app', sub: 'Alice', iat: 1, exp: 2, jti: 'x' })}.c2VhbA`;
    const asking = ask(`http://127.0.0.1:${port}/v2/rtc/?token=${token}`, {
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    asking.end();
    await once(asking, 'error');
    http.close();
    expect(await recorded()).toMatchObject({
      kind: 'client-sdk',
      url: `${base}/v2/rtc/?token=•••`,
      status: 101,
      application: 'app',
      proof: { claims: { sub: 'Alice' }, fault: 'unknown-application' },
      hint: { code: 'unknown-application' },
    });
  });
});
