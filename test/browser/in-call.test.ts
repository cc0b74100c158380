import { expect, test } from 'vitest';
import { EAR_RATE, heardSince, toneLevel } from './support/ears.ts';
import type { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { AGENT_TONE, CALLER_TONE, setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

async function inCall(prepare?: () => void): Promise<{ agent: AgentAtPage; caller: CallerAtPhone }> {
  const agent = await scene.agent();
  if (prepare) await agent.page.evaluate(prepare);
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  await caller.sees(/^In call with/);
  await hears(caller, AGENT_TONE);
  return { agent, caller };
}

test('mute: the caller hears nothing and the page says so; then unmute', async () => {
  const { agent, caller } = await inCall();
  const mute = agent.button('Mute');
  expect(await mute.getAttribute('aria-pressed')).toBe('false');
  await mute.click();
  await expect.poll(() => mute.getAttribute('aria-pressed')).toBe('true');
  await agent.page.getByText('You are muted').first().waitFor();
  await hearsNothing(caller, AGENT_TONE);
  await hears(agent, CALLER_TONE);
  await mute.click();
  await expect.poll(() => mute.getAttribute('aria-pressed')).toBe('false');
  await hears(caller, AGENT_TONE);
});

test('the caller hears the keys that the agent presses, and the page shows them', async () => {
  const { agent, caller } = await inCall();
  await agent.click('Keypad');
  const from = Date.now();
  const key = agent.page
    .getByRole('group', { name: 'Keypad' })
    .getByRole('button', { name: '5', exact: true });
  await key.click();
  await agent.page.getByText('Sent: 5').waitFor();
  // A machine that is busy may tear the short tone apart: then it is pressed again, as a person would.
  // Key 5 is 770 and 1336 Hz together (ITU-T Q.23).
  await expect
    .poll(
      async () => {
        await key.click();
        return Math.min(await loudest(caller, from, 770), await loudest(caller, from, 1336));
      },
      { timeout: 10_000, interval: 700 },
    )
    .toBeGreaterThan(-40);
});

test('a microphone lost during a call is reported, and the next one is heard', async () => {
  const { agent, caller } = await inCall(makeUnpluggable);
  await agent.page.evaluate(() => window.plugMicrophone(false));
  await agent.page.getByRole('alert').filter({ hasText: 'Your microphone is disconnected' }).waitFor();
  await hearsNothing(caller, AGENT_TONE);
  await agent.page.evaluate(() => window.plugMicrophone(true));
  await agent.page.getByRole('alert').filter({ hasText: 'Your microphone works again' }).waitFor();
  await hears(caller, AGENT_TONE);
  await agent.click('Mute');
  await expect.poll(() => agent.button('Mute').getAttribute('aria-pressed')).toBe('true');
  await hearsNothing(caller, AGENT_TONE);
});

test('a page reloaded during a call can rejoin it, and both hear each other again', async () => {
  const { agent, caller } = await inCall();
  agent.page.on('dialog', (dialog) => void dialog.accept());
  await agent.page.reload();
  const rejoin = agent.page.getByRole('button', { name: /^Rejoin call/ });
  await rejoin.waitFor();
  await caller.sees(/^In call with/);
  await rejoin.click();
  await agent.sees('In call with +44 7700 900000');
  await hears(caller, AGENT_TONE);
  await hears(agent, CALLER_TONE);
  await agent.click('Hang up');
  await agent.sees('Call ended: you hung up');
  await caller.sees('Call ended: the other side hung up');
});

test('after a reload, a waiting call can be answered instead of the interrupted one', async () => {
  const { agent, caller } = await inCall();
  agent.page.on('dialog', (dialog) => void dialog.accept());
  await agent.page.reload();
  const second = await scene.caller();
  await second.dials();
  await agent.click('End & answer');
  await agent.sees('In call with +44 7700 900001');
  await caller.sees('Call ended: the other side hung up');
  await hears(second, AGENT_TONE);
  await agent.click('Hang up');
  await second.sees('Call ended: the other side hung up');
  // The SDK still reports audio of the first call, which it has released.
  scene.expectsComplaints();
});

test('a socket cut during a call does not end it, and a hang-up during the gap is not missed', async () => {
  const { agent, caller } = await inCall();
  await agent.reconnectsSoon();
  scene.stack.line.unplug();
  await agent.sees(/^In call with/);
  await hears(agent, CALLER_TONE);
  await caller.click('Hang up');
  await caller.sees('Call ended: you hung up');
  scene.stack.line.mend();
  await agent.sees('Call ended: caller hung up');
  await agent.hasLine();
  // The browser itself may report refused connections.
  scene.expectsComplaints();
});

test('a blocked microphone is reported, and the call keeps ringing', async () => {
  const agent = await scene.agent({ microphone: 'denied' });
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees('Incoming call from +44 7700 900000');
  await agent.click('Answer');
  await agent.page.getByText('Microphone access is blocked').first().waitFor();
  await agent.sees('Incoming call from +44 7700 900000');
  await agent.click('Reject');
  await agent.sees('Call ended: declined');
});

async function hears(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  const from = Date.now();
  await expect.poll(() => loudest(person, from, hertz), { timeout: 10_000 }).toBeGreaterThan(-60);
}

/** The tone is absent for a whole second; what was in transit may still arrive before. */
async function hearsNothing(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { samples } = await heardSince(person.page, Date.now() - 1000);
        return samples.length > EAR_RATE * 0.8 ? toneLevel(samples, hertz) : 0;
      },
      { timeout: 10_000 },
    )
    .toBeLessThan(-75);
}

async function loudest(person: AgentAtPage | CallerAtPhone, from: number, hertz: number): Promise<number> {
  const { samples } = await heardSince(person.page, from);
  let level = -120;
  for (let start = 0; start + 800 <= samples.length; start += 800) {
    level = Math.max(level, toneLevel(samples.slice(start, start + 800), hertz));
  }
  return level;
}

/** Simulates unplugging the fake device: its tracks end and no new ones can be opened. Runs in the page. */
function makeUnpluggable(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const tracks: MediaStreamTrack[] = [];
  let isThere = true;
  mediaDevices.getUserMedia = async (constraints) => {
    if (!isThere) throw new DOMException('Requested device not found', 'NotFoundError');
    const stream = await open(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  window.plugMicrophone = (isIn) => {
    isThere = isIn;
    mediaDevices.dispatchEvent(new Event('devicechange'));
    for (const track of isIn ? [] : tracks) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  };
}

declare global {
  interface Window {
    plugMicrophone(isIn: boolean): void;
  }
}
