import { describe, expect, it, vi } from 'vitest';
import { fakeAudios, fakeLine } from './fakes.ts';
import { createPhone } from './phone.ts';

const parties = { from: '447700900000', to: '442038297050' };

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
  return { line, audios, phone, dial, ring, talk };
}

describe('a phone', () => {
  it('dials with the sound that it offers, and connects the answer', async () => {
    const { line, audios, phone, ring } = setUp();
    await ring();
    expect(line.dialled.map(({ request }) => request)).toEqual([{ ...parties, offer: 'offer' }]);
    expect(audios.opened.map(({ log }) => log)).toEqual([['connect answer']]);
    expect([phone.heard(), phone.said()]).toEqual([0.5, 0.25]);
  });

  it('closes the sound when the call ends', async () => {
    const { line, audios, phone, talk } = setUp();
    await talk();
    line.update({ uuid: 'call-1', status: 'ended', reason: 'far-side-hung-up' });
    expect(audios.opened[0]?.log).toEqual(['connect answer', 'close']);
    expect(line.sent).toEqual([]);
    expect(phone.heard()).toBe(0);
  });

  it('hangs up at the emulator', async () => {
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

  it('ends a dialling whose line drops, whatever comes of its reply', async () => {
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

  it('asks whether to listen only where there is no microphone, and does', async () => {
    const { line, audios, phone, dial } = setUp();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer to listen' } : { ok: false, fault: 'none' };
    await dial();
    expect(phone.call.value).toMatchObject({ phase: 'no-microphone', fault: 'none' });
    phone.dialListening();
    await vi.waitUntil(() => line.dialled.length > 0);
    expect(line.dialled[0]?.request).toEqual({ ...parties, offer: 'offer to listen' });
  });

  it('says when the browser has no sound at all', async () => {
    const { audios, phone, dial } = setUp();
    audios.preparation = () => Promise.reject(new Error('RTCPeerConnection is not defined'));
    await dial();
    expect(phone.call.value).toMatchObject({
      ending: { kind: 'refused', code: 'no-sound', message: 'RTCPeerConnection is not defined' },
    });
  });

  it('goes on without sound when the browser does not take the answer, and says so', async () => {
    const { audios, phone, ring } = setUp();
    audios.connection = () => Promise.reject(new Error('bad SDP'));
    await ring();
    await vi.waitUntil(() => 'trouble' in phone.call.value);
    expect(phone.call.value).toMatchObject({ phase: 'ringing', trouble: { kind: 'answer-refused' } });
  });

  it('tells the trouble of this call only', async () => {
    const { audios, phone, ring } = setUp();
    await ring();
    phone.hangUp();
    await ring('call-2');
    audios.opened[0]?.trouble('sound-lost');
    expect(phone.call.value).not.toHaveProperty('trouble');
    audios.opened[1]?.trouble('microphone-gone');
    expect(phone.call.value).toMatchObject({ trouble: { kind: 'microphone-gone' } });
  });

  it('sends the keys and says when one does not arrive', async () => {
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

  it('mutes the microphone', async () => {
    const { audios, phone, talk } = setUp();
    await talk();
    phone.mute(true);
    phone.mute(false);
    expect(audios.opened[0]?.log).toEqual(['connect answer', 'mute', 'unmute']);
  });

  it('hangs up before it leaves', async () => {
    const { line, phone, talk } = setUp();
    await talk();
    phone.leave();
    phone.comeBack();
    expect(line.sent).toEqual(['hang up call-1', 'leave', 'come back']);
  });
});
