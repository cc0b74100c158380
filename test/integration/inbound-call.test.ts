import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { AppUser } from './support/app-user.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { createUser } from './support/sdk-page.ts';

const CALLER = '447700900000';
const NUMBER = '442038297050';
const TALK = { action: 'talk', text: 'Hello' };
const CONNECT = { action: 'connect', from: CALLER, endpoint: [{ type: 'app', user: 'Alice' }] };

let application: Application;
let platform: Platform;
let log: string[];

async function start(ncco: unknown, urls: { fallback?: boolean } = {}): Promise<void> {
  log = [];
  application = await startApplication(ncco);
  platform = await createPlatform({
    number: NUMBER,
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
    ...(urls.fallback && { fallbackUrl: application.fallbackUrl }),
    log: (line) => log.push(line),
  });
  await createUser(platform, 'Alice');
}

beforeEach(() => start([TALK, CONNECT]));
afterEach(async () => {
  await platform.close();
  await application[Symbol.asyncDispose]();
});

/** Changes the shared setup: another NCCO, other URLs. */
async function restart(ncco: unknown, urls: { fallback?: boolean } = {}): Promise<void> {
  await platform.close();
  await application[Symbol.asyncDispose]();
  await start(ncco, urls);
}

async function dial(to = NUMBER) {
  const answer = await fetch(`${platform.url}/emulator/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: CALLER, to }),
  });
  return { status: answer.status, body: await answer.json() };
}

const placedCall = z.object({ uuid: z.string(), conversation_uuid: z.string() });

/** Places a call that the platform accepts. */
async function place() {
  return placedCall.parse((await dial()).body);
}

const hangUp = (uuid: string) => fetch(`${platform.url}/emulator/calls/${uuid}`, { method: 'DELETE' });
const statuses = (to: string) => application.events.filter((one) => one.to === to).map((one) => one.status);
/** Who ended a leg, and how that reads in SIP. */
const endOf = (to: string) => {
  const { disconnected_by, sip_code } =
    application.events.find((one) => one.to === to && one.status === 'completed') ?? {};
  return [disconnected_by, sip_code];
};
const phoneLegOver = () => expect.poll(() => statuses(NUMBER), { timeout: 15_000 }).toContain('completed');

describe('a call that is answered', () => {
  test('sends the seven events, and ends both legs when the user hangs up', async () => {
    await using alice = await AppUser.open(platform, 'Alice');
    const call = await place();
    expect(call).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
      conversation_uuid: expect.stringMatching(/^CON-[0-9a-f-]{36}$/),
    });
    expect((await alice.invited()).from).toBe(CALLER);
    await alice.answer();
    await expect.poll(() => statuses('Alice')).toEqual(['started', 'answered']);
    await alice.leave();
    await phoneLegOver();
    expect(statuses(NUMBER)).toEqual(['ringing', 'started', 'answered', 'completed']);
    expect(statuses('Alice')).toEqual(['started', 'answered', 'completed']);
    expect([endOf('Alice'), endOf(NUMBER)]).toEqual([
      ['user', 200],
      ['platform', 200],
    ]);
    expect(Object.fromEntries(application.questions[0] ?? [])).toEqual({
      from: CALLER,
      to: NUMBER,
      uuid: call.uuid,
      conversation_uuid: call.conversation_uuid,
      endpoint_type: 'phone',
      region_url: platform.url,
    });
    const { message } = alice.socket.heard.find((one) => one.type === 'rtc:hangup') ?? {};
    expect(message?.body).toMatchObject({ reason: { code: 'LOCAL_HANGUP', sip_code: 200 } });
  });

  test('ends for the user when the caller hangs up', async () => {
    await using alice = await AppUser.open(platform, 'Alice');
    const call = await place();
    await alice.answer();
    expect((await hangUp(call.uuid)).status).toBe(204);
    expect((await alice.socket.next('rtc:hangup')).body).toMatchObject({ reason: { code: 'REMOTE_HANGUP' } });
    await phoneLegOver();
    await expect.poll(() => statuses('Alice')).toEqual(['started', 'answered', 'completed']);
    expect([endOf('Alice'), endOf(NUMBER)]).toEqual([
      ['platform', 200],
      ['user', 200],
    ]);
  });
});

describe('a call that is not answered', () => {
  test('is cancelled when the caller hangs up', async () => {
    await using alice = await AppUser.open(platform, 'Alice');
    const call = await place();
    await alice.invited();
    await hangUp(call.uuid);
    expect((await alice.socket.next('rtc:hangup')).body).toMatchObject({ reason: { sip_code: 200 } });
    await expect.poll(() => statuses('Alice')).toEqual(['started', 'cancelled', 'completed']);
  });

  test('is rejected by the user, and no event follows on that leg', async () => {
    await using alice = await AppUser.open(platform, 'Alice');
    await dial();
    await alice.leave('?reason_code=REMOTE_REJECT&reason_text=busy');
    await phoneLegOver();
    expect(statuses('Alice')).toEqual(['started', 'rejected']);
    expect((await alice.socket.next('member:left')).body).toMatchObject({
      reason: { code: 'REMOTE_REJECT' },
    });
  });

  test('times out if a page rang', async () => {
    await restart([TALK, { ...CONNECT, timeout: 1 }]);
    await using alice = await AppUser.open(platform, 'Alice');
    await dial();
    expect((await alice.socket.next('rtc:hangup')).body).toMatchObject({ reason: { sip_code: 487 } });
    await phoneLegOver();
    expect(statuses('Alice')).toEqual(['started', 'timeout', 'completed']);
  });

  test('is unanswered if no page was open', async () => {
    await restart([TALK, { ...CONNECT, timeout: 1 }]);
    await dial();
    await phoneLegOver();
    expect(statuses('Alice')).toEqual(['started', 'unanswered', 'completed']);
  });

  test('waits until a page opens, and rings there', async () => {
    await dial();
    await expect.poll(() => statuses('Alice'), { timeout: 15_000 }).toEqual(['started']);
    await using alice = await AppUser.open(platform, 'Alice');
    await alice.answer();
    await expect.poll(() => statuses('Alice')).toEqual(['started', 'answered']);
  });

  test('fails with a message for a user that does not exist', async () => {
    await restart([{ ...CONNECT, endpoint: [{ type: 'app', user: 'Nobody' }] }]);
    await dial();
    await phoneLegOver();
    expect(statuses('Nobody')).toEqual(['started', 'failed', 'completed']);
    expect(application.events).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('"Nobody"') }),
    );
  });
});

describe('two pages of one user', () => {
  test('both ring, and the slower one learns that the call was answered elsewhere', async () => {
    await using first = await AppUser.open(platform, 'Alice');
    await using second = await AppUser.open(platform, 'Alice');
    await dial();
    const { cid, member } = await second.invited();
    await first.answer();
    await second.socket.next('member:joined');
    const late = await second.rest('PUT', `/v0.3/conversations/${cid}/members/${member}`, {
      state: 'joined',
    });
    expect(late).toMatchObject({ status: 400, body: { code: 'conversation:error:invalid-member-state' } });
  });
});

describe('an application that does not answer well', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'an NCCO with two endpoints',
      [{ ...CONNECT, endpoint: [CONNECT.endpoint[0], CONNECT.endpoint[0]] }],
      /NCCO\[0\]\.endpoint: must hold exactly one endpoint/,
    ],
    ['no NCCO at all', { hello: 'world' }, /NCCO: must be an array/],
  ])('%s ends the call with an error event', async (_what, ncco, reason) => {
    await restart(ncco);
    await dial();
    await phoneLegOver();
    const [error] = application.events.filter((one) => one.reason !== undefined);
    expect(error).toEqual({
      reason: expect.stringMatching(reason),
      conversation_uuid: expect.stringMatching(/^CON-/),
      timestamp: expect.any(String),
    });
    expect(log.join()).toMatch(reason);
  });

  test('503 is retried for the same call, which then continues', async () => {
    application.answer = (asked) => (asked === 1 ? { status: 503 } : { body: [TALK] });
    await dial();
    await phoneLegOver();
    expect(application.questions.map((one) => one.get('uuid'))).toEqual([
      application.questions[0]?.get('uuid'),
      application.questions[0]?.get('uuid'),
    ]);
    expect(statuses(NUMBER)).toEqual(['ringing', 'started', 'answered', 'completed']);
  });

  test('the fallback URL gets the reason and the original request', async () => {
    await restart([TALK], { fallback: true });
    application.answer = () => ({ status: 500 });
    application.fallback = () => ({ body: [TALK] });
    await dial();
    await phoneLegOver();
    const fallback = application.questions[1];
    expect(fallback?.get('reason')).toContain('answered 500');
    expect(JSON.parse(fallback?.get('original_request') ?? '')).toEqual({
      url: application.answerUrl,
      type: 'GET',
    });
    expect(statuses(NUMBER)).toContain('answered');
  });

  test('a slow event URL delays events but neither loses nor reorders them', async () => {
    await restart([TALK]);
    let first = true;
    application.acknowledge = () => {
      const silent = first;
      first = false;
      return { silent };
    };
    await dial();
    await phoneLegOver();
    expect(statuses(NUMBER).filter((one, index, all) => all.indexOf(one) === index)).toEqual([
      'ringing',
      'started',
      'answered',
      'completed',
    ]);
  });
});

describe('dialling', () => {
  test('an unassigned number is reported', async () => {
    expect(await dial('441632960000')).toEqual({
      status: 404,
      body: { error: 'The number +441632960000 is not in service.' },
    });
  });

  test.each([{}, { from: CALLER }, { from: 'x', to: NUMBER }, [], 'text'])(
    '%j is rejected with a readable message',
    async (body) => {
      const answer = await fetch(`${platform.url}/emulator/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: expect.any(String) });
    },
  );

  test('the controls are closed to pages that use DNS rebinding', async () => {
    const { hostname, port } = new URL(platform.url);
    const { request } = await import('node:http');
    const status = await new Promise((done, failed) => {
      request(
        { hostname, port, path: '/emulator/credentials', headers: { host: 'evil.example' } },
        (answer) => {
          answer.resume();
          done(answer.statusCode);
        },
      )
        .on('error', failed)
        .end();
    });
    expect(status).toBe(403);
  });
});
