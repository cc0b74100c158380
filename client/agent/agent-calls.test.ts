import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { END_SHOWN_MS, MUTE_PATIENCE_MS } from './call-controller.ts';
import { createFakeAgent, type FakeAgent, type FakeAgentChanges, fakeTrack } from './fake-agent.ts';
import type { HeldMicrophone } from './microphone.ts';

let page: FakeAgent;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.agent.close();
  vi.useRealTimers();
});

/** Lets milliseconds pass, and every promise that is due settle. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const phase = () => page.agent.calls.phase.peek();
async function open(changes?: FakeAgentChanges): Promise<void> {
  page = createFakeAgent(changes);
  await pass();
}

async function talk(): Promise<void> {
  page.phone.ring('leg-1');
  page.press.answer();
  await pass();
}

describe('a call', () => {
  beforeEach(() => open());

  it('shows a mark in the caller that would turn the number around', () => {
    expect(page.agent.nameOf('Al\u202e000009')).toBe('Al\\u202e000009');
  });

  it('rings, is answered, talked in and hung up by the agent', async () => {
    page.phone.ring('leg-1');
    expect(phase().name).toBe('ringing');
    expect(page.ringing).toEqual(new Set(['leg-1']));

    page.press.answer();
    expect(phase().name).toBe('joining');
    expect(page.ringing).toEqual(new Set());
    await pass();
    expect(phase().name).toBe('in-call');
    expect(page.phone.asked).toContain('answer leg-1');
    expect(page.microphone.open).toBe(0);

    await pass(65_000);
    page.press.hangUp();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'you-hung-up' } });
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
    expect(page.agent.recent.value.map((ended) => ended.reason)).toEqual(['you-hung-up']);
    expect(page.agent.recent.value[0]).toMatchObject({ talked: 65_000, at: Date.now() });
  });

  it('shows how it ended for at least five seconds, then waits for the next', async () => {
    await talk();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    await pass(5_000);
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'caller-hung-up' } });
    await pass(END_SHOWN_MS - 5_000);
    expect(phase().name).toBe('idle');
  });

  it('replaces the call that has just ended immediately', async () => {
    await talk();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    page.phone.ring('leg-2');
    expect(phase()).toMatchObject({ name: 'ringing', call: { id: 'leg-2' } });
    await pass(END_SHOWN_MS);
    expect(phase().name).toBe('ringing');
  });

  it.each(['caller-gave-up', 'answered-elsewhere', 'rejected-elsewhere', 'nobody-answered'] as const)(
    'stops ringing when it ends: %s',
    (reason) => {
      page.phone.ring('leg-1');
      page.phone.say({ type: 'over', callId: 'leg-1', reason });
      expect(page.ringing).toEqual(new Set());
      expect(phase()).toMatchObject({ name: 'ended', ended: { reason } });
    },
  );

  it('is rejected, whatever the platform replies', async () => {
    page.phone.ring('leg-1');
    page.press.reject();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('reject leg-1');
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'rejected-elsewhere' });
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'you-rejected' } });
    expect(page.agent.recent.value).toHaveLength(1);
    expect(page.agent.log.entries.value.at(-1)?.text).toBe('phone: over, leg-1');
  });

  it('is hung up if the agent left before the answer completed', async () => {
    page.phone.hold('answer');
    await talk();
    page.press.hangUp();
    page.phone.allow('answer');
    await pass();
    expect(page.phone.asked.filter((asked) => asked === 'hangUp leg-1')).toHaveLength(2);
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'you-hung-up' } });
  });

  it('that cannot be hung up is rejected instead', async () => {
    page.phone.hold('answer');
    page.phone.refuse('hangUp');
    await talk();
    page.press.hangUp();
    await pass();
    expect(page.phone.asked.slice(-2)).toEqual(['hangUp leg-1', 'reject leg-1']);
  });

  it('ends as lost when the answer fails, and the leg is released', async () => {
    page.phone.refuse('answer');
    await talk();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'connection-lost' } });
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
  });
});

describe('a microphone that fails', () => {
  beforeEach(() => open());

  it('leaves the call ringing, and sends nothing to the platform', async () => {
    page.microphone.refuse = true;
    await talk();
    expect(phase().name).toBe('ringing');
    expect(page.phone.asked).not.toContain('answer leg-1');

    page.microphone.refuse = false;
    page.press.answer();
    await pass();
    expect(phase().name).toBe('in-call');
  });

  it('is released if the caller hangs up while it is requested', async () => {
    page.agent.close();
    const asked = Promise.withResolvers<HeldMicrophone>();
    const release = vi.fn();
    await open({ holdMicrophone: () => asked.promise });
    await talk();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-gave-up' });
    asked.resolve({ track: fakeTrack(), release });
    await pass();
    expect(release).toHaveBeenCalledOnce();
    expect(page.phone.asked).not.toContain('answer leg-1');
  });
});

describe('mute', () => {
  beforeEach(async () => {
    await open();
    await talk();
  });

  it('is pending until the platform says it', async () => {
    page.press.mute();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('setMuted leg-1 true');
    expect(phase()).toMatchObject({ muted: false, mutedWanted: true });
    page.phone.say({ type: 'mute-changed', callId: 'leg-1', muted: true });
    expect(phase()).toMatchObject({ muted: true, mutedWanted: null });
  });

  it('is reverted if the platform does not respond', async () => {
    page.press.mute();
    await pass(MUTE_PATIENCE_MS);
    expect(phase()).toMatchObject({ muted: false, mutedWanted: null });
    expect(page.phone.asked.at(-1)).toBe('setMuted leg-1 false');
  });

  it('is reverted immediately if the platform rejects it', async () => {
    page.phone.refuse('setMuted');
    page.press.mute();
    await pass();
    expect(phase()).toMatchObject({ muted: false, mutedWanted: null });
  });
});

it('sends keys only into a conversation', async () => {
  await open();
  expect(await page.agent.calls.sendDigits('1')).toBe(false);
  await talk();
  expect(await page.agent.calls.sendDigits('#')).toBe(true);
  expect(page.phone.asked.at(-1)).toBe('sendDigits leg-1 #');
  page.phone.refuse('sendDigits');
  expect(await page.agent.calls.sendDigits('2')).toBe(false);
});

it('notes the keys that the caller presses', async () => {
  await open();
  await talk();
  page.phone.say({ type: 'keys-heard', callId: 'leg-1', digits: '7' });
  expect(page.agent.log.entries.value.at(-1)?.text).toBe('phone: caller pressed 7, leg-1');
});

describe('a call during a call', () => {
  beforeEach(async () => {
    await open();
    await talk();
    page.phone.ring('leg-2', '447700900111');
  });

  it('waits, with one hint and no ring', () => {
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-1' } });
    expect(page.agent.calls.state.value.waiting.map((call) => call.id)).toEqual(['leg-2']);
    expect(page.ringing).toEqual(new Set());
    expect(page.hints()).toBe(1);
  });

  it('rings as soon as the current one is over', () => {
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    expect(phase()).toMatchObject({ name: 'ringing', call: { id: 'leg-2' } });
    expect(page.ringing).toEqual(new Set(['leg-2']));
    expect(page.agent.recent.value.map((ended) => ended.call.id)).toEqual(['leg-1']);
  });

  it('can be answered, which ends the current one', async () => {
    page.agent.calls.dispatch({ type: 'take-next', callId: 'leg-2', at: Date.now() });
    await pass();
    expect(page.phone.asked.slice(-2)).toEqual(['hangUp leg-1', 'answer leg-2']);
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-2' } });
  });

  it('can be rejected without disturbing the current one', async () => {
    page.agent.calls.dispatch({ type: 'reject-waiting', callId: 'leg-2', at: Date.now() });
    await pass();
    expect(page.phone.asked.at(-1)).toBe('reject leg-2');
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-1' } });
  });
});

describe('a machine that sleeps', () => {
  beforeEach(() => open());

  /** Time passes, but no timer runs. */
  const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it('while it rings: the ringing ends immediately when the page wakes', async () => {
    page.phone.ring('leg-1');
    page.phone.ring('leg-2');
    await pass(5_000);
    sleep(60_000);
    page.agent.calls.checkTime();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'nobody-answered' } });
    expect(page.ringing).toEqual(new Set());
    expect(page.agent.calls.state.peek().waiting).toEqual([]);
  });

  it('while it rings: the ringing ends even if nothing reports that the page is awake', async () => {
    page.phone.ring('leg-1');
    await pass(5_000);
    sleep(60_000);
    await pass(1_000);
    expect(phase().name).toBe('ended');
  });

  it('briefly while it rings does not stop the ringing', async () => {
    page.phone.ring('leg-1');
    sleep(40_000);
    await pass(1_000);
    expect(phase().name).toBe('ringing');
  });

  it('while the agent talks: sleep does not count as talk time, whether the call continues or not', async () => {
    await talk();
    await pass(5_000);
    sleep(57_000);
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'connection-lost' });
    expect(phase()).toMatchObject({ name: 'ended', ended: { talked: 5_000 } });
    page.phone.ring('leg-2');
    page.press.answer();
    await pass(5_000);
    sleep(57_000);
    await pass(6_000);
    page.press.hangUp();
    expect(phase()).toMatchObject({ name: 'ended', ended: { talked: 10_000 } });
  });
});

it('a call rings no longer than a platform allows', async () => {
  await open();
  page.phone.ring('leg-1');
  await pass(64_999);
  expect(phase().name).toBe('ringing');
  await pass(1);
  expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'nobody-answered' } });
});

describe('a microphone lost during a call', () => {
  const microphone = () => {
    const now = phase();
    return now.name === 'in-call' ? now.microphone : null;
  };

  beforeEach(async () => {
    await open();
    await talk();
    page.microphone.refuse = true;
    page.phone.microphoneWorks(false);
    await pass();
  });

  it('is reported immediately, for as long as it is missing', async () => {
    expect(microphone()).toBe('lost');
    await pass(120_000);
    expect(microphone()).toBe('lost');
    expect(page.phone.asked).not.toContain('replaceMicrophone leg-1');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['as soon as a device is plugged in', async () => page.plug()],
    ['within seconds where no device is announced', () => pass(3_000)],
  ])('is used again %s, and that is shown for a while', async (_when, wait) => {
    page.microphone.refuse = false;
    await wait();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('replaceMicrophone leg-1');
    expect([microphone(), page.microphone.open]).toEqual(['back', 1]);
    await pass(6_000);
    expect(microphone()).toBe('works');
  });

  it('is also reported when it comes back on its own', async () => {
    page.phone.microphoneWorks(true);
    expect(microphone()).toBe('back');
  });

  it('is replaced by the agent’s choice, in each call and as soon as it is chosen', async () => {
    page.phone.microphoneWorks(true);
    page.microphone.refuse = false;
    page.chosen.microphone.value = 'headset';
    await pass();
    expect(page.phone.asked.at(-1)).toBe('replaceMicrophone leg-1');
    expect(page.microphone.open).toBe(1);
    page.press.hangUp();
    page.chosen.speaker.value = 'earphones';
    page.phone.ring('leg-2');
    page.press.answer();
    await pass();
    expect(page.phone.asked.slice(-2).toSorted()).toEqual([
      'replaceMicrophone leg-2',
      'setSpeaker earphones',
    ]);
  });

  it('is released with the call, and the next call starts with a working one', async () => {
    page.microphone.refuse = false;
    page.plug();
    await pass();
    page.press.hangUp();
    expect(page.microphone.open).toBe(0);
    page.phone.ring('leg-2');
    page.press.answer();
    await pass();
    expect(microphone()).toBe('works');
  });
});
