import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createSpeaker } from '../../emulator/media/speech.ts';
import { EAR_RATE, type Heard, heardSince, hearsTone, stretches, toneLevel } from './support/ears.ts';
import type { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { AGENT_TONE, CALLER_TONE, setScene } from './support/scene.ts';
import { shareHeard } from './support/speech-likeness.ts';

const WAIT_MESSAGE = 'Please wait while we connect you to an agent';
/** The transcript of such a call that Vonage published in March 2021. */
const TRANSCRIPT: Record<string, unknown>[] = JSON.parse(
  readFileSync(new URL('../data/phone-to-app.events.json', import.meta.url), 'utf8'),
);

const OTHER_TEXT = 'Goodbye, and many thanks for the lovely flowers';

const scene = setScene();
const speaker = createSpeaker();
afterAll(() => speaker.close());

test.each<['agent' | 'caller', string, string]>([
  ['agent', 'Call ended: you hung up', 'Call ended: the other side hung up'],
  ['caller', 'Call ended: caller hung up', 'Call ended: you hung up'],
])('a caller dials, both talk, the %s hangs up', async (whoEnds, atAgent, atCaller) => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  const dialledAt = await caller.dials();

  await agent.sees('Incoming call from +44 7700 900000');
  await expect
    .poll(async () => hasRingback(await heardSince(caller.page, dialledAt)), { timeout: 10_000 })
    .toBe(true);
  const waiting = await heardSince(caller.page, dialledAt);
  const [message, otherText] = await Promise.all([speaker.speak(WAIT_MESSAGE), speaker.speak(OTHER_TEXT)]);
  const share = shareHeard(message, waiting.samples);
  const control = shareHeard(otherText, waiting.samples);
  expect(share, 'share of the spoken text that the caller heard').toBeGreaterThan(0.7);
  expect(control, 'the same of a text that was not spoken').toBeLessThan(0.3);

  await agent.answers();
  await caller.sees('In call with +44 20 3829 7050');
  await expectToHear(agent, CALLER_TONE);
  await expectToHear(caller, AGENT_TONE);

  await (whoEnds === 'agent' ? agent : caller).click('Hang up');
  await agent.sees(atAgent);
  await caller.sees(atCaller);
  await agent.sees('Lines are open for calls');
  await expect.poll(() => scene.stack.events.length, { timeout: 5000 }).toBe(TRANSCRIPT.length);
  expect(perLeg(scene.stack.events)).toEqual(perLeg(TRANSCRIPT));
  expect(scene.stack.faults).toEqual([]);
});

/** Since the transcript of 2021 Vonage also says who hung up. */
function fieldsOf(event: object): string[] {
  return Object.keys(event).filter((name) => !['disconnected_by', 'sip_code'].includes(name));
}

/** For each leg, the status and ordered field names of each event. */
function perLeg(events: readonly Readonly<Record<string, unknown>>[]) {
  const legs = Map.groupBy(events, (event) => event.uuid);
  return Object.fromEntries(
    [...legs.values()].map((leg) => [
      `${leg[0]?.direction} to ${leg[0]?.to}`,
      leg.map((event) => `${event.status}: ${fieldsOf(event).join(' ')}`),
    ]),
  );
}

async function expectToHear(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  const from = Date.now();
  await expect
    .poll(async () => hearsTone(await heardSince(person.page, from), hertz), { timeout: 10_000 })
    .toEqual({ isHeard: true, isThisTone: true });
}

/** British ringback is 400 and 450 Hz together: 0.4 s on, 0.2 s off, 0.4 s on, 2 s off. */
function hasRingback({ samples }: Heard): boolean {
  const both = stretches(samples, EAR_RATE / 10).filter(
    (part) => Math.min(toneLevel(part, 400), toneLevel(part, 450)) > -45 && toneLevel(part, 600) < -50,
  );
  return both.length >= 6;
}
