import { describe, expect, it, vi } from 'vitest';
import { fakeAudios, fakeLine } from './fakes.ts';
import { createPhone } from './phone.ts';

const parties = { own: '447700900000', other: '442038297050' };

function setUp() {
  const line = fakeLine();
  const audios = fakeAudios();
  const phone = createPhone({ openLine: line.open, openAudio: audios.open, now: () => 1000 });
  line.welcome();

  async function dial() {
    phone.dial(parties);
    await vi.waitUntil(() => phone.call.value.phase !== 'preparing');
    return line.dialled.at(-1);
  }
  async function ring(uuid = 'call-1') {
    (await dial())?.reply({ ok: true, uuid, answer: 'answer' });
    await vi.waitUntil(() => phone.call.value.phase === 'ringing');
  }
  async function talk() {
    await ring();
    line.update({ uuid: 'call-1', status: 'answered' });
    line.update({ uuid: 'call-1', status: 'connected' });
  }
  async function answer() {
    line.ring();
    phone.answer();
    await vi.waitUntil(() => line.answered.length > 0);
    return line.answered.at(-1);
  }
  return { line, audios, phone, dial, ring, talk, answer };
}

describe('a phone', () => {
  it('dials with its audio offer, and connects the answer', async () => {
    const { line, audios, phone, ring } = setUp();
    await ring();
    expect(line.dialled.map(({ request }) => request)).toEqual([
      { from: parties.own, to: parties.other, offer: 'offer' },
    ]);
    expect(audios.opened.map(({ log }) => log)).toEqual([['connect answer']]);
    expect([phone.heard(), phone.said()]).toEqual([0.5, 0.25]);
  });

  it('closes its audio when the call ends', async () => {
    const { line, audios, phone, talk } = setUp();
    await talk();
    line.update({ uuid: 'call-1', status: 'ended', reason: 'far-side-hung-up' });
    expect(audios.opened[0]?.log).toEqual(['connect answer', 'close']);
    expect(line.sent).toEqual([]);
    expect(phone.heard()).toBe(0);
  });

  it('tells the emulator to hang up', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    phone.hangUp();
    expect(line.sent).toEqual(['hang up call-1']);
    expect(phone.call.value.phase).toBe('ended');
  });

  it('hangs up a call that is accepted too late', async () => {
    const { line, phone, dial } = setUp();
    const dialled = await dial();
    phone.hangUp();
    dialled?.reply({ ok: true, uuid: 'call-1' });
    await vi.waitUntil(() => line.sent.length > 0);
    expect(line.sent).toEqual(['hang up call-1']);
    expect(phone.call.value.phase).toBe('ended');
  });

  it('shows why a number cannot be dialled', async () => {
    const { phone, dial } = setUp();
    (await dial())?.reply({ ok: false, code: 'unknown-number', message: 'not in service' });
    await vi.waitUntil(() => phone.call.value.phase === 'ended');
    expect(phone.call.value).toMatchObject({ ending: { kind: 'refused', code: 'unknown-number' } });
  });

  it('stops dialling when the line drops, whatever the reply', async () => {
    const { line, phone, dial } = setUp();
    const dialled = await dial();
    line.drop();
    dialled?.fail();
    await vi.waitUntil(() => phone.call.value.phase === 'ended');
    expect(phone.call.value).toMatchObject({ ending: { reason: 'connection-lost' } });
  });

  it('ends a call whose line is lost', async () => {
    const { line, audios, phone, talk } = setUp();
    await talk();
    line.drop();
    expect(phone.call.value.phase).toBe('talking');
    line.lose();
    expect(phone.call.value).toMatchObject({ phase: 'ended', ending: { reason: 'connection-lost' } });
    expect(audios.opened[0]?.log).toContain('close');
  });

  it('offers to listen only if there is no microphone, and does so', async () => {
    const { line, audios, phone, dial } = setUp();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer to listen' } : { ok: false, fault: 'none' };
    await dial();
    expect(phone.call.value).toMatchObject({ phase: 'no-microphone', fault: 'none' });
    phone.dialListening();
    await vi.waitUntil(() => line.dialled.length > 0);
    expect(line.dialled[0]?.request).toEqual({
      from: parties.own,
      to: parties.other,
      offer: 'offer to listen',
    });
  });

  it('says when the browser has no audio at all', async () => {
    const { audios, phone, dial } = setUp();
    audios.preparation = () => Promise.reject(new Error('RTCPeerConnection is not defined'));
    await dial();
    expect(phone.call.value).toMatchObject({
      ending: { kind: 'refused', code: 'no-sound', message: 'RTCPeerConnection is not defined' },
    });
  });

  it('continues without audio if the browser rejects the answer, and says so', async () => {
    const { audios, phone, ring } = setUp();
    audios.connection = () => Promise.reject(new Error('bad SDP'));
    await ring();
    await vi.waitUntil(() => 'trouble' in phone.call.value);
    expect(phone.call.value).toMatchObject({ phase: 'ringing', trouble: { kind: 'answer-refused' } });
  });

  it('reports only this call’s problems', async () => {
    const { audios, phone, ring } = setUp();
    await ring();
    phone.hangUp();
    await ring('call-2');
    audios.opened[0]?.trouble('sound-lost');
    expect(phone.call.value).not.toHaveProperty('trouble');
    audios.opened[1]?.trouble('microphone-gone');
    expect(phone.call.value).toMatchObject({ trouble: { kind: 'microphone-gone' } });
  });

  it('sends keys, and reports one that was not sent', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    phone.press('4');
    line.replies.digit = { ok: false, message: 'the call is over' };
    phone.press('#');
    await vi.waitUntil(() => 'trouble' in phone.call.value);
    expect(line.sent).toEqual(['4 to call-1', '# to call-1']);
    expect(phone.call.value).toMatchObject({
      keyed: '4#',
      trouble: { kind: 'key-not-sent', digit: '#' },
    });
  });

  it('plays the tones of keys that are sent in band', async () => {
    const { audios, line, phone, talk } = setUp();
    await talk();
    phone.keysInBand.value = true;
    phone.press('7');
    expect(line.sent).toEqual([]);
    expect(audios.opened[0]?.log.at(-1)).toBe('key 7');
  });

  it('mutes the microphone', async () => {
    const { audios, phone, talk } = setUp();
    await talk();
    phone.mute(true);
    phone.mute(false);
    expect(audios.opened[0]?.log).toEqual(['connect answer', 'mute', 'unmute']);
  });

  it('hangs up before the page closes', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    phone.leave();
    phone.comeBack();
    expect(line.sent).toEqual(['hang up call-1', 'leave', 'come back']);
  });
});

describe('an incoming call', () => {
  it('is answered with the phone’s audio offer', async () => {
    const { line, audios, phone, answer } = setUp();
    const answered = await answer();
    expect(answered?.request).toEqual({ uuid: 'call-9', offer: 'offer' });
    answered?.reply({ ok: true, answer: 'answer' });
    await vi.waitUntil(() => phone.call.value.phase === 'talking');
    expect(phone.call.value).toMatchObject({
      uuid: 'call-9',
      since: 1000,
      parties: { own: '447700900000', other: '442038297050' },
    });
    expect(audios.opened.map(({ log }) => log)).toEqual([['connect answer']]);
    phone.hangUp();
    expect(line.sent).toEqual(['hang up call-9']);
  });

  it('does not ask for the microphone while it rings, and can be rejected', () => {
    const { line, audios, phone } = setUp();
    line.ring();
    phone.reject();
    expect(line.sent).toEqual(['reject call-9']);
    expect(audios.opened).toEqual([]);
  });

  it('finds a phone that is in a call busy', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    line.ring();
    expect(line.sent).toEqual(['busy for call-9']);
    expect(phone.call.value).toMatchObject({ phase: 'talking', uuid: 'call-1' });
  });

  it('stops ringing when it is over', () => {
    const { line, phone } = setUp();
    line.ring();
    line.update({ uuid: 'call-9', status: 'ended', reason: 'caller-gave-up' });
    expect(phone.call.value).toMatchObject({ phase: 'ended', ending: { reason: 'caller-gave-up' } });
  });

  it('reports that another phone answered first', async () => {
    const { audios, phone, line, answer } = setUp();
    const answered = await answer();
    line.update({ uuid: 'call-9', status: 'ended', reason: 'answered-elsewhere' });
    answered?.reply({ ok: false, code: 'gone', message: 'It rings here no longer.' });
    await vi.waitUntil(() => phone.call.value.phase === 'ended');
    expect(phone.call.value).toMatchObject({ ending: { reason: 'answered-elsewhere' } });
    expect(audios.opened[0]?.log).toEqual(['close']);
  });

  it('is hung up if the reply to its answer never arrives', async () => {
    const { line, phone, answer } = setUp();
    (await answer())?.fail();
    await vi.waitUntil(() => phone.call.value.phase === 'ended');
    expect(phone.call.value).toMatchObject({ ending: { kind: 'refused', code: 'no-reply' } });
    expect(line.sent).toEqual(['hang up call-9']);
  });

  it('keeps ringing without a microphone, and can be answered to listen only', async () => {
    const { line, audios, phone } = setUp();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer to listen' } : { ok: false, fault: 'busy' };
    line.ring();
    phone.answer();
    await vi.waitUntil(() => phone.call.value.phase === 'incoming');
    expect(phone.call.value).toMatchObject({ uuid: 'call-9', fault: 'busy' });
    phone.answerListening();
    await vi.waitUntil(() => line.answered.length > 0);
    expect(line.answered[0]?.request).toEqual({ uuid: 'call-9', offer: 'offer to listen' });
  });
});

describe('text sent as speech', () => {
  it('is sent and shown', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    phone.say(' yes please ');
    expect(line.sent).toEqual(['"yes please" to call-1']);
    expect(phone.call.value).toMatchObject({ said: 'yes please' });
  });

  it('is reported if it does not arrive', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    line.replies.say = { ok: false, message: 'the call is over' };
    phone.say('yes');
    await vi.waitUntil(() => 'trouble' in phone.call.value);
    expect(phone.call.value).toMatchObject({ trouble: { kind: 'not-understood', text: 'yes' } });
  });
});

describe('the registration', () => {
  it('follows your number and the line', async () => {
    const { line, phone } = setUp();
    phone.register('447700900000');
    await vi.waitUntil(() => phone.registered.value !== undefined);
    expect(phone.registered.value).toBe('447700900000');
    line.drop();
    expect(phone.registered.value).toBeUndefined();
    line.welcome();
    await vi.waitUntil(() => phone.registered.value !== undefined);
    expect(line.registered).toEqual(['447700900000', '447700900000']);
  });
});
