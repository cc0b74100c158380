import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Vonage } from '@vonage/server-sdk';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeMp3 } from '../../emulator/media/mp3.ts';
import { signToken } from './support/sdk-page.ts';
import { FROM, STAY, serveTone, VoiceScene } from './support/voice-scene.ts';

let scene: VoiceScene;
let voice: Vonage['voice'];

beforeAll(async () => {
  scene = await VoiceScene.start([{ action: 'talk', text: 'Hi' }, ...STAY]);
  ({ voice } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

/** Each method of the SDK's voice client, with its expected result. */
const METHODS: Record<string, () => Promise<void>> = {
  async createOutboundCall() {
    const number = scene.phone();
    const { answerUrl } = scene.application;
    const to = { type: 'phone', number } as const;
    const call = await voice.createOutboundCall({ to: [to], from: FROM, answerUrl: [answerUrl] });
    expect(call).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'started',
      direction: 'outbound',
      conversation_uuid: expect.stringMatching(/^CON-/),
      conversationUUID: expect.stringMatching(/^CON-/),
    });
    await scene.reaches(call.uuid, 'answered');
    expect(scene.statuses(call.uuid)).toEqual(['started', 'ringing', 'answered']);
    await expect
      .poll(() => scene.application.questions.map((asked) => asked.get('uuid')))
      .toContain(call.uuid);
  },

  async getCallsPage() {
    await scene.answeredCall();
    const page = await voice.getCallsPage({ pageSize: 1, recordIndex: 0 });
    expect(page).toMatchObject({
      page_size: 1,
      record_index: 0,
      _embedded: { calls: [{ direction: 'outbound' }] },
    });
    expect(page.count).toBeGreaterThan(0);
  },

  async search() {
    const uuid = await scene.answeredCall();
    const { _embedded } = await voice.search({ order: 'desc', pageSize: 100 });
    expect(_embedded.calls[0]?.uuid).toBe(uuid);
  },

  async getAllCalls() {
    const uuids = [await scene.answeredCall(), await scene.answeredCall()];
    const found = new Set<string>();
    for await (const call of voice.getAllCalls({ pageSize: 1 })) if (call) found.add(call.uuid);
    expect([...found]).toEqual(expect.arrayContaining(uuids));
  },

  async getCall() {
    const uuid = await scene.answeredCall();
    expect(await voice.getCall(uuid)).toMatchObject({
      uuid,
      status: 'answered',
      direction: 'outbound',
      from: FROM,
      to: { type: 'phone' },
      startTime: expect.stringMatching(/Z$/),
      conversationUUID: expect.stringMatching(/^CON-/),
    });
  },

  async playDTMF() {
    const uuid = await scene.answeredCall();
    expect(await voice.playDTMF(uuid, '12#')).toEqual({ message: 'DTMF sent', uuid });
  },

  async subscribeDTMF() {
    const caller = scene.platform.call();
    await caller.until('answered');
    await voice.subscribeDTMF(caller.leg.uuid, scene.application.eventUrl);
    caller.press('7#');
    await expect.poll(() => keysOf(caller.leg.uuid)).toEqual(['7', '#']);
  },

  async unsubscribeDTMF() {
    const caller = scene.platform.call();
    await caller.until('answered');
    await voice.subscribeDTMF(caller.leg.uuid, scene.application.eventUrl);
    caller.press('1');
    await voice.unsubscribeDTMF(caller.leg.uuid);
    caller.press('2');
    caller.hangUp();
    await scene.reaches(caller.leg.uuid, 'completed');
    expect(keysOf(caller.leg.uuid)).toEqual(['1']);
  },

  async playTTS() {
    const uuid = await scene.answeredCall();
    expect(await speaker().playTTS(uuid, { text: 'Hello', level: '0.5', loop: 0 })).toEqual({
      message: 'Talk started',
      uuid,
    });
  },

  async stopTTS() {
    const uuid = await scene.answeredCall();
    await speaker().playTTS(uuid, { text: 'Hello', loop: 0 });
    expect(await voice.stopTTS(uuid)).toEqual({ message: 'Talk stopped', uuid });
  },

  async streamAudio() {
    await using tone = await serveTone();
    const uuid = await scene.answeredCall();
    expect(await voice.streamAudio(uuid, tone.url, 1, 0.2)).toEqual({ message: 'Stream started', uuid });
    await expect.poll(tone.asked).toBe(1);
  },

  async stopStreamAudio() {
    await using tone = await serveTone();
    const uuid = await scene.answeredCall();
    await voice.streamAudio(uuid, tone.url, 0);
    expect(await voice.stopStreamAudio(uuid)).toEqual({ message: 'Stream stopped', uuid });
  },

  async transferCallWithNCCO() {
    const uuid = await scene.answeredCall();
    const ncco = [{ action: 'wait', timeout: 600 }];
    await isTransferred(uuid, () => voice.transferCallWithNCCO(uuid, ncco));
  },

  async transferCallWithURL() {
    const uuid = await scene.answeredCall();
    await isTransferred(uuid, () => voice.transferCallWithURL(uuid, scene.application.answerUrl));
  },

  async hangupCall() {
    const uuid = await scene.answeredCall();
    await voice.hangupCall(uuid);
    await scene.reaches(uuid, 'completed');
    expect(await voice.getCall(uuid)).toMatchObject({
      status: 'completed',
      duration: expect.stringMatching(/^\d+$/),
      price: expect.any(String),
      rate: '0.00720000',
      network: 'GB-FIXED',
      endTime: expect.stringMatching(/Z$/),
    });
  },

  muteCall: async () => expect(await switched('muteCall')).toEqual({ muted: true, earmuffed: false }),
  unmuteCall: async () =>
    expect(await switched('muteCall', 'unmuteCall')).toEqual({ muted: false, earmuffed: false }),
  earmuffCall: async () => expect(await switched('earmuffCall')).toEqual({ muted: false, earmuffed: true }),
  unearmuffCall: async () =>
    expect(await switched('earmuffCall', 'unearmuffCall')).toEqual({ muted: false, earmuffed: false }),

  async callAction() {
    const uuid = await scene.answeredCall();
    // Not meant for outside use, but public.
    await Reflect.apply(Reflect.get(voice, 'callAction'), voice, [uuid, 'hangup']);
    await scene.reaches(uuid, 'completed');
  },

  async downloadRecording() {
    const uuid = await scene.answeredCall({ ncco: [{ action: 'record' }, ...STAY] });
    await voice.hangupCall(uuid);
    const recording = () => scene.application.events.find((one) => one.recording_uuid !== undefined);
    await expect.poll(recording).toBeDefined();
    const file = join(tmpdir(), `${uuid}.mp3`);
    await asVonageHost(async (named) => {
      await named.downloadRecording(basename(String(recording()?.recording_url)), file);
    });
    const { samples } = await decodeMp3(await readFile(file));
    expect(samples.length).toBeGreaterThan(0);
    await rm(file);
  },

  async downloadTranscription() {
    const ncco = [
      { action: 'record', transcription: {} },
      { action: 'talk', text: 'Hello there' },
    ];
    const uuid = await scene.answeredCall({ ncco });
    const told = () => scene.application.events.find((one) => one.status === 'transcribed');
    await expect.poll(told).toBeDefined();
    const file = join(tmpdir(), `${uuid}.json`);
    await asVonageHost(async (named) => {
      await named.downloadTranscription(basename(String(told()?.transcription_url)), file);
    });
    const { channels } = JSON.parse(await readFile(file, 'utf8'));
    expect(channels[0].transcript[0]).toMatchObject({ sentence: 'Hello there' });
    await rm(file);
  },
};

/** The SDK types the action's name as an enum that it does not export. */
const speaker = (): { playTTS(uuid: string, talk: object): Promise<unknown> } => voice;

const keysOf = (uuid: string) =>
  scene.events(uuid).flatMap((one) => ('dtmf' in one ? Object(one.dtmf).digits : []));

async function isTransferred(uuid: string, transfer: () => Promise<void>): Promise<void> {
  const from = (await voice.getCall(uuid)).conversationUUID;
  await transfer();
  await expect
    .poll(() => scene.application.events)
    .toContainEqual({
      type: 'transfer',
      conversation_uuid_from: from,
      conversation_uuid_to: expect.stringMatching(/^CON-/),
      uuid,
      timestamp: expect.any(String),
    });
  expect((await voice.getCall(uuid)).conversationUUID).not.toBe(from);
}

type Switch = 'muteCall' | 'unmuteCall' | 'earmuffCall' | 'unearmuffCall';

/** Whether a leg can speak and hear after these actions. */
async function switched(...methods: Switch[]) {
  const caller = scene.platform.call();
  await caller.until('answered');
  for (const method of methods) await voice[method](caller.leg.uuid);
  const { muted, earmuffed } = caller.leg.port;
  caller.hangUp();
  return { muted, earmuffed };
}

/** Runs with an SDK that reaches the platform under Vonage's host name: it downloads from no other. */
async function asVonageHost(work: (named: Vonage['voice']) => Promise<void>): Promise<void> {
  const before = getGlobalDispatcher();
  const toHere = new Agent({
    connect: { lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
  });
  setGlobalDispatcher(toHere);
  const { application_id: applicationId, private_key: privateKey } = scene.platform.credentials;
  const { port } = new URL(scene.platform.url);
  const apiHost = `http://api.nexmo.com:${port}`;
  try {
    await work(new Vonage({ applicationId, privateKey }, { apiHost }).voice);
  } finally {
    setGlobalDispatcher(before);
    await toHere.close();
  }
}

describe('the server SDK’s voice client', () => {
  test('has no method that is untested here', () => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(voice));
    expect(methods.filter((name) => name !== 'constructor').sort()).toEqual(Object.keys(METHODS).sort());
  });

  test.for(Object.entries(METHODS))('%s', ([, run]) => run());
});

describe('a list of calls', () => {
  test('can be filtered by each field, and paged in both orders', async () => {
    const first = await scene.answeredCall();
    const second = await scene.answeredCall();
    await voice.hangupCall(second);
    await scene.reaches(second, 'completed');
    const { conversationUUID } = await voice.getCall(first);
    const find = async (query: Record<string, string>) => {
      const { body } = await scene.request('GET', `?${new URLSearchParams({ page_size: '100', ...query })}`);
      return body._embedded.calls.map((call: { uuid: string }) => call.uuid);
    };
    expect(await find({ uuid: first })).toEqual([first]);
    expect(await find({ conversation_uuid: conversationUUID })).toEqual([first]);
    expect(await find({ status: 'answered' })).toContain(first);
    expect(await find({ status: 'answered' })).not.toContain(second);
    expect(await find({ date_start: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await find({ date_end: '2000-01-01T00:00:00Z' })).toEqual([]);
    const all = await find({});
    expect(await find({ order: 'desc' })).toEqual(all.toReversed());

    const { body } = await scene.request('GET', `?page_size=1&record_index=1&status=answered`);
    expect(body).toMatchObject({ page_size: 1, record_index: 1 });
    const { searchParams } = new URL(body._links.prev.href);
    expect(Object.fromEntries(searchParams)).toEqual({
      order: 'asc',
      page_size: '1',
      record_index: '0',
      status: 'answered',
    });
    expect(body._embedded.calls).toHaveLength(1);
  });

  test.each([
    'page_size=0',
    'page_size=101',
    'page_size=abc',
    'record_index=-1',
    'status=sleeping',
    'order=up',
    'date_start=now',
  ])('rejects %s', async (query) => {
    const { status, body } = await scene.request('GET', `?${query}`);
    expect(status).toBe(400);
    expect(body.invalid_parameters).toEqual([{ name: query.split('=')[0], reason: expect.any(String) }]);
  });
});

describe('the shapes of Vonage’s OpenAPI file and of the fixtures in its SDKs', () => {
  test('a call in progress has no bill, and no nulls', async () => {
    const uuid = await scene.answeredCall();
    const { body } = await scene.request('GET', `/${uuid}`);
    expect(body).toEqual({
      _links: { self: { href: `/v1/calls/${uuid}` } },
      uuid,
      conversation_uuid: expect.stringMatching(/^CON-/),
      to: { type: 'phone', number: expect.any(String) },
      from: FROM,
      status: 'answered',
      direction: 'outbound',
      start_time: expect.stringMatching(/Z$/),
      end_time: '',
    });
  });

  test('the times of a call are texts before it is answered, and where it never was (PHP 4.14, Voice\\Call)', async () => {
    const uuid = await scene.call({ type: 'phone', number: scene.phone({ does: 'ring' }) });
    expect((await scene.request('GET', `/${uuid}`)).body).toMatchObject({ start_time: '', end_time: '' });
    await voice.hangupCall(uuid);
    expect((await scene.request('GET', `/${uuid}`)).body).toMatchObject({
      status: 'cancelled',
      start_time: '',
      end_time: expect.stringMatching(/Z$/),
      duration: '0',
    });
  });

  test('a completed call has its bill, as text', async () => {
    const uuid = await scene.answeredCall();
    await voice.hangupCall(uuid);
    await scene.reaches(uuid, 'completed');
    const { body } = await scene.request('GET', `/${uuid}`);
    expect(body).toMatchObject({
      status: 'completed',
      rate: expect.stringMatching(/^\d+\.\d+$/),
      price: expect.stringMatching(/^\d+\.\d+$/),
      duration: expect.stringMatching(/^\d+$/),
      start_time: expect.stringMatching(/Z$/),
      end_time: expect.stringMatching(/Z$/),
    });
    const [event] = scene.events(uuid).filter(({ status }) => status === 'completed');
    expect(event).toMatchObject({ disconnected_by: 'platform' });
  });

  test.each([
    ['busy', 'busy'],
    ['reject', 'rejected'],
  ] as const)('a telephone that does "%s" leaves a call that is listed as %s', async (does, status) => {
    const uuid = await scene.call({ type: 'phone', number: scene.phone({ does }) });
    await scene.reaches(uuid, status);
    await scene.platform.settled();
    const { body } = await scene.request('GET', `?status=${status}&page_size=100`);
    expect(body._embedded.calls.map((call: { uuid: string }) => call.uuid)).toContain(uuid);
    expect((await scene.request('GET', `/${uuid}`)).body).toMatchObject({ uuid, status });
    const { body: completed } = await scene.request('GET', '?status=completed&page_size=100');
    expect(completed._embedded.calls.map((call: { uuid: string }) => call.uuid)).not.toContain(uuid);
  });

  test('links are relative (Python, Java), those to other pages whole (Node)', async () => {
    await scene.answeredCall();
    await scene.answeredCall();
    const { body } = await scene.request('GET', '?page_size=1');
    const { self, first, last, next } = body._links;
    for (const { href } of [self, first, last]) expect(href).toMatch(/^\/v1\/calls\?/);
    expect(new URL(next.href).origin).toBe(scene.platform.url);
  });

  test('a subscription to keys is made and ended with 200 and a body (Node SDK, tests of subscribeDTMF)', async () => {
    const uuid = await scene.answeredCall();
    const path = `/${uuid}/input/dtmf`;
    const event_url = [scene.application.eventUrl];
    for (const answer of [
      await scene.request('PUT', path, { event_url }),
      await scene.request('DELETE', path),
    ]) {
      expect(answer).toEqual({ status: 200, body: { message: expect.any(String), uuid } });
    }
  });

  const ask = async (init: RequestInit, path = '') => {
    const headers = { authorization: `Bearer ${await signToken(scene.platform)}`, ...init.headers };
    return await fetch(`${scene.platform.url}/v1/calls${path}`, { ...init, headers });
  };

  test.each([
    ['DELETE', '', 'GET, POST'],
    ['POST', '/x', 'GET, PUT'],
    ['POST', '/x/talk', 'PUT, DELETE'],
    ['GET', '/x/dtmf', 'PUT'],
  ])('%s /v1/calls%s is not allowed', async (method, path, allowed) => {
    const answer = await ask({ method }, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(await answer.json()).toMatchObject({ title: 'Method Not Allowed' });
  });

  test('what is not JSON is neither sent nor taken', async () => {
    expect((await ask({ headers: { accept: 'text/html' } })).status).toBe(406);
    expect((await ask({ headers: { accept: 'application/hal+json, application/json;q=0.9' } })).status).toBe(
      200,
    );
    const body = new URLSearchParams({ to: '447700900000' });
    expect((await ask({ method: 'POST', body })).status).toBe(415);
    expect((await ask({ method: 'POST', body: new Uint8Array([123, 125]) })).status).toBe(415);
  });
});

describe('bodies as Vonage’s SDKs and snippets send them are taken', () => {
  const to = () => [{ type: 'phone', number: scene.phone() }];

  test('PHP 4.14, createOutboundCall: both timers are texts', async () => {
    const { answerUrl } = scene.application;
    const body = {
      to: to(),
      from: FROM,
      answer_url: [answerUrl],
      answer_method: 'GET',
      length_timer: '7200',
      ringing_timer: '60',
    };
    expect(await scene.request('POST', '', body)).toMatchObject({ status: 201 });
  });

  test('PHP 4.14, createOutboundCall with an NCCO: every flag and number of its actions is a text', async () => {
    const ncco = [
      { action: 'talk', text: 'Hi', bargeIn: 'false', level: '0', loop: '1', style: '0', premium: 'false' },
      { action: 'record', format: 'mp3', beepStart: 'false', endOnSilence: '3', timeOut: '10' },
      { action: 'input', dtmf: { timeOut: 3, maxDigits: 1, submitOnHash: 'true' } },
      { action: 'conversation', name: 'x', startOnEnter: 'true', endOnExit: 'false', record: 'false' },
    ];
    expect(await scene.request('POST', '', { to: to(), from: FROM, ncco })).toMatchObject({ status: 201 });
  });

  test('PHP 4.14, playTTS and streamAudio: flags and numbers are texts', async () => {
    await using tone = await serveTone();
    const uuid = await scene.answeredCall();
    const talk = { text: 'Hi', level: '0.4', loop: '1', language: 'en-GB', style: '0', premium: 'false' };
    expect(await scene.request('PUT', `/${uuid}/talk`, talk)).toMatchObject({ status: 200 });
    const stream = { stream_url: [tone.url], loop: '1', level: '0.2' };
    expect(await scene.request('PUT', `/${uuid}/stream`, stream)).toMatchObject({ status: 200 });
  });

  test.each<[string, (url: string) => object]>([
    ['curl snippet: one text', (url) => ({ event_url: url })],
    ['PHP 4.14, subscribeToDtmfEventsById: eventUrl', (url) => ({ eventUrl: [url] })],
    ['OpenAPI: an array', (url) => ({ event_url: [url] })],
  ])('%s subscribes to keys', async (_who, bodyFor) => {
    const caller = scene.platform.call();
    await caller.until('answered');
    const { uuid } = caller.leg;
    await scene.request('PUT', `/${uuid}/input/dtmf`, bodyFor(scene.application.eventUrl));
    caller.press('5');
    await expect.poll(() => keysOf(uuid)).toEqual(['5']);
    caller.hangUp();
  });

  test('curl snippet, play DTMF: digits are a number', async () => {
    const uuid = await scene.answeredCall();
    expect(await scene.request('PUT', `/${uuid}/dtmf`, { digits: 1234 })).toMatchObject({
      status: 200,
      body: { message: 'DTMF sent' },
    });
    expect(await scene.request('PUT', `/${uuid}/dtmf`, { digits: -1 })).toMatchObject({ status: 400 });
  });
});

describe('an invalid request', () => {
  const TO = { type: 'phone', number: '447700900999' };

  test.each<[string, object, string]>([
    ['nobody to call', { to: [] }, 'to'],
    ['two to call', { to: [TO, TO] }, 'to'],
    ['an unknown kind of endpoint', { to: [{ type: 'pigeon' }] }, 'to.0.type'],
    ['a number with a plus', { to: [{ type: 'phone', number: '+447700900999' }] }, 'to.0.number'],
    ['nobody who calls', { from: undefined }, 'from'],
    ['two who call', { random_from_number: true }, 'random_from_number'],
    ['an NCCO that is none', { ncco: { action: 'talk' } }, 'ncco'],
    ['an NCCO with a fault', { ncco: [{ action: 'talk' }] }, 'ncco'],
    ['neither NCCO nor answer URL', { ncco: undefined }, 'answer_url'],
    ['an answer URL that is no array', { ncco: undefined, answer_url: 'http://x.example' }, 'answer_url'],
    ['an event URL that is none', { event_url: ['x'] }, 'event_url.0'],
    ['a ringing timer of an hour', { ringing_timer: 3600 }, 'ringing_timer'],
    ['machine detection of a kind of its own', { machine_detection: 'maybe' }, 'machine_detection'],
  ])('%s is named', async (_what, more, name) => {
    const { status, body } = await scene.request('POST', '', { to: [TO], from: FROM, ncco: STAY, ...more });
    expect(status).toBe(400);
    expect(body).toMatchObject({ title: 'Bad Request', invalid_parameters: [{ name }] });
  });

  test('a body that is not JSON', async () => {
    expect(await scene.request('POST', '', '{"to":')).toMatchObject({
      status: 400,
      body: { title: 'Invalid JSON' },
    });
  });

  test.each([
    ['no token', async () => 'none'],
    ['an expired token', () => signToken(scene.platform, {}, { iat: 1, exp: 2 })],
    ['a user’s token', () => signToken(scene.platform, { sub: 'Alice' })],
    ['a token of an unknown application', () => signToken(scene.platform, { application_id: 'nobody' })],
  ])('%s is unauthorized', async (_what, token) => {
    expect((await scene.request('GET', '', undefined, await token())).status).toBe(401);
  });

  test('an unknown call, or one of another application, is not found', async () => {
    await using other = await VoiceScene.start();
    const uuid = await other.answeredCall();
    expect((await other.request('GET', `/${uuid}`)).status).toBe(200);
    for (const path of [`/${uuid}`, '/unknown']) {
      expect((await scene.request('GET', path)).status).toBe(404);
      expect((await scene.request('PUT', path, { action: 'hangup' })).status).toBe(404);
    }
  });

  test('a call that is ringing or over rejects talk', async () => {
    const uuid = await scene.call({ type: 'phone', number: scene.phone({ does: 'ring' }) });
    const talk = () => scene.request('PUT', `/${uuid}/talk`, { text: 'Hello' });
    expect(await talk()).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('"ringing"') },
    });
    await voice.hangupCall(uuid);
    await scene.reaches(uuid, 'completed');
    expect(scene.statuses(uuid)).toEqual(['started', 'ringing', 'cancelled', 'completed']);
    expect(await talk()).toMatchObject({ status: 400 });
    expect((await scene.request('PUT', `/${uuid}`, { action: 'hangup' })).status).toBe(400);
  });

  test('an unknown action and a transfer without a destination are named', async () => {
    const uuid = await scene.answeredCall();
    const put = (body: object) => scene.request('PUT', `/${uuid}`, body);
    expect(await put({ action: 'dance' })).toMatchObject({
      status: 400,
      body: { invalid_parameters: [{ name: 'action' }] },
    });
    expect(await put({ action: 'transfer', destination: { type: 'ncco' } })).toMatchObject({
      status: 400,
      body: { invalid_parameters: [{ name: 'destination' }] },
    });
  });
});

test('an application may make three calls and fifteen other requests per second', async () => {
  await using limited = await VoiceScene.start(STAY, { limits: true });
  const token = await signToken(limited.platform);
  const order = { to: [{ type: 'phone', number: '447700900999' }], from: FROM, ncco: STAY };
  const many = (count: number, ask: () => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: count }, async () => (await ask()).status));
  const created = await many(20, () => limited.request('POST', '', order, token));
  expect(created.filter((status) => status === 201).length).toBeGreaterThanOrEqual(3);
  expect(created).toContain(429);
  const listed = await many(60, () => limited.request('GET', '', undefined, token));
  expect(listed.filter((status) => status === 200).length).toBeGreaterThanOrEqual(15);
  expect(listed).toContain(429);
});
