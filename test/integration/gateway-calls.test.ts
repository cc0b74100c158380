import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerPeer, offerPeer } from '../../emulator/media/peer.ts';
import type { Platform, PlatformOptions } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { AppUser } from './support/app-user.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { createUser, signToken } from './support/sdk-page.ts';

const NUMBER = '442038297050';
let application: Application;
let platform: Platform;
let alice: AppUser;

beforeEach(() => start());
afterEach(() => stop());

async function start(options: PlatformOptions = {}): Promise<void> {
  application = await startApplication([{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }]);
  platform = await createPlatform({
    number: NUMBER,
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
    ...options,
  });
  await createUser(platform, 'Alice');
  alice = await AppUser.open(platform, 'Alice');
}
async function stop(): Promise<void> {
  await alice[Symbol.asyncDispose]();
  await platform.close();
  await application[Symbol.asyncDispose]();
}

/** @returns the caller's leg. */
async function dial(): Promise<string> {
  const answer = await fetch(`${platform.url}/emulator/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '447700900000', to: NUMBER }),
  });
  return String(Object(await answer.json()).uuid);
}

const statuses = () => application.events.filter((one) => one.to === 'Alice').map((one) => one.status);

describe('in a call', () => {
  let cid: string;
  let leg: string;
  let member: string;
  const event = (body: object) =>
    alice.rest('POST', `/v0.3/conversations/${cid}/events`, { from: member, ...body });
  const legState = async () => (await alice.rest('GET', `/v0.3/legs/${leg}`)).body;

  beforeEach(async () => {
    await dial();
    await alice.answer();
    ({ cid, leg, member } = await alice.invited());
    await expect.poll(statuses).toEqual(['started', 'answered']);
  });

  test.each(['mute', 'earmuff'] as const)(
    '%s can be turned on and off, is echoed to the pages, and shows in the leg',
    async (what) => {
      for (const on of [true, false]) {
        const type = `audio:${what}:${on ? 'on' : 'off'}`;
        const answer = await event({ type, to: member, body: { rtc_id: leg } });
        expect(answer).toEqual({ status: 200, body: { id: expect.any(Number) } });
        expect(await alice.socket.next(type)).toMatchObject({ cid, from: member, body: { rtc_id: leg } });
        expect(await legState()).toMatchObject({ media_state: { [what]: on } });
      }
    },
  );

  test('DTMF is echoed with the leg that sent it', async () => {
    await event({ type: 'audio:dtmf', body: { digit: '12#', channel: { id: leg, type: 'app' } } });
    expect((await alice.socket.next('audio:dtmf')).body).toEqual({
      digit: '12#',
      channel: { id: leg, type: 'app' },
    });
  });

  test('text is spoken, and its end is reported', async () => {
    const { body } = await event({ type: 'audio:say', body: { text: 'Hi', level: 1, loop: 1 } });
    expect(body).toMatchObject({
      type: 'audio:say',
      timestamp: expect.any(String),
      body: { text: 'Hi', level: 1, loop: 1 },
    });
    const done = await alice.socket.next('audio:say:done');
    expect(done.body).toEqual({ say_id: Object(body.body).say_id });
  });

  test('broken media is offered again for the same leg', async () => {
    const { peer, offer } = await offerPeer();
    const path = `/v0.3/conversations/${cid}/rtc/${leg}/offer`;
    expect(await alice.rest('POST', path, { body: { offer: { sdp: offer } } })).toEqual({
      status: 200,
      body: { id: leg },
    });
    const answer = await alice.socket.next('rtc:answer');
    expect(answer.body).toMatchObject({ rtc_id: leg });
    await peer.accept(String(answer.body?.answer));
    await expect.poll(() => peer.state, { timeout: 5000 }).toBe('connected');
    expect(statuses()).toEqual(['started', 'answered']);
    peer.close();
  });

  test('only its own users can read a conversation and its legs', async () => {
    expect((await alice.rest('GET', `/v0.3/conversations/${cid}`)).body).toMatchObject({
      id: cid,
      state: 'ACTIVE',
    });
    expect((await alice.rest('GET', `/v0.3/conversations/${cid}/members/me`)).body).toMatchObject({
      id: member,
      state: 'JOINED',
    });
    const { body } = await alice.rest('GET', `/v0.3/conversations/${cid}/legs`);
    expect(body).toMatchObject({
      _embedded: { legs: [{ type: 'phone' }, { id: leg, type: 'app', status: 'answered' }] },
    });
    await createUser(platform, 'Mallory');
    await using mallory = await AppUser.open(platform, 'Mallory');
    for (const path of [
      `/v0.3/conversations/${cid}`,
      `/v0.3/legs/${leg}`,
      `/v0.3/conversations/${cid}/legs`,
      `/v0.3/conversations/${cid}/members/me`,
    ]) {
      expect((await mallory.rest('GET', path)).status).toBe(404);
    }
    const theft = await mallory.rest('DELETE', `/v0.2/conversations/${cid}/members/${member}`);
    expect(theft.status).toBe(404);
    expect(statuses()).toEqual(['started', 'answered']);
  });

  test.each<[string, object]>([
    ['an event of no known type', { type: 'audio:sing' }],
    ['keys that are none', { type: 'audio:dtmf', body: { digit: 'x'.repeat(10) } }],
    ['a text that is too long', { type: 'audio:say', body: { text: 'x'.repeat(1501) } }],
  ])('%s is rejected with the code and message that the SDK reads', async (_what, body) => {
    const answer = await event(body);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'http:error:validation-fail', detail: expect.any(String) },
    });
  });

  test('what has ended is not found afterwards', async () => {
    await alice.leave();
    await alice.socket.next('rtc:hangup');
    expect((await alice.rest('GET', `/v0.3/legs/${leg}`)).status).toBe(404);
    expect((await alice.rest('GET', `/v0.3/conversations/${cid}`)).body).toMatchObject({ state: 'INACTIVE' });
    const unknown = await alice.rest('GET', '/v0.3/conversations/CON-unknown');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'conversation:error:not-found' } });
  });
});

describe('a call that is transferred by REST', () => {
  const MEETING = [{ action: 'conversation', name: 'call-7' }];
  const BOB = [{ action: 'connect', endpoint: [{ type: 'app', user: 'Bob' }] }];
  let caller: string;
  let cid: string;
  let leg: string;

  beforeEach(async () => {
    caller = await dial();
    await alice.answer();
    ({ cid, leg } = await alice.invited());
    await expect.poll(statuses).toEqual(['started', 'answered']);
  });

  const transfer = async (uuid: string, ncco: object[]) => {
    const answer = await fetch(`${platform.url}/v1/calls/${uuid}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await signToken(platform)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ action: 'transfer', destination: { type: 'ncco', ncco } }),
    });
    expect(answer.status).toBe(204);
  };
  const call = async (uuid: string) => {
    const headers = { authorization: `Bearer ${await signToken(platform)}` };
    const answer = await (await fetch(`${platform.url}/v1/calls/${uuid}`, { headers })).json();
    return Object(answer);
  };
  const moves = (uuid: string) =>
    application.events.filter((one) => one.type === 'transfer' && one.uuid === uuid);
  const eventsOf = (uuid: string) => application.events.filter((one) => one.uuid === uuid);

  test('to a conversation moves twice, through a new one, and stays live throughout', async () => {
    await transfer(caller, MEETING);
    await expect.poll(() => moves(caller).length).toBe(2);
    const [out, into] = moves(caller);
    expect(out).toEqual({
      type: 'transfer',
      conversation_uuid_from: cid,
      conversation_uuid_to: expect.stringMatching(/^CON-/),
      uuid: caller,
      timestamp: expect.any(String),
    });
    expect(into).toMatchObject({ conversation_uuid_from: out?.conversation_uuid_to });
    const there = into?.conversation_uuid_to;
    expect(new Set([cid, out?.conversation_uuid_to, there]).size).toBe(3);
    expect(await call(caller)).toMatchObject({ status: 'answered', conversation_uuid: there });
    await fetch(`${platform.url}/emulator/calls/${caller}`, { method: 'DELETE' });
    await expect.poll(() => eventsOf(caller).at(-1)?.status).toBe('completed');
    expect(eventsOf(caller).at(-1)).toMatchObject({ conversation_uuid: there });
  });

  test('leaves the other leg where it is, and that can be transferred afterwards', async () => {
    await transfer(caller, MEETING);
    await expect.poll(() => moves(caller).length).toBe(2);
    expect(await call(leg)).toMatchObject({ status: 'answered', conversation_uuid: cid });
    await transfer(leg, MEETING);
    await expect.poll(() => moves(leg).length).toBe(2);
    expect((await call(leg)).conversation_uuid).toBe((await call(caller)).conversation_uuid);
  });

  test('to another user rings there, and both talk in the new conversation', async () => {
    await createUser(platform, 'Bob');
    await using bob = await AppUser.open(platform, 'Bob');
    await transfer(caller, BOB);
    await bob.answer();
    const { cid: there, leg: called } = await bob.invited();
    await expect.poll(() => eventsOf(called).map((one) => one.status)).toEqual(['started', 'answered']);
    expect(moves(caller)).toMatchObject([{ conversation_uuid_from: cid, conversation_uuid_to: there }]);
    expect(await call(caller)).toMatchObject({ status: 'answered', conversation_uuid: there });
    expect(await call(leg)).toMatchObject({ status: 'answered', conversation_uuid: cid });
    await bob.leave();
    await expect
      .poll(() => eventsOf(caller).at(-1))
      .toMatchObject({ status: 'completed', conversation_uuid: there });
  });

  test('takes its page along, which learns the new conversation and can hang up there', async () => {
    await transfer(leg, MEETING);
    await expect.poll(() => moves(leg).length).toBe(2);
    await expect.poll(() => alice.socket.all('rtc:transfer').length).toBe(2);
    const [out, into] = alice.socket.all('rtc:transfer');
    const [first, second] = moves(leg);
    const channel = { id: leg, type: 'app' };
    expect(out).toMatchObject({
      id: expect.any(Number),
      cid: first?.conversation_uuid_to,
      from: expect.stringMatching(/^MEM-/),
      body: { user_id: expect.stringMatching(/^USR-/), transferred_from: cid, channel },
    });
    expect(into).toMatchObject({
      cid: second?.conversation_uuid_to,
      body: { was_member: out?.from, transferred_from: out?.cid, channel },
    });
    const passed = await alice.rest('GET', `/v0.3/conversations/${out?.cid}`);
    expect(passed).toMatchObject({ status: 200, body: { state: 'INACTIVE' } });
    expect((await alice.rest('GET', `/v0.3/conversations/${into?.cid}/members/me`)).body).toMatchObject({
      id: into?.from,
      state: 'JOINED',
    });
    const gone = await alice.rest('DELETE', `/v0.2/conversations/${into?.cid}/members/${into?.from}`);
    expect(gone.status).toBe(200);
    await expect
      .poll(() => eventsOf(leg).at(-1))
      .toMatchObject({
        status: 'completed',
        conversation_uuid: into?.cid,
      });
    expect(await alice.socket.next('rtc:hangup')).toMatchObject({ cid: into?.cid });
  });
});

describe('a request of a page that crosses a transfer', () => {
  test('finds the leg in its new conversation', async () => {
    await dial();
    await alice.answer();
    const { cid, leg, member } = await alice.invited();
    await expect.poll(statuses).toEqual(['started', 'answered']);
    await fetch(`${platform.url}/v1/calls/${leg}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await signToken(platform)}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        action: 'transfer',
        destination: { type: 'ncco', ncco: [{ action: 'conversation', name: 'meeting' }] },
      }),
    });
    await expect.poll(() => alice.socket.all('rtc:transfer').length).toBe(2);
    const muted = { type: 'audio:mute:on', from: member, to: member, body: { rtc_id: leg } };
    expect((await alice.rest('POST', `/v0.3/conversations/${cid}/events`, muted)).status).toBe(200);
    expect((await alice.rest('GET', `/v0.3/legs/${leg}`)).body).toMatchObject({
      media_state: { mute: true },
    });
    const gone = await alice.rest('DELETE', `/v0.2/conversations/${cid}/members/${member}`);
    expect(gone.status).toBe(200);
    await expect.poll(statuses).toEqual(['started', 'answered', 'completed']);
  });
});

describe('a page that joins', () => {
  const START = Date.parse('2026-01-05T09:00:00Z');
  const MINUTE = 60_000;
  let clock: { letGo: () => void };

  /** The platform's clock stands still until it is released, and then jumps from timer to timer. */
  beforeEach(async () => {
    await stop();
    await start({ virtual: { seed: 1, start: START } });
    clock = { letGo: platform.world.hold() };
  });

  test('without ever sending media, as with a blocked microphone, is disconnected', async () => {
    await dial();
    const { cid, member } = await alice.invited();
    await alice.rest('PUT', `/v0.3/conversations/${cid}/members/${member}`, { state: 'joined' });
    clock.letGo();
    await alice.socket.next('rtc:hangup');
    await expect.poll(statuses).toEqual(['started', 'failed', 'completed']);
  });

  test('with invalid media gets an error', async () => {
    await dial();
    const { cid, member, leg, offer } = await alice.invited();
    await alice.rest('PUT', `/v0.3/conversations/${cid}/members/${member}`, { state: 'joined' });
    const path = `/v0.3/conversations/${cid}/rtc/${leg}/answer`;
    const wrong = await alice.rest('POST', path, { body: { answer: 'rubbish' } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'rtc:error:invalid-sdp' } });
    const { peer, answer } = await answerPeer(offer);
    peer.close();
    const again = await alice.rest('POST', path, { body: { answer } });
    expect(again).toMatchObject({ status: 400, body: { code: 'rtc:error:invalid-state' } });
  });

  test('and whose media dies is disconnected after the time limit, so that the caller is not left alone', async () => {
    await dial();
    const peer = await alice.answer();
    await expect.poll(statuses).toEqual(['started', 'answered']);
    await expect.poll(() => peer.state).toBe('connected');
    clock.letGo();
    await expect.poll(() => platform.world.now()).toBeGreaterThan(START + MINUTE);
    expect(statuses()).toEqual(['started', 'answered']);
    alice.dropMedia();
    await expect.poll(statuses).toEqual(['started', 'answered', 'completed']);
    const lasted = Number(application.events.find((one) => one.status === 'completed')?.duration);
    expect(lasted, 'seconds, fewer than any call may last').toBeLessThan(7200);
  });
});
