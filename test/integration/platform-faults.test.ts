import { Vonage } from '@vonage/server-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultInput } from '../../emulator/faults/faults.ts';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { createUser, SdkSocket, signToken } from './support/sdk-page.ts';

const TALK = { action: 'talk', text: 'Hi' };
let application: Application;
let platform: Platform;

beforeEach(async () => {
  application = await startApplication([TALK]);
  const { answerUrl, eventUrl } = application;
  platform = await createPlatform({ answerUrl, eventUrl, virtual: { seed: 1, start: 0 } });
});
afterEach(async () => {
  await platform.close();
  await application[Symbol.asyncDispose]();
});

async function control(method: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${platform.url}/emulator/faults`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function callWith(...faults: FaultInput[]): Promise<unknown[]> {
  await control('PUT', faults);
  await platform.call().over;
  await platform.settled();
  return application.events.map(({ status }) => status);
}

describe('faults at run time', () => {
  test('are set, listed with their counts, and removed', async () => {
    expect(await callWith({ fault: 'duplicate', webhook: 'ringing' })).toEqual(
      expect.arrayContaining(['ringing', 'ringing', 'started', 'answered', 'completed']),
    );
    expect(await control('GET')).toEqual({
      status: 200,
      body: [{ fault: 'duplicate', webhook: 'ringing', struck: 1 }],
    });
    expect((await control('DELETE')).status).toBe(204);
    expect((await control('GET')).body).toEqual([]);
  });

  test.each<[string, unknown, Record<string, string>, number, RegExp]>([
    ['a wrong fault', [{ fault: 'explode' }], {}, 400, /\[0\]\.fault: unknown fault; expected/],
    ['no list', {}, {}, 400, /faults: .*array/],
    ['another type', [], { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['a page of another origin', [], { origin: 'http://evil.example' }, 403, /origin/],
  ])('reject %s with a readable message', async (_what, body, headers, status, words) => {
    expect(await control('PUT', body, headers)).toEqual({
      status,
      body: { error: expect.stringMatching(words) },
    });
  });

  test('that are invalid make createPlatform throw a readable error', async () => {
    await expect(createPlatform({ faults: [{ fault: 'drop', chance: 2 }] })).rejects.toThrow('[0].chance');
  });
});

describe('faults of webhooks', () => {
  test('drop some webhooks and deliver the rest', async () => {
    expect(await callWith({ fault: 'drop', webhook: 'answered' })).toEqual([
      'ringing',
      'started',
      'completed',
    ]);
  });

  test('reorder', async () => {
    const statuses = await callWith({ fault: 'reorder', webhook: 'ringing' });
    expect(statuses).toEqual(['started', 'ringing', 'answered', 'completed']);
  });

  test('make an answer so slow that the call ends, as with Vonage', async () => {
    expect(await callWith({ fault: 'slow', webhook: 'answer', ms: 9000 })).not.toContain('answered');
    expect(application.events).toContainEqual(
      expect.objectContaining({ reason: expect.stringMatching(/did not answer within \d+ ms, on purpose/) }),
    );
  });
});

describe('faults of REST', () => {
  const voice = () => {
    const { application_id: applicationId, private_key: privateKey } = platform.credentials;
    return new Vonage({ applicationId, privateKey }, { apiHost: platform.url }).voice;
  };

  test('answer the server SDK with 5xx and 429 on the selected paths', async () => {
    platform.faults.set([
      { fault: 'rest-error', path: '/v1/calls', status: 502, times: 1 },
      { fault: 'rate-limit', path: '/v1/calls', times: 1 },
    ]);
    await createUser(platform, 'Alice');
    await expect(voice().getCallsPage({})).rejects.toMatchObject({ response: { status: 502 } });
    await expect(voice().getCallsPage({})).rejects.toMatchObject({ response: { status: 429 } });
    await expect(voice().getCallsPage({})).resolves.toMatchObject({ count: 0 });
  });
});

describe('a REST request whose answer is lost', () => {
  const call = async () => {
    const to = [{ type: 'phone', number: platform.phone('447700900100').number }];
    const from = { type: 'phone', number: platform.credentials.number };
    return send('POST', '', { to, from, ncco: [{ action: 'wait', timeout: 600 }] });
  };
  const send = async (method: string, path: string, body: object) =>
    fetch(`${platform.url}/v1/calls${path}`, {
      method,
      headers: { authorization: `Bearer ${await signToken(platform)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const entry = async () => {
    const list = JSON.parse(await (await fetch(`${platform.url}/emulator/requests`)).text());
    return list.requests.find(({ what }: { what: string }) => what.startsWith('/v1/calls'));
  };

  test('is carried out, and its connection breaks', async () => {
    platform.faults.set([{ fault: 'rest-lost', method: 'POST', path: '/v1/calls', times: 1 }]);
    await expect(call()).rejects.toThrow('fetch failed');
    await expect.poll(() => application.events.map(({ status }) => status)).toContain('started');
    await expect.poll(entry).toMatchObject({ error: 'the answer was lost, on purpose (fault)', hint: null });
    expect((await call()).status).toBe(201);
  });

  test('is carried out, and answered 503, for one action only', async () => {
    platform.faults.set([{ fault: 'rest-lost', action: 'hangup', status: 503 }]);
    const release = platform.world.hold();
    const { uuid } = JSON.parse(await (await call()).text());
    await expect.poll(() => application.events.map(({ status }) => status)).toContain('started');
    const refused = await send('PUT', `/${uuid}`, { action: 'mute' });
    const lost = await send('PUT', `/${uuid}`, { action: 'hangup' });
    expect(refused.status).toBe(400);
    expect(lost.status).toBe(503);
    expect(await lost.json()).toMatchObject({ detail: expect.stringContaining('on purpose') });
    release();
    await expect.poll(() => application.events.map(({ status }) => status)).toContain('completed');
    expect(platform.faults.struck()).toEqual([1]);
  });

  test('is lost only if it was carried out', async () => {
    platform.faults.set([{ fault: 'rest-lost' }]);
    expect((await send('PUT', '/00000000000000000000000000000000', { action: 'hangup' })).status).toBe(404);
    expect(platform.faults.struck()).toEqual([0]);
  });
});

describe('a cut socket', () => {
  test('drops messages, which wait until the page reconnects', async () => {
    await createUser(platform, 'Alice');
    application.answer = () => ({
      body: [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }],
    });
    const token = await signToken(platform, { sub: 'Alice' });
    const page = SdkSocket.open(platform, token);
    const success = await page.next('session:success');
    platform.faults.set([{ fault: 'socket-cut', user: 'Alice', times: 1 }]);
    // The clock stands still until the page is back.
    const release = platform.world.hold();
    const caller = platform.call();
    await page.next('disconnect: transport close');
    const again = new SdkSocket(platform, { token, session_id: String(success.body?.id) });
    const back = await again.next('session:success');
    expect(back.body?.pending_events).toEqual([expect.objectContaining({ type: 'member:invited' })]);
    caller.hangUp();
    release();
    await caller.over;
    again.close();
  });
});
