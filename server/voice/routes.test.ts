import { setTimeout as later } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { transcript } from '../../domain/calls/testing.ts';
import { builtInRules } from '../../domain/desk/built-in.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { ncco } from '../../domain/ncco/ncco.ts';
import type { Log } from '../log/log.ts';
import { createDesk } from '../routing/desk/desk.ts';
import { forgetfulLog, realMode, testApp, tutorialLog } from '../testing.ts';

const call = {
  to: '442038297050',
  from: '447700900000',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
};

describe('/voice/answer', () => {
  it('tells Vonage to play a message, then to ring the first agent', async () => {
    const { app, log } = testApp({
      AGENTS: 'Bob,Alice',
      ROUTING: 'direct',
      PUBLIC_URL: 'https://calls.example.com',
    });
    const response = await request(app).get('/voice/answer').query(call).expect(200);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.text).toBe(
      JSON.stringify([
        { action: 'talk', text: 'Please wait while we connect you to an agent' },
        {
          action: 'connect',
          from: '447700900000',
          timeout: 45,
          eventType: 'synchronous',
          eventUrl: ['https://calls.example.com/voice/event'],
          endpoint: [{ type: 'app', user: 'Bob' }],
        },
      ]),
    );
    expect(log.text()).toBe('NCCO request:\n  - caller: 447700900000\n  - callee: 442038297050\n---\n');
  });

  it('answers GET and POST alike, every time', async () => {
    const { app } = testApp({ PUBLIC_URL: 'https://calls.example.com' });
    const got = await request(app).get('/voice/answer').query(call).expect(200);
    const posted = await request(app).post('/voice/answer').send(call).expect(200);
    expect(posted.text).toBe(got.text);
  });

  it('uses the configured message and language', async () => {
    const { app } = testApp({ WAIT_MESSAGE: 'Un momento', VOICE_LANGUAGE: 'es-ES' });
    const response = await request(app).get('/voice/answer').query(call).expect(200);
    expect(response.body[0]).toEqual({ action: 'talk', text: 'Un momento', language: 'es-ES' });
  });

  it('uses the address of the request as event URL', async () => {
    const { app } = testApp(realMode);
    const eventUrl = async (headers: Record<string, string>) =>
      (await request(app).get('/voice/answer').set(headers).expect(200)).body[1].eventUrl;
    expect(await eventUrl({ Host: 'localhost:3000' })).toEqual(['http://localhost:3000/voice/event']);
    expect(await eventUrl({ Host: 'a.example', 'X-Forwarded-Proto': 'https' })).toEqual([
      'https://a.example/voice/event',
    ]);
    for (const Host of ['a"b', '127.999.999.999', '1.2.3.4.5', 'a.example:99999', '[1]'])
      expect([Host, await eventUrl({ Host })]).toEqual([Host, undefined]);
  });

  it.each([
    ['nothing at all', ''],
    ['a withheld number', 'from=anonymous&to=442038297050'],
    ['a call from an app', 'from_user=Carol&to=442038297050'],
    ['a newline in the number', 'from=4477%0A---%0AEVENT:&to=1%0d%0a'],
    ['a doubled query', 'from=1000&from=1000&to=2&to=2'],
    ['two different numbers', 'from=1000&from=2000'],
    ['an endless number', `to=${'9'.repeat(10_000)}`],
    ['unknown parameters', `SipHeader_X-A=${'x'.repeat(10_000)}&__proto__=1&constructor[prototype]=2`],
    ['broken escapes', 'from=%E0%A4%A&to=%'],
  ])('gives a valid NCCO to %s', async (_, query) => {
    const { app, log } = testApp();
    const response = await request(app).get(`/voice/answer?${query}`).expect(200);
    expect(ncco.safeParse(response.body).error).toBeUndefined();
    expect(log.text().split('\n')).toEqual([
      'NCCO request:',
      expect.stringMatching(/^ {2}- caller: /),
      expect.stringMatching(/^ {2}- callee: /),
      '---',
      '',
    ]);
  });

  it('passes the caller on only if it is a phone number', async () => {
    const { app } = testApp();
    const from = async (query: string) =>
      (await request(app).get(`/voice/answer?${query}`).expect(200)).body[1].from;
    expect(await from('from=+447700900000')).toBe('447700900000');
    expect(await from('from=anonymous')).toBeUndefined();
    expect(await from('from=447700x900000')).toBeUndefined();
  });
});

describe('/voice/fallback', () => {
  it('connects the caller too, and logs why Vonage used it', async () => {
    const { app, log } = testApp();
    const body = { ...call, reason: 'Connection timeout', original_request: { url: 'x', type: 'GET' } };
    const response = await request(app).post('/voice/fallback').send(body).expect(200);
    expect(ncco.safeParse(response.body).success).toBe(true);
    expect(log.text()).toBe(
      'NCCO fallback request:\n  - caller: 447700900000\n  - callee: 442038297050\n  - reason: Connection timeout\n---\n',
    );
  });
});

describe('/voice/event', () => {
  it('prints each event as received and returns 200', async () => {
    const { app, log } = testApp();
    for (const event of transcript) {
      const response = await request(app).post('/voice/event').send(event).expect(200);
      expect(response.text).toBe('');
    }
    expect(log.text()).toBe(tutorialLog.slice(tutorialLog.indexOf('EVENT:')));
  });

  it('accepts GET, with objects as JSON text', async () => {
    const { app, log } = testApp();
    await request(app).get('/voice/event').query({ uuid: '1', status: 'ringing', headers: '{}' }).expect(200);
    expect(log.text()).toBe("EVENT:\n{ uuid: '1', status: 'ringing', headers: {} }\n---\n");
  });

  it('keeps unknown statuses and fields', async () => {
    const { app, log } = testApp();
    await request(app)
      .post('/voice/event')
      .send({ uuid: '1', status: 'levitating', aura: 'blue' })
      .expect(200);
    expect(log.text()).toContain("status: 'levitating', aura: 'blue'");
  });

  it('accepts a gzipped body', async () => {
    const { app, log } = testApp();
    await request(app)
      .post('/voice/event')
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .serialize((body) => body)
      .send(gzipSync('{"uuid":"zipped"}'))
      .expect(200);
    expect(log.text()).toContain('zipped');
  });

  const json = { 'Content-Type': 'application/json' };
  const uuid = '"uuid":"1"';
  it.each<[string, Record<string, string>, string | Buffer, number, string]>([
    ['broken JSON', json, '{"uuid":', 400, 'The body is not valid JSON.'],
    ['no body', {}, '', 400, 'The body is empty, but must be JSON.'],
    ['an empty body', json, '', 400, 'The body is empty, but must be JSON.'],
    ['a list', json, `[{${uuid}}]`, 400, 'the event must be an object.'],
    ['a bare value', json, 'null', 400, 'the event must be an object.'],
    [
      'no id',
      json,
      '{"status":"ringing"}',
      400,
      'uuid is missing, and so is every other id: an event names its call.',
    ],
    [
      'a depth bomb',
      json,
      `{${uuid},"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
      400,
      'the event must not be nested deeper than 32 levels.',
    ],
    ['a megabyte', json, `{${uuid},"a":"${'x'.repeat(1_000_000)}"}`, 413, 'The body is larger than 100 kB.'],
    [
      'a gzip bomb',
      { ...json, 'Content-Encoding': 'gzip' },
      gzipSync(`{${uuid},"a":"${'x'.repeat(20_000_000)}"}`),
      413,
      'The body is larger than 100 kB.',
    ],
    [
      'a form',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      'uuid=1',
      415,
      'The content type of the body must be application/json.',
    ],
    [
      'plain text',
      { 'Content-Type': 'text/plain' },
      `{${uuid}}`,
      415,
      'The content type of the body must be application/json.',
    ],
    [
      'another character set',
      { 'Content-Type': 'application/json; charset=iso-8859-1' },
      `{${uuid}}`,
      415,
      'The character set of the body must be UTF-8.',
    ],
    [
      'another encoding',
      { ...json, 'Content-Encoding': 'rot13' },
      `{${uuid}}`,
      415,
      'The content encoding of the body is not supported.',
    ],
    [
      'garbage labelled as gzip',
      { ...json, 'Content-Encoding': 'gzip' },
      'not gzip',
      400,
      'The request could not be read.',
    ],
  ])('rejects %s with a one-line reason', async (_, headers, body, status, error) => {
    const { app, log } = testApp();
    const response = await request(app)
      .post('/voice/event')
      .set(headers)
      .serialize((raw) => raw)
      .send(body);
    expect([response.status, response.body]).toEqual([status, { error, code: 'bad-request' }]);
    expect(log.text()).toBe('');
  });

  it('is not vulnerable to a key named __proto__', async () => {
    const { app, log } = testApp();
    await request(app)
      .post('/voice/event')
      .set(json)
      .send(`{${uuid},"__proto__":{"polluted":true}}`)
      .expect(200);
    expect({}).not.toHaveProperty('polluted');
    expect(log.text()).toContain("['__proto__']: { polluted: true }");
  });
});

describe('the webhooks', () => {
  it.each(['/voice/answer', '/voice/event', '/voice/fallback'])(
    '%s accepts no other methods',
    async (path) => {
      const { app, log } = testApp(realMode);
      for (const method of ['put', 'delete', 'options', 'patch'] as const) {
        const response = await request(app)[method](path).expect(405);
        expect(response.headers.allow).toBe('GET, POST');
        expect(response.body.error).toBe(`${path} takes GET, POST, not ${method.toUpperCase()}.`);
      }
      expect((await request(app).head(path)).status).toBe(405);
      expect(log.text()).toBe('');
    },
  );

  describe.each([
    ['with the emulator', {}],
    ['with an application at Vonage', realMode],
  ])('%s', (_, env) => {
    it.each<[string, Record<string, string>]>([
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
      ['another origin by plain http', { Origin: 'http://localhost:8080' }],
      [
        'another origin that claims to be the address bar',
        { 'Sec-Fetch-Site': 'none', Origin: 'http://evil.example' },
      ],
      ['a sandbox', { Origin: 'null' }],
    ])('are rejected from a page of %s', async (_page, headers) => {
      const { app, log } = testApp(env);
      await request(app).get('/voice/answer').query(call).set(headers).expect(403);
      await request(app).post('/voice/event').set(headers).send({ uuid: 'x', status: 'started' }).expect(403);
      expect(log.text()).toBe('');
    });

    it.each<[string, Record<string, string>]>([
      ['a program', {}],
      ['the address bar', { 'Sec-Fetch-Site': 'none' }],
      ['a page of this server', { 'Sec-Fetch-Site': 'same-origin' }],
    ])('are accepted from %s', async (_sender, headers) => {
      await request(testApp(env).app).get('/voice/answer').query(call).set(headers).expect(200);
    });
  });

  it('are accepted only under local names and the public one if there is no sign-in', async () => {
    const { app } = testApp({ PUBLIC_URL: 'https://calls.example.com' });
    const status = async (host: string) =>
      (await request(app).get('/voice/answer').query(call).set('Host', host)).status;
    for (const own of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'calls.example.com'])
      expect([own, await status(own)]).toEqual([own, 200]);
    for (const foreign of ['evil.example', '127.0.0.1.evil.example', '10.0.0.1'])
      expect([foreign, await status(foreign)]).toEqual([foreign, 403]);
    await request(testApp(realMode).app).get('/voice/answer').set('Host', 'any.example').expect(200);
  });
});

describe('an agent who answers', () => {
  it('waits for a slow store, and does not hear that the caller is gone', async () => {
    const { context } = testApp();
    const rules = builtInRules(['Alice'], 'Hello.', 'en-US');
    const desk = createDesk({
      store: context.store,
      clock: context.clock,
      agents: () => ['Alice'],
      rules: () => rules,
      craft: () => ({ base: 'https://desk.example', language: undefined, texts: ENGLISH }),
      pace: { calls: 3, others: 15 },
      log: () => {},
    });
    const decided = [{ action: 'conversation' as const, name: 'call-c1' }];
    const log: Log = {
      ...forgetfulLog,
      append: async () => {
        await later(700);
        return { id: 1, stored: 'new', reply: { status: 200, ncco: decided } };
      },
    };
    const { app } = testApp({ ROUTING: 'desk' }, { desk, routing: desk.routing, log });
    const response = await request(app).post('/voice/agent/r1').send(call).expect(200);
    expect(response.body).toEqual(decided);
  });
});
