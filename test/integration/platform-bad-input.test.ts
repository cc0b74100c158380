import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../emulator/traffic/entry.ts';
import type { Application } from './support/application.ts';
import { signToken } from './support/sdk-page.ts';
import { FROM, STAY, VoiceScene } from './support/voice-scene.ts';

let scene: VoiceScene;

beforeAll(async () => {
  scene = await VoiceScene.start();
});
afterAll(() => scene[Symbol.asyncDispose]());

/** Sets the application's time limit to the shortest one that the Application API allows. */
async function beImpatient(): Promise<void> {
  const { application, platform } = scene;
  const answer_url = { address: application.answerUrl, socket_timeout: 1000 };
  const voice = { webhooks: { answer_url, event_url: { address: application.eventUrl } } };
  const { status } = await ask('PUT', `/v2/applications/${platform.credentials.application_id}`, {
    auth: 'basic',
    body: { name: 'Test', capabilities: { voice } },
  });
  expect(status).toBe(200);
}

/** The newest matching entry of the inspector. */
async function inspected(query: Record<string, string>): Promise<Summary | undefined> {
  const answer = await fetch(`${scene.platform.url}/emulator/requests?${new URLSearchParams(query)}`);
  const { requests }: { requests: Summary[] } = JSON.parse(await answer.text());
  return requests[0];
}

type Answer = ReturnType<Application['answer']>;
const APP = { type: 'app', user: 'Alice' };
const TALK = { action: 'talk', text: 'Hi' };
/** Few enough levels that JSON can be made of it here. */
const DEEP: unknown = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`);
const ncco = (...body: unknown[]): Answer => ({ body });
const connect = (more: object): Answer => ncco({ action: 'connect', endpoint: [APP], ...more });

describe('an answer that is not an NCCO ends the call with an error event and a hint', () => {
  test.each<[string, Answer, RegExp, string]>([
    ['no array', { body: { action: 'talk' } }, /^NCCO: must be an array of actions$/, 'ncco'],
    ['an array of others', ncco([TALK]), /^NCCO\[0\]: expected an object$/, 'ncco'],
    [
      'an unknown action',
      ncco(TALK, { action: 'tlak' }),
      /^NCCO\[1\]\.action: unknown action "tlak"$/,
      'ncco',
    ],
    [
      'an action with an endless name',
      ncco({ action: 'x'.repeat(900_000) }),
      /^NCCO\[0\]\.action: .{1,90}$/,
      'ncco',
    ],
    ['more than 1 MB', ncco(...Array(40_000).fill(TALK)), /answered with more than 1 MB$/, 'too-large'],
    [
      'endless levels',
      ncco({ action: 'notify', payload: DEEP, eventUrl: ['http://127.0.0.1:9/'] }),
      /^NCCO: has too many levels/,
      'ncco',
    ],
    ['a text that is a number', ncco({ ...TALK, text: 7 }), /^NCCO\[0\]\.text: expected string/, 'ncco'],
    ['a level that is nothing', ncco({ ...TALK, level: null }), /^NCCO\[0\]\.level: expected number/, 'ncco'],
    ['half a loop', ncco({ ...TALK, loop: 0.5 }), /^NCCO\[0\]\.loop: expected int/, 'ncco'],
    [
      'two endpoints',
      connect({ endpoint: [APP, APP] }),
      /^NCCO\[0\]\.endpoint: must hold exactly one/,
      'ncco',
    ],
    [
      'an unknown endpoint',
      connect({ endpoint: [{ type: 'fax' }] }),
      /^NCCO\[0\]\.endpoint\[0\]\.type: /,
      'ncco',
    ],
    [
      'an event URL that is no array',
      connect({ eventUrl: 'http://x' }),
      /^NCCO\[0\]\.eventUrl: must be an array/,
      'ncco',
    ],
    ['a limit of a day', connect({ limit: 86_400 }), /^NCCO\[0\]\.limit: .*7200/, 'ncco'],
    [
      'HTML',
      { type: 'text/html', body: '<!doctype html>Hi' },
      /content type must be application\/json/,
      'html',
    ],
    ['half an NCCO', { body: '[{"action":"talk"' }, /^NCCO: not valid JSON$/, 'ncco'],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://x/' } },
      /a redirect to http:\/\/x\//,
      'redirected',
    ],
    ['nothing of that name', { status: 404 }, /answered 404$/, 'no-route'],
    ['a failure', { status: 500 }, /answered 500$/, 'server-failed'],
  ])('%s', async (_what, answer, reason, hint) => {
    expect(await callWith(answer)).toMatchObject({
      reason: expect.stringMatching(reason),
      hint,
      reported: 'reported',
      times: 1,
    });
  });

  test.each<[string, Answer]>([
    ['hangs', { silent: true }],
    ['answers after the limit', { after: 1300, body: [TALK] }],
  ])('an application that %s gets one retry', async (_what, answer) => {
    await beImpatient();
    expect(await callWith(answer)).toMatchObject({
      reason: expect.stringMatching(/did not answer within 1000 ms$/),
      hint: 'answer-timeout',
      times: 2,
    });
  });
});

/** Places a call to an application with this answer. Resolves at its end, with its events. */
async function callWith(answer: Answer) {
  const { application, platform } = scene;
  const before = application.questions.length;
  application.answer = () => answer;
  const caller = platform.call();
  const { id: call } = caller.leg.conversation;
  const end = await caller.over;
  await platform.settled();
  const mine = application.events.filter((one) => one.conversation_uuid === call);
  expect(mine.flatMap(({ status }) => status ?? [])).toEqual(['ringing', 'started', 'completed']);
  const { hint } = (await inspected({ call, kind: 'answer' })) ?? {};
  expect(hint?.text).toMatch(/^[A-Z].*[.?]$/s);
  const reported = await inspected({ call, kind: 'event', text: 'reason' });
  expect(end).toMatchObject({ because: 'application-error' });
  return {
    reason: mine.find(({ reason }) => reason)?.reason,
    hint: hint?.code,
    reported: reported?.hint?.code,
    times: application.questions.length - before,
  };
}

type Auth =
  | 'token'
  | 'expired'
  | 'foreign'
  | 'forged'
  | 'user'
  | 'garbage'
  | 'none'
  | 'basic'
  | 'wrong basic';

async function headerOf(auth: Auth): Promise<string | undefined> {
  const { platform } = scene;
  const { api_key: key, api_secret: secret } = platform.credentials;
  const basic = (password: string) => `Basic ${Buffer.from(`${key}:${password}`).toString('base64')}`;
  switch (auth) {
    case 'none':
      return undefined;
    case 'garbage':
      return 'Bearer nonsense';
    case 'basic':
      return basic(secret);
    case 'wrong basic':
      return basic('guess');
    case 'token':
      return `Bearer ${await signToken(platform)}`;
    case 'expired':
      return `Bearer ${await signToken(platform, {}, { iat: 1, exp: 2 })}`;
    case 'foreign':
      return `Bearer ${await signToken(platform, { application_id: '00000000-0000-4000-8000-000000000000' })}`;
    case 'user':
      return `Bearer ${await signToken(platform, { sub: 'Alice' })}`;
    case 'forged': {
      const [head, claims] = (await signToken(platform)).split('.');
      return `Bearer ${head}.${claims}.${Buffer.alloc(256, 1).toString('base64url')}`;
    }
  }
}

interface Asked {
  auth?: Auth;
  body?: unknown;
  type?: string;
}

/** A request to the platform; a text body is sent unchanged. */
async function ask(
  method: string,
  path: string,
  { auth = 'token', body, type = 'application/json' }: Asked = {},
) {
  const authorization = await headerOf(auth);
  const answer = await fetch(`${scene.platform.url}${path}`, {
    method,
    headers: { ...(authorization && { authorization }), 'content-type': type },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    body: JSON.parse(text || '{}'),
  };
}

const NOBODY = '00000000-0000-4000-8000-000000000000';
const FORM = 'application/x-www-form-urlencoded';
const ORDER = { to: [{ type: 'phone', number: '447700900999' }], from: FROM, ncco: STAY };
const UNSUPPORTED = { title: 'Unsupported Media Type' };
const UNAUTHORIZED = { title: 'Unauthorized' };
const INVALID_TOKEN = { type: 'system:error:invalid-token' };

describe('an invalid request gets Vonage’s response and a hint', () => {
  test.each<[string, string, Asked, number, object, string]>([
    ['GET', '/v1/calls', { auth: 'none' }, 401, UNAUTHORIZED, 'unsigned'],
    ['GET', '/v1/calls', { auth: 'garbage' }, 401, UNAUTHORIZED, 'not-a-token'],
    ['GET', '/v1/calls', { auth: 'expired' }, 401, UNAUTHORIZED, 'token-expired'],
    ['GET', '/v1/calls', { auth: 'foreign' }, 401, UNAUTHORIZED, 'unknown-application'],
    ['GET', '/v1/calls', { auth: 'forged' }, 401, UNAUTHORIZED, 'wrong-key'],
    ['GET', '/v1/calls', { auth: 'user' }, 401, UNAUTHORIZED, 'token-not-allowed'],
    ['POST', '/v1/calls', { auth: 'none', body: '{"to":' }, 401, UNAUTHORIZED, 'unsigned'],
    ['POST', '/v1/calls', { body: '{"to":' }, 400, { title: 'Invalid JSON' }, 'rejected'],
    ['POST', '/v1/calls', { body: '[]' }, 400, { title: 'Bad Request' }, 'rejected'],
    ['POST', '/v1/calls', { body: ORDER, type: 'text/plain' }, 415, UNSUPPORTED, 'rejected'],
    ['POST', '/v1/calls', { body: ' '.repeat(1_100_000) }, 413, { title: 'Payload Too Large' }, 'rejected'],
    [
      'POST',
      '/v1/calls',
      { body: { ...ORDER, ncco: [{ action: 'tlak' }] } },
      400,
      { invalid_parameters: [{ name: 'ncco', reason: 'NCCO[0].action: unknown action "tlak"' }] },
      'rejected',
    ],
    ['GET', `/v1/calls/${NOBODY}`, {}, 404, { title: 'Not Found' }, 'not-found'],
    ['PUT', `/v1/calls/${NOBODY}/talk`, { body: { text: 'Hi' } }, 404, { title: 'Not Found' }, 'not-found'],
    ['PATCH', '/v1/calls', {}, 405, { title: 'Method Not Allowed' }, 'rejected'],
    ['GET', '/v1/nothing', {}, 404, { title: 'Not found' }, 'no-address'],
    ['GET', '/v1/users', { auth: 'none' }, 401, INVALID_TOKEN, 'unsigned'],
    ['GET', '/v1/users', { auth: 'expired' }, 401, INVALID_TOKEN, 'token-expired'],
    ['GET', '/v1/users', { auth: 'foreign' }, 401, INVALID_TOKEN, 'unknown-application'],
    ['POST', '/v1/users', { auth: 'none', body: '{' }, 401, INVALID_TOKEN, 'unsigned'],
    ['POST', '/v1/users', { body: '{' }, 400, { title: 'Invalid JSON' }, 'rejected'],
    ['POST', '/v1/users', { body: { name: 7 } }, 400, { type: 'http:error:validation-fail' }, 'rejected'],
    ['GET', '/v1/users/USR-none', {}, 404, { type: 'user:error:not-found' }, 'not-found'],
    ['GET', '/v2/applications', { auth: 'token' }, 401, UNAUTHORIZED, 'basic-needed'],
    ['GET', '/v2/applications', { auth: 'wrong basic' }, 401, UNAUTHORIZED, 'basic-refused'],
    ['POST', '/v2/applications', { auth: 'basic', body: '{' }, 400, { title: 'Invalid JSON' }, 'rejected'],
    ['POST', '/v2/applications', { auth: 'basic', body: {} }, 400, { title: 'Bad Request' }, 'rejected'],
    ['GET', `/v2/applications/${NOBODY}`, { auth: 'basic' }, 404, { title: 'Invalid ID' }, 'not-found'],
    ['GET', '/account/numbers', { auth: 'none' }, 401, { 'error-code': '401' }, 'basic-needed'],
    ['POST', '/number/buy', { auth: 'basic', body: '{' }, 420, { 'error-code': '420' }, 'rejected'],
    [
      'POST',
      '/number/buy',
      { auth: 'basic', body: 'msisdn=1', type: FORM },
      420,
      { 'error-code': '420' },
      'rejected',
    ],
    ['GET', `/v1/files/${NOBODY}`, {}, 404, { type: 'NOT_FOUND' }, 'not-found'],
    ['GET', `/v1/files/${NOBODY}`, { auth: 'none' }, 401, { type: 'UNAUTHORIZED' }, 'unsigned'],
  ])('%s %s %o: %i', async (method, path, asked, status, body, hint) => {
    const answer = await ask(method, path, asked);
    expect(answer).toMatchObject({ status, body });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:\d/);
    if (/^\/v[12]\/(calls|users|applications)/.test(path) && hint !== 'no-address')
      expect(answer.type).toMatch(/^application\/problem\+json/);
    await expect.poll(async () => (await inspected({ direction: 'in' }))?.hint?.code).toBe(hint);
  });
});

test('no input makes the platform fail', async () => {
  const leg = await scene.answeredCall();
  const paths: [string, string, Auth][] = [
    ['POST', '/v1/calls', 'token'],
    ['PUT', `/v1/calls/${leg}`, 'token'],
    ['PUT', `/v1/calls/${leg}/talk`, 'token'],
    ['PUT', `/v1/calls/${leg}/stream`, 'token'],
    ['PUT', `/v1/calls/${leg}/dtmf`, 'token'],
    ['PUT', `/v1/calls/${leg}/input/dtmf`, 'token'],
    ['POST', '/v1/users', 'token'],
    ['POST', '/v2/applications', 'basic'],
    ['POST', '/number/update', 'basic'],
    ['POST', '/account/settings', 'basic'],
  ];
  const field = fc.constantFrom(
    'to',
    'from',
    'ncco',
    'action',
    'destination',
    'text',
    'digits',
    'capabilities',
    'keys',
  );
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
  const sent = fc.asyncProperty(fc.constantFrom(...paths), body, async ([method, path, auth], body) => {
    const { status } = await ask(method, path, { auth, body });
    expect(status).toBeLessThan(500);
  });
  await fc.assert(sent, { numRuns: 150 });
  await scene.voice.hangupCall(leg);
});

test('after all that, calls still work', async () => {
  scene.application.answer = () => ncco({ action: 'wait', timeout: 0.1 });
  const caller = scene.platform.call();
  await caller.over;
  await scene.platform.settled();
  expect(scene.statuses(caller.leg.uuid)).toEqual(['ringing', 'started', 'completed']);
  expect(scene.log.join('\n')).not.toContain('inside the emulator');
});

test('bodies of endless levels are refused by every API, and the platform stays up', async () => {
  const { platform } = scene;
  const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  const bearer = `Bearer ${await signToken(platform)}`;
  const { api_key, api_secret } = platform.credentials;
  const basic = `Basic ${Buffer.from(`${api_key}:${api_secret}`).toString('base64')}`;
  for (const [method, path, authorization] of [
    ['POST', '/v1/calls', bearer],
    ['POST', '/v1/users', bearer],
    ['POST', '/v1/conversations', bearer],
    ['POST', '/v2/applications', basic],
    ['POST', '/v0.3/knocking', bearer],
    ['POST', '/v0.3/legs', bearer],
    ['POST', '/emulator/calls', ''],
    ['POST', '/emulator/agents', ''],
    ['PUT', '/emulator/faults', ''],
  ] as const) {
    const response = await fetch(`${platform.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization },
      body: deep,
    });
    expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
    expect(await response.text()).not.toMatch(/RangeError|at .*\.ts/);
  }
  expect((await fetch(`${platform.url}/emulator/calls`)).status).toBe(200);
});
