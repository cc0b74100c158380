import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlatform, type Platform, type PlatformOptions } from '../../emulator/platform.ts';
import type { Summary } from '../../emulator/traffic/entry.ts';
import { AppUser } from './support/app-user.ts';
import { type Application, type Ncco, startApplication } from './support/application.ts';
import { createUser } from './support/sdk-page.ts';

const NUMBER = '442038297050';
const PHONE = '447700900123';
const TO_PHONE: Ncco = [{ action: 'connect', endpoint: [{ type: 'phone', number: PHONE }] }];
const TO_BOB: Ncco = [{ action: 'connect', endpoint: [{ type: 'app', user: 'Bob' }] }];

let application: Application;
let platform: Platform;
let alice: AppUser;

async function start(options: PlatformOptions = {}): Promise<void> {
  application = await startApplication(TO_PHONE);
  platform = await createPlatform({
    number: NUMBER,
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
    ...options,
  });
  await createUser(platform, 'Alice');
  await createUser(platform, 'Bob');
  alice = await AppUser.open(platform, 'Alice');
}
async function stop(): Promise<void> {
  await alice[Symbol.asyncDispose]();
  await platform.close();
  await application[Symbol.asyncDispose]();
}
beforeEach(() => start());
afterEach(() => stop());

const eventsOf = (leg: string) => application.events.filter((one) => one.uuid === leg);
const statuses = (leg: string) => eventsOf(leg).map((one) => one.status);
/** What a page was told of the other legs of its call. */
const progress = ({ socket }: AppUser) => socket.all('leg:status:update').map(({ body }) => body?.status);

describe('a page calls', () => {
  test('and the application is asked with the user, whom they want, and their data', async () => {
    platform.phone(PHONE);
    const { leg, cid } = await alice.call({ to: PHONE, device: 'tablet', list: [1, 2] });
    await expect.poll(() => application.questions.length).toBe(1);
    expect(Object.fromEntries(application.questions[0] ?? [])).toEqual({
      to: PHONE,
      from_user: 'Alice',
      uuid: leg,
      conversation_uuid: cid,
      endpoint_type: 'app',
      custom_data: JSON.stringify({ to: PHONE, device: 'tablet', list: [1, 2] }),
      region_url: expect.any(String),
    });
  });

  test('without any data, and the application is told of none', async () => {
    await alice.call();
    await expect.poll(() => application.questions.length).toBe(1);
    expect([...(application.questions[0]?.keys() ?? [])]).toEqual([
      'from_user',
      'uuid',
      'conversation_uuid',
      'endpoint_type',
      'region_url',
    ]);
  });

  test('and the data come as an object where the answer URL takes POST', async () => {
    const id = platform.credentials.application_id;
    const { api_key, api_secret } = platform.credentials;
    const webhooks = {
      answer_url: { address: application.answerUrl, http_method: 'POST' },
      event_url: { address: application.eventUrl },
    };
    await fetch(`${platform.url}/v2/applications/${id}`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from(`${api_key}:${api_secret}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'Test', capabilities: { voice: { webhooks } } }),
    });
    await alice.call({ nested: { a: 1 } });
    await expect.poll(() => application.asked.length).toBe(1);
    expect(application.asked[0]).toMatchObject({ custom_data: { nested: { a: 1 } } });
  });

  test('a phone, and the application gets the events of Vonage’s transcript, field by field', async () => {
    const phone = platform.phone(PHONE, { does: 'answer', after: 0.3 });
    const { leg } = await alice.call({ to: PHONE });
    await expect.poll(() => phone.call?.answeredAt).toBeDefined();
    phone.hangUp();
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered', 'completed']);
    const started = 'from to uuid conversation_uuid status direction';
    const answered = `start_time headers rate ${started} network timestamp`;
    const completed = `headers end_time uuid network duration start_time rate price from to conversation_uuid status`;
    const newer = 'disconnected_by sip_code';
    expect(application.events.map((one) => [one.from, one.to, Object.keys(one).join(' ')])).toEqual([
      [null, 'Alice', `${started} timestamp`],
      [null, 'Alice', answered],
      ['Alice', PHONE, `headers ${started} timestamp`],
      ['Alice', PHONE, `headers ${started} timestamp`],
      ['Alice', PHONE, answered],
      ['Alice', PHONE, `${completed} direction timestamp ${newer}`],
      [null, 'Alice', `${completed} direction timestamp ${newer}`],
    ]);
    expect(application.events.map((one) => `${one.direction} ${one.status}`)).toEqual([
      'inbound started',
      'inbound answered',
      'outbound started',
      'outbound ringing',
      'outbound answered',
      'outbound completed',
      'inbound completed',
    ]);
    expect(eventsOf(leg).at(-1)).toMatchObject({ rate: '0.00', price: '0', network: null });
    await expect.poll(() => progress(alice)).toEqual(['ringing', 'answered', 'completed']);
    expect(await alice.socket.next('rtc:hangup')).toMatchObject({ body: { channel: { id: leg } } });
  });

  test('a user, who sees a user call; each is told how far the other is, until one hangs up', async () => {
    application.answer = () => ({ body: TO_BOB });
    await using bob = await AppUser.open(platform, 'Bob');
    const call = await alice.call({ to: 'Bob' });
    const { body } = await bob.socket.next('member:invited');
    expect(body).toMatchObject({
      channel: { from: { type: 'app', user: 'Alice' }, to: { type: 'app', user: 'Bob' } },
    });
    await expect.poll(() => progress(alice)).toEqual(['ringing']);
    await bob.answer();
    const { leg } = await bob.invited();
    await expect.poll(() => progress(alice)).toEqual(['ringing', 'answered']);
    expect(alice.socket.all('leg:status:update').at(-1)).toMatchObject({
      cid: call.cid,
      _embedded: { from_user: { id: expect.stringMatching(/^USR-/), name: 'Bob' } },
      body: {
        direction: 'outbound',
        leg_id: leg,
        type: 'app',
        statusHistory: [
          { status: 'ringing', date: expect.any(String) },
          { status: 'answered', date: expect.any(String) },
        ],
      },
    });
    const described = await bob.rest('GET', `/v0.3/conversations/${call.cid}/legs`);
    expect(described.body).toMatchObject({
      _embedded: { legs: [{ id: call.leg, from: { type: 'app', user: 'Alice' } }, { id: leg }] },
    });
    await alice.rest('DELETE', `/v0.2/conversations/${call.cid}/members/${call.member}`);
    await bob.socket.next('rtc:hangup');
    await expect.poll(() => progress(bob)).toEqual(['completed']);
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered', 'completed']);
  });

  test('themselves, and each of their two legs hears its own requests', async () => {
    application.answer = () => ({
      body: [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }],
    });
    const call = await alice.call();
    await alice.answer();
    const invited = await alice.invited();
    expect(invited.cid).toBe(call.cid);
    await expect.poll(() => statuses(invited.leg)).toEqual(['started', 'answered']);
    for (const { member, leg } of [invited, call]) {
      const event = { type: 'audio:mute:on', from: member, to: member, body: { rtc_id: leg } };
      await alice.rest('POST', `/v0.3/conversations/${call.cid}/events`, event);
      const state = await alice.rest('GET', `/v0.3/legs/${leg}`);
      expect(state.body).toMatchObject({ media_state: { mute: true } });
    }
  });

  test('and a page of the same user that opens meanwhile is not rung by it', async () => {
    await stop();
    await start({ virtual: { seed: 1, start: Date.parse('2026-01-05T09:00:00Z') } });
    const letGo = platform.world.hold();
    const { leg } = await alice.offer();
    await alice.knock(leg);
    await using other = await AppUser.open(platform, 'Alice');
    // An invitation takes the platform as long as an offer of the page.
    await other.offer();
    letGo();
    await other.socket.next('member:joined');
    expect(other.socket.all('member:invited')).toEqual([]);
  });

  test('and its keys sound on the phone, and reach an input', async () => {
    application.answer = () => ({
      body: [{ action: 'input', type: ['dtmf'], dtmf: { maxDigits: 2, timeOut: 10 } }],
    });
    const { cid, member, leg } = await alice.call();
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered']);
    await alice.rest('POST', `/v0.3/conversations/${cid}/events`, {
      type: 'audio:dtmf',
      from: member,
      body: { digit: '42', channel: { id: leg, type: 'app' } },
    });
    await expect
      .poll(() => application.events.find((one) => 'dtmf' in one))
      .toMatchObject({ from: null, to: 'Alice', dtmf: { digits: '42' } });
  });
});

describe('a call of a page that comes to nothing', () => {
  test.each([
    ['is busy', 'busy', 'busy'],
    ['rejects', 'reject', 'rejected'],
  ] as const)('because the phone %s: the page is told, and the call is over', async (_what, does, status) => {
    platform.phone(PHONE, { does });
    const { leg } = await alice.call({ to: PHONE });
    await alice.socket.next('rtc:hangup');
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered', 'completed']);
    expect(application.events.map((one) => one.status)).toContain(status);
    expect(progress(alice).at(-1)).toBe('completed');
  });

  test('because the application answers no NCCO: it has begun, so that the page can be told of its end', async () => {
    application.answer = () => ({ status: 500 });
    const { leg } = await alice.call();
    expect(await alice.socket.next('rtc:hangup')).toMatchObject({ body: { channel: { id: leg } } });
    const types = alice.socket.heard.map(({ type }) => type);
    expect(types.indexOf('member:joined')).toBeLessThan(types.indexOf('member:left'));
    await expect.poll(() => application.events.some((one) => 'reason' in one)).toBe(true);
  });

  test('because the page gives it up before it has joined: nobody is asked', async () => {
    await stop();
    await start({ virtual: { seed: 1, start: Date.parse('2026-01-05T09:00:00Z') } });
    const letGo = platform.world.hold();
    const { leg } = await alice.offer();
    const { body } = await alice.knock(leg);
    const path = `/v0.3/knocking/${String(body.id).replace('knocker:', '')}`;
    expect(await alice.rest('DELETE', path)).toEqual({ status: 200, body: {} });
    expect(await alice.rest('DELETE', path)).toMatchObject({
      status: 404,
      body: { code: 'knocking:error:not-found' },
    });
    letGo();
    await alice.socket.next('rtc:hangup');
    expect(alice.socket.all('member:joined')).toEqual([]);
    expect(application.questions).toEqual([]);
  });

  test('because the page never places it: its media are given up', async () => {
    await stop();
    await start({ virtual: { seed: 1, start: Date.parse('2026-01-05T09:00:00Z') } });
    const { leg } = await alice.offer();
    await expect.poll(() => platform.world.now()).toBeGreaterThanOrEqual(Date.parse('2026-01-05T09:00:10Z'));
    expect(await alice.knock(leg)).toMatchObject({ status: 404, body: { code: 'leg:error:not-found' } });
  });

  test('does not wait for a slow answer URL to be joined', async () => {
    application.answer = () => ({ silent: true });
    const { leg } = await alice.call();
    await expect.poll(() => application.questions.length).toBe(1);
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered']);
  });
});

describe('a wrong request of a page that calls', () => {
  const offer = { type: 'offer', sdp: 'v=0\r\n' };
  const knock = (more: object, session: string) => ({
    originating_session: session,
    channel: { type: 'app', id: 'unknown', to: { type: 'phone', number: '' } },
    ...more,
  });
  type Body = (session: string) => unknown;

  test.each<[string, string, Body, number, string]>([
    ['no body', '/v0.3/legs', () => undefined, 400, 'http:error:validation-fail'],
    [
      'no offer',
      '/v0.3/legs',
      (sid) => ({ originating_session: sid, body: {} }),
      400,
      'http:error:validation-fail',
    ],
    ['no session', '/v0.3/legs', () => ({ body: { offer } }), 400, 'http:error:validation-fail'],
    [
      'an unknown session',
      '/v0.3/legs',
      () => ({ originating_session: 'nobody', body: { offer } }),
      404,
      'session:error:not-found',
    ],
    [
      'an offer that is no SDP',
      '/v0.3/legs',
      (sid) => ({ originating_session: sid, body: { offer: { type: 'offer', sdp: 'rubbish' } } }),
      400,
      'rtc:error:invalid-sdp',
    ],
    [
      'an offer without audio',
      '/v0.3/legs',
      (sid) => ({ originating_session: sid, body: { offer } }),
      400,
      'rtc:error:invalid-sdp',
    ],
    ['an unknown leg', '/v0.3/knocking', (sid) => knock({}, sid), 404, 'leg:error:not-found'],
    [
      'no leg',
      '/v0.3/knocking',
      (sid) => knock({ channel: { type: 'app' } }, sid),
      400,
      'http:error:validation-fail',
    ],
    ['an unknown session', '/v0.3/knocking', () => knock({}, 'nobody'), 404, 'session:error:not-found'],
    ...['1'.repeat(100_000), `+${'1'.repeat(16)}`, 'x'.repeat(201)].map(
      (number): [string, string, Body, number, string] => [
        `a destination of ${number.length} characters`,
        '/v0.3/knocking',
        (sid) => knock({ channel: { type: 'app', id: 'leg', to: { type: 'phone', number } } }, sid),
        400,
        'http:error:validation-fail',
      ],
    ),
    ...[['a'], 'text', 7, true].map((custom_data): [string, string, Body, number, string] => [
      `custom data that are ${JSON.stringify(custom_data)}`,
      '/v0.3/knocking',
      (sid) => knock({ properties: { custom_data } }, sid),
      400,
      'http:error:validation-fail',
    ]),
    [
      'custom data of 1 MB',
      '/v0.3/knocking',
      (sid) => knock({ properties: { custom_data: { text: 'x'.repeat(1_000_000) } } }, sid),
      413,
      'custom-data:error:max-data-sum-limit-exceeded',
    ],
  ])('%s (%s) is refused with a code, in words, and with a hint', async (_what, path, body, status, code) => {
    const answer = await alice.rest('POST', path, body(await alice.session()));
    expect(answer).toMatchObject({
      status,
      body: {
        type: code,
        code,
        title: expect.any(String),
        detail: expect.any(String),
        instance: expect.any(String),
      },
    });
    const inspected = await fetch(
      `${platform.url}/emulator/requests?${new URLSearchParams({ kind: 'client-sdk', text: path })}`,
    );
    const { requests }: { requests: Summary[] } = JSON.parse(await inspected.text());
    expect(requests[0]).toMatchObject({ status, hint: { text: expect.any(String) } });
    platform.phone(PHONE);
    const { leg } = await alice.call({ to: PHONE });
    await expect.poll(() => statuses(leg)).toEqual(['started', 'answered']);
  });

  test('another user’s media are nobody else’s', async () => {
    const { leg } = await alice.offer();
    await using bob = await AppUser.open(platform, 'Bob');
    expect(await bob.knock(leg)).toMatchObject({ status: 404, body: { code: 'leg:error:not-found' } });
    expect((await alice.knock(leg)).status).toBe(200);
  });
});

describe('what the SDK looks up', () => {
  test('a conversation, by its id or its name', async () => {
    application.answer = () => ({ body: [{ action: 'conversation', name: 'meeting' }] });
    const { leg } = await alice.call();
    await expect.poll(() => application.events.some(({ type }) => type === 'transfer')).toBe(true);
    const { body } = await alice.rest('GET', '/v0.3/conversations/meeting');
    expect(body).toMatchObject({ name: 'meeting', media_state: { mute: false, recording: false } });
    expect((await alice.rest('GET', `/v0.3/conversations/${String(body.id)}`)).body).toEqual(body);
    expect((await alice.rest('GET', `/v0.3/legs/${leg}`)).body).toMatchObject({ conversation_id: body.id });
    await using bob = await AppUser.open(platform, 'Bob');
    expect((await bob.rest('GET', '/v0.3/conversations/meeting')).status).toBe(404);
  });

  test.each([
    ['me', 'Alice'],
    ['Alice', 'Alice'],
    ['Bob', 'Bob'],
  ])('the user "%s"', async (asked, name) => {
    const { body } = await alice.rest('GET', `/v0.3/users/${asked}`);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^USR-/),
      name,
      timestamp: { created: expect.any(String) },
    });
    expect((await alice.rest('GET', `/v0.3/users/${String(body.id)}`)).body).toEqual(body);
  });

  test('a user that is unknown', async () => {
    expect(await alice.rest('GET', '/v0.3/users/Zoe')).toMatchObject({
      status: 404,
      body: { code: 'user:error:not-found' },
    });
  });
});
