import { createHash, createHmac, randomUUID } from 'node:crypto';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { IncomingEntry } from '../log/entry.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { forgetfulLog, realMode, recordedTerminal, testApp } from '../testing.ts';

const EVENT = {
  uuid: 'u1',
  conversation_uuid: 'CON-1',
  status: 'started',
  timestamp: '2026-01-01T00:00:00.000Z',
};

/** A log that keeps its entries in memory. */
function keepingLog() {
  const entries: IncomingEntry[] = [];
  const append = async (entry: IncomingEntry) => {
    entries.push(entry);
    return { id: entries.length, stored: 'new', reply: entry.reply } as const;
  };
  return { entries, log: { ...forgetfulLog, append } };
}

const awayLog = { ...forgetfulLog, append: () => Promise.reject(new StoreUnavailable('away')) };

describe('the log stores', () => {
  it('an event as received, with its method, route and time', async () => {
    const { entries, log } = keepingLog();
    const response = await request(testApp({}, { log }).app).post('/voice/event').send(EVENT).expect(200);
    expect(entries).toEqual([
      {
        type: 'event',
        payload: EVENT,
        method: 'POST',
        route: '/voice/event',
        reply: { status: 200 },
        requestId: response.headers['x-request-id'],
        receivedAt: expect.any(Number),
        took: expect.any(Number),
        replayed: false,
        jti: null,
      },
    ]);
  });

  it('a request for an NCCO with the answer', async () => {
    const { entries, log } = keepingLog();
    const query = {
      from: '447700900000',
      to: '442038297050',
      uuid: 'u1',
      conversation_uuid: 'CON-1',
      extra: 'x',
    };
    const { body } = await request(testApp({}, { log }).app).get('/voice/answer').query(query).expect(200);
    expect(entries).toMatchObject([
      {
        type: 'answer',
        method: 'GET',
        request: query,
        route: '/voice/answer',
        reply: { status: 200, ncco: body },
      },
    ]);
  });

  it('only the flat fields of a request that is nested too deeply', async () => {
    const { entries, log } = keepingLog();
    const send = (levels: number) =>
      request(testApp({}, { log }).app)
        .post('/voice/answer')
        .set('Content-Type', 'application/json')
        .send(`{"from":"447700900000","a":${'['.repeat(levels)}1${']'.repeat(levels)},"b":{"c":1}}`)
        .expect(200);
    await send(31);
    await send(4_000);
    const [whole, flat] = entries.map((entry) => entry.type === 'answer' && entry.request);
    expect(Object.keys(whole || {})).toEqual(['from', 'a', 'b']);
    expect(flat).toEqual({ from: '447700900000' });
  });

  it('a query that a proxy doubled only once', async () => {
    const { entries, log } = keepingLog();
    const dtmf = JSON.stringify({ digits: '12', timed_out: false });
    const query = new URLSearchParams({ ...EVENT, dtmf });
    const get = (text: string) => request(testApp({}, { log }).app).get(`/voice/event?${text}`);
    await get(`${query}&${query}`).expect(200);
    expect(entries).toMatchObject([{ payload: { ...EVENT, dtmf: { digits: '12', timed_out: false } } }]);
  });

  it('nothing that was rejected', async () => {
    const { entries, log } = keepingLog();
    const { app } = testApp({}, { log });
    await request(app).post('/voice/event').send({ status: 'started' }).expect(400);
    await request(app).post('/voice/event').set('Sec-Fetch-Site', 'cross-site').send(EVENT).expect(403);
    expect(entries).toEqual([]);
  });
});

describe('while the store is down', () => {
  it('an event is not acknowledged, so that Vonage sends it again', async () => {
    const { app, log } = testApp({}, { log: awayLog });
    const response = await request(app).post('/voice/event').send(EVENT).expect(503);
    expect(response.body).toEqual({
      error: 'The event was not stored. Send it again.',
      code: 'internal',
    });
    expect(response.headers['retry-after']).toBe('1');
    expect(log.text()).toContain('EVENT:');
  });

  it('callers are still connected, and one warning a minute says what was not stored', async () => {
    const { app, log, context } = testApp({}, { log: awayLog });
    for (let count = 0; count < 3; count += 1) {
      const response = await request(app)
        .get('/voice/answer')
        .query({ from: '1000', to: '2000' })
        .expect(200);
      expect(response.body).toHaveLength(2);
    }
    context.losses.close();
    expect(
      log
        .text()
        .split('\n')
        .filter((line) => line.startsWith('Warning:')),
    ).toEqual([
      'Warning: An answer was not stored: the store is too slow or not available.',
      'Warning: 2 more answers in the last minute were not stored: the store is too slow or not available.',
    ]);
  });

  it('the server is not ready and says why', async () => {
    const { app } = testApp(
      {},
      { log: { ...awayLog, check: () => Promise.reject(new StoreUnavailable('away')) } },
    );
    const response = await request(app).get('/readyz').expect(503);
    expect(response.body).toMatchObject({ status: 'not ready', store: 'does not work' });
  });
});

describe('with a signature secret', () => {
  const SECRET = 'the signature secret';
  const environment = {
    ...realMode,
    VONAGE_SIGNATURE_SECRET: `the next one,${SECRET}`,
    VONAGE_API_KEY: 'abcd1234',
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (content: string, secret = SECRET) => {
    const claims = {
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      payload_hash: createHash('sha256').update(content).digest('hex'),
      api_key: 'abcd1234',
      application_id: realMode.VONAGE_APPLICATION_ID,
    };
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

  it('a signed webhook is accepted by POST and GET, and its jti is stored', async () => {
    const { entries, log } = keepingLog();
    const { app } = testApp(environment, { log });
    const body = JSON.stringify(EVENT);
    await request(app)
      .post('/voice/event')
      .set({ Authorization: sign(body), 'Content-Type': 'application/json' })
      .send(body)
      .expect(200);
    const query = { to: '2000', from: '1000', uuid: 'u1' };
    await request(app)
      .get('/voice/answer?to=2000&from=1000&uuid=u1')
      .set({ Authorization: sign(JSON.stringify(query)) })
      .expect(200);
    expect(entries.map((entry) => entry.jti)).toEqual([expect.any(String), expect.any(String)]);
  });

  it('a forged webhook gets 401 without a reason, and the log has the reason', async () => {
    const { entries, log: kept } = keepingLog();
    const { app, log } = testApp(environment, { log: kept });
    for (const path of ['/voice/event', '/voice/answer', '/voice/fallback']) {
      const response = await request(app)
        .post(path)
        .set('Authorization', sign(JSON.stringify(EVENT), 'a guess'))
        .send(EVENT)
        .expect(401);
      expect(response.body).toEqual({ error: 'Not accepted.', code: 'not-allowed' });
    }
    expect(log.text()).toContain('rejected: its token was not made with the signature secret.');
    expect(entries).toEqual([]);
  });

  it.each(['pretty', 'json'] as const)(
    'a flood of forged webhooks does not flood the %s log, and is counted',
    async (format) => {
      const { terminal, text } = recordedTerminal(format);
      const { app, context } = testApp(environment, { terminal });
      for (let count = 0; count < 30; count += 1) {
        await request(app).get('/voice/answer?to=1').set('Authorization', sign('{}', 'a guess')).expect(401);
      }
      context.refusals.close();
      const lines = text().trimEnd().split('\n');
      expect(lines).toEqual([
        expect.stringContaining(
          'A webhook to /voice/answer from 127.0.0.1 was rejected: its token was not made',
        ),
        expect.stringContaining('29 more webhooks were rejected in the last minute: its token was not made'),
      ]);
      expect(await context.metrics.text()).toContain(
        'switchboard_webhooks_refused_total{route="answer",fault="forged"} 30',
      );
    },
  );

  it('an unsigned webhook gets 503, whatever else is wrong with it', async () => {
    const { app } = testApp(environment);
    await request(app).post('/voice/event').send(EVENT).expect(503);
    await request(app)
      .post('/voice/event')
      .set('Content-Type', 'application/json')
      .send('{broken')
      .expect(503);
    await request(app).get('/voice/answer').expect(503);
  });
});
