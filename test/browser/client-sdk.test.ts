import { expect, test } from 'vitest';
import type { Leg } from '../../emulator/calls/leg.ts';
import { signToken } from '../integration/support/sdk-page.ts';
import { setPhoneScene } from './support/phone-scene.ts';
import { type Answer, clientMethods, EVENTS, methodsOf, type SdkPage } from './support/sdk-page.ts';

const scene = setPhoneScene([]);

/** Whom a telephone reaches, by its number. */
const REACHES: Record<string, string> = { 447700900001: 'Carol', 447700900002: 'Dave', 447700900003: 'Eve' };
test('every method and event of the Client SDK works, or is refused in words', {
  timeout: 120_000,
}, async () => {
  // Each page begins with these two.
  const called = new Set(['createSession', 'on']);
  const told = new Set<string>();
  const ask = (page: SdkPage, method: string, ...values: unknown[]): Promise<Answer> => {
    called.add(method);
    return page.ask(method, ...values);
  };
  const use = async (page: SdkPage, method: string, ...values: unknown[]): Promise<unknown> => {
    const answer = await ask(page, method, ...values);
    if (!('value' in answer)) throw new Error(`${method}: ${answer.code}, ${answer.message}`);
    return answer.value;
  };
  const tells = async (page: SdkPage, event: string): Promise<unknown[]> => {
    const values = await page.tells(event);
    told.add(event);
    return values;
  };
  scene.application.answer = (asked) => {
    const question = scene.application.questions[asked - 1];
    const user = question?.get('to')?.replace(/^\d+$/, REACHES[question.get('from') ?? ''] ?? '');
    return { body: [{ action: 'connect', endpoint: [{ type: 'app', user }] }] };
  };
  /** A telephone calls a page, which answers. @returns the page's leg */
  const reached = async (page: SdkPage, from: string): Promise<Leg> => {
    const { leg } = scene.platform.call({ from });
    const [id] = await tells(page, 'callInvite');
    await use(page, 'answer', id);
    const [own] = leg.conversation.legs.filter(({ uuid }) => uuid === id);
    if (!own) throw new Error('The leg is not in the conversation.');
    return own;
  };

  async function callsAndTheirMethods(): Promise<void> {
    const { url } = scene.platform;
    const [alice, bob] = await Promise.all([
      scene.user('Alice', 'anna', { emergencyPrimaryRegion: url, emergencySecondaryRegion: url }),
      scene.user('Bob', 'ben'),
    ]);
    await use(alice, 'refreshSession', await signToken(scene.platform, { sub: 'Alice' }));
    expect(await use(alice, 'getUser', 'me')).toMatchObject({ name: 'Alice' });

    const rejected = await use(alice, 'serverCall', { to: 'Bob' });
    await use(bob, 'reject', (await tells(bob, 'callInvite'))[0]);
    expect(await tells(alice, 'callHangup')).toEqual([rejected, expect.anything(), 'REMOTE_HANGUP']);

    const cancelled = await use(alice, 'serverCall', { to: 'Bob' });
    await expect.poll(async () => (await bob.told('callInvite')).length).toBe(2);
    await use(alice, 'hangup', cancelled, 'never mind', 'MY_CODE');
    expect((await tells(bob, 'callInviteCancel'))[1]).toBe('RemoteCancel');

    const call = await use(alice, 'serverCall', { to: 'Bob' });
    await expect.poll(async () => (await bob.told('callInvite')).length).toBe(3);
    const [invited] = (await bob.told('callInvite')).at(-1) ?? [];
    await use(bob, 'answer', invited);
    expect(await tells(alice, 'legStatusUpdate')).toContain(call);
    expect(await use(alice, 'getPeerConnection', call)).toBe('[object RTCPeerConnection]');
    expect(await use(alice, 'getAudioOutputElement')).toBe('[object HTMLAudioElement]');
    const leg = await use(alice, 'getLeg', call);
    expect(leg).toMatchObject({ id: call, type: 'app', from: { type: 'app', user: 'Alice' } });
    expect(await use(alice, 'getConversation', Object(leg).conversationId)).toMatchObject({
      id: Object(leg).conversationId,
    });
    await use(alice, 'mute', call);
    expect(await tells(alice, 'mute')).toEqual([call, call, true]);
    await use(alice, 'unmute', call);
    await expect.poll(() => alice.tells('mute')).toEqual([call, call, false]);
    await use(alice, 'enableEarmuff', call);
    expect(await tells(alice, 'earmuff')).toEqual([call, call, true]);
    expect(await use(alice, 'getCallLegs', call)).toMatchObject({
      legs: [
        { id: call, mediaState: { mute: false, earmuff: true } },
        { id: invited, mediaState: { mute: false, earmuff: false } },
      ],
    });
    await use(alice, 'disableEarmuff', call);
    await expect.poll(() => alice.tells('earmuff')).toEqual([call, call, false]);
    await use(alice, 'say', call, { text: 'Hello' });
    await use(alice, 'sendDTMF', call, '12#');
    expect(await tells(bob, 'dtmf')).toEqual([invited, call, '12#']);
    await refusals(alice, String(Object(leg).conversationId));
    await use(bob, 'hangup', invited);
    await expect.poll(() => alice.told('callHangup')).toHaveLength(3);
    const listener = await alice.page.evaluate(() => {
      const symbol = window.client.on('mute', () => {});
      return window.client.off('mute', symbol);
    });
    called.add('off');
    expect(listener).toBe(true);
    await use(alice, 'clearCallbacks', 'mute');
    await use(alice, 'setConfig', { apiUrl: url, websocketUrl: url, rtcStatsTelemetry: false });
    await use(alice, 'deleteSession');
  }

  /** Media that break are offered again, or given up, as the page wants it. */
  async function brokenMedia(): Promise<void> {
    const [carol, dave] = await Promise.all([
      scene.user('Carol', 'anna', { autoReconnectMedia: true, rtcStatsTelemetry: true }),
      scene.user('Dave', 'ben'),
    ]);
    await carol.page.route('https://hlg.tokbox.com/**', (route) =>
      route.fulfill({ headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' } }),
    );
    const [own, others] = await Promise.all([reached(carol, '447700900001'), reached(dave, '447700900002')]);
    others.peer?.close();
    await tells(carol, 'rtcStatsUpdate');
    own.peer?.close();
    expect(await tells(carol, 'callMediaReconnecting')).toEqual([own.uuid]);
    expect(await tells(carol, 'callMediaReconnection')).toEqual([own.uuid]);
    await carol.page.evaluate(() => {
      // The SDK notices only what is thrown at once.
      RTCPeerConnection.prototype.setRemoteDescription = () => {
        throw new Error('broken');
      };
    });
    own.peer?.close();
    expect(await tells(carol, 'callMediaError')).toEqual([own.uuid, expect.anything()]);
    carol.opened.expects(/: broken$|Failed to load resource/);
    expect(await tells(dave, 'callMediaDisconnect')).toEqual([others.uuid, 'networkChange']);
  }

  /** A line that breaks, a page that is opened again, a leg that moves, a token that expires. */
  async function sessions(): Promise<void> {
    const eve = await scene.user('Eve', 'ben');
    const { uuid } = await reached(eve, '447700900003');
    scene.platform.faults.set([{ fault: 'socket-cut', user: 'Eve', times: 1 }]);
    await use(eve, 'mute', uuid);
    await tells(eve, 'reconnecting');
    await tells(eve, 'reconnection');
    await eve.page.reload();
    await eve.start();
    await use(eve, 'reconnectCall', uuid);
    const headers = {
      authorization: `Bearer ${await signToken(scene.platform)}`,
      'content-type': 'application/json',
    };
    const destination = { type: 'ncco', ncco: [{ action: 'wait', timeout: 60 }] };
    await fetch(`${scene.platform.url}/v1/calls/${uuid}`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ action: 'transfer', destination }),
    });
    expect(await tells(eve, 'callTransfer')).toEqual([uuid, expect.stringMatching(/^CON-/)]);
    const soon = Math.floor(Date.now() / 1000) + 5;
    await use(eve, 'refreshSession', await signToken(scene.platform, { sub: 'Eve' }, { exp: soon }));
    expect(await tells(eve, 'sessionError')).toEqual(['EXPIRED_TOKEN']);
    await expect.poll(() => eve.opened.complaints).toEqual([expect.stringContaining('TokenExpired')]);
    eve.opened.expects(/TokenExpired/);
  }

  /** Chat, which Vonage withdraws, and emergency calls. @param cid of a call, in which nobody can chat either */
  async function refusals(alice: SdkPage, cid: string): Promise<void> {
    const other = 'CON-00000000-0000-4000-8000-000000000000';
    const file = [cid, new URL('https://example.com/a')];
    const template = [
      { name: 'a', parameters: [] },
      { policy: 'deterministic', locale: 'en-GB' },
    ];
    const location = { longitude: '1', latitude: '2', name: 'a', address: 'b' };
    const refused: [string, unknown[], RegExp][] = [
      ['createConversation', [{ name: 'chat' }], /no chat/],
      ['joinConversation', [other], /no chat/],
      ['inviteToConversation', [other, 'Bob'], /no chat/],
      ['leaveConversation', [other], /No such conversation/],
      ['deleteConversation', [other], /no chat/],
      ['updateConversation', [other, { name: 'chat' }], /no chat/],
      ['getConversations', [], /no chat/],
      ['getConversationMembers', [cid], /no chat/],
      ['getConversationMember', [cid, 'MEM-1'], /no chat/],
      ['getConversationEvents', [cid], /no chat/],
      ['sendMessageTextEvent', [cid, 'Hello'], /no chat/],
      ['sendMessageCustomEvent', [cid, {}], /no chat/],
      ['sendMessageImageEvent', file, /no chat/],
      ['sendMessageVideoEvent', file, /no chat/],
      ['sendMessageFileEvent', file, /no chat/],
      ['sendMessageAudioEvent', file, /no chat/],
      ['sendMessageVCardEvent', file, /no chat/],
      ['sendMessageLocationEvent', [cid, location], /no chat/],
      ['sendMessageTemplateEvent', [cid, ...template], /no chat/],
      ['sendEphemeralEvent', [cid, {}], /no chat/],
      ['sendCustomEvent', [cid, 'custom:a', {}], /no chat/],
      ['deleteEvent', [1, cid], /no chat/],
      ['sendMessageSeenEvent', [1, cid], /no chat/],
      ['emergencyCall', ['token', '447700900000', '112'], /no emergency calls/],
      ['reconnectEmergencyCall', ['token', 'call', 'again'], /reconnect token/],
      ['hangupEmergencyCall', ['call'], /No call found/],
      ['hangUpEmergencyCall', ['call'], /No call found/],
      ['muteEmergencyCall', ['call'], /No call found/],
      ['unmuteEmergencyCall', ['call'], /No call found/],
      ['enableEarmuffEmergencyCall', ['call'], /No call found/],
      ['disableEarmuffEmergencyCall', ['call'], /No call found/],
    ];
    const answers = await Promise.all(
      refused.map(async ([method, values]) => [method, await ask(alice, method, ...values)]),
    );
    expect(answers).toEqual(
      refused.map(([method, , words]) => [
        method,
        expect.objectContaining({ message: expect.stringMatching(words) }),
      ]),
    );
    alice.opened.expects(
      /no chat|No such conversation|no emergency calls|reconnect token|No call found|Failed to load/,
    );
  }

  await Promise.all([callsAndTheirMethods(), brokenMedia(), sessions()]);

  const interfaces = ['ICoreClientJS', 'IVoiceClientJS', 'IChatClientJS', 'IEmergencyClientJS'];
  const methods = [...clientMethods(), ...interfaces.flatMap(methodsOf)];
  expect(methods.length, 'methods in the types').toBeGreaterThan(50);
  expect(methods.filter((method) => !called.has(method))).toEqual([]);
  expect(EVENTS.filter((event) => !told.has(event))).toEqual([]);
  expect(methodsOf('ChatEvents')).toEqual(['conversationEvent']);
  expect(methodsOf('EmergencyEvents')).toEqual(['emergencyCallDisconnected', 'emergencyCallHangup']);
});
