import { afterAll, expect, test } from 'vitest';
import type { DeskView } from '../../domain/api/desk-api.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { createSpeaker } from '../../emulator/media/speech.ts';
import { EAR_RATE, type Heard, heardSince, loudness, stretches, toneLevel } from './support/ears.ts';
import type { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { CALLER_TONE, setScene } from './support/scene.ts';
import { shareHeard } from './support/speech-likeness.ts';

const GREETING = 'Please wait while we connect you to an agent';
const OTHER_TEXT = 'Goodbye, and many thanks for the lovely flowers';
const CALLER = '+44 7700 900000';

/** The voices of the agents, Hz: far from the notes of the music and their overtones. */
const TONES = { Alice: 1300, Bob: 1600, Carol: 2000 };

/** The notes of the music, Hz. */
const NOTES = [-28, -26, -24, -21, -17, -16, -14, -12, -9, -7, -5, -2].map(
  (semitones) => 440 * 2 ** (semitones / 12),
);

/** Seconds that a caller may hear nothing. */
const LONGEST_SILENCE = 3;

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob,Carol', WAIT_MESSAGE: GREETING },
  ownBrowsers: TONES,
  // Bob does not come back; and the caller has time to hear music before the next agent's page rings.
  desk: ({ queues: { main }, ...rules }) => ({
    ...rules,
    comeBackSeconds: 6,
    queues: main ? { main: { ...main, addAgentSeconds: 2 } } : {},
  }),
});
const speaker = createSpeaker();
afterAll(() => speaker.close());

test('when the browser of her agent is killed, a caller hears a word, music and the next agent, never silence', {
  timeout: 120_000,
}, async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  const bob = await scene.agent({ name: 'Bob' });
  await bob.sees('Lines are open for calls');
  const carol = await scene.agent({ name: 'Carol' });
  await carol.sees('Lines are open for calls');
  const caller = await scene.caller();
  const dialledAt = await caller.dials();

  await alice.sees(`Incoming call from ${CALLER}`);
  expect(await deskCall()).toMatchObject({ state: 'offered', agent: 'Alice', callerHears: 'greeting' });
  await expectMusic(caller);
  await alice.click('Reject');
  await alice.sees('Call ended: declined');

  await bob.sees(`Incoming call from ${CALLER}`);
  await carol.sees(`Incoming call from ${CALLER}`);
  await bob.answers();
  await carol.sees('Call ended: answered by Bob');
  await expectVoice(caller, TONES.Bob);
  await expectVoice(bob, CALLER_TONE);
  expect(await deskCall()).toMatchObject({ state: 'talking', agent: 'Bob', callerHears: 'agent' });
  await alice.sees('Lines are open for calls');
  await carol.sees('Lines are open for calls');

  const killedAt = Date.now();
  await scene.killBrowserOf('Bob');
  await expect.poll(deskCall).toMatchObject({ state: 'recovering', agent: null, callerHears: 'one moment' });
  expect(await lines()).toMatchObject({ Alice: 'up', Bob: 'down', Carol: 'up' });
  for (const free of [alice, carol]) expect(await free.status()).toBe('Lines are open for calls');
  await carol.sees(`Incoming call from ${CALLER}`);
  await carol.page.getByText('Only you are free; Alice declined it').waitFor();
  await expectMusic(caller);
  const rejoinedAt = Date.now();
  await carol.answers();
  await expectVoice(caller, TONES.Carol);
  await expectVoice(carol, CALLER_TONE);
  expect(await deskCall()).toMatchObject({ state: 'talking', agent: 'Carol', callerHears: 'agent' });
  expect(await alice.status()).toBe('Lines are open for calls');

  const heard = await heardSince(caller.page, dialledAt);
  const seconds = (Date.now() - heard.from) / 1000;
  await caller.click('Hang up');
  await carol.sees('Call ended: caller hung up');
  // Only now, because the platform, which is in this process, must not be held up.
  expect(orderOf(heard)).toEqual(['speech', 'music', TONES.Bob, 'speech', 'music', TONES.Carol]);
  expect(longestSilence(heard), 'seconds of silence').toBeLessThan(LONGEST_SILENCE);
  expect(heard.samples.length / EAR_RATE, 'seconds of sound').toBeGreaterThan(0.9 * seconds);
  const indexOf = (time: number) => Math.max(0, Math.round(((time - heard.from) / 1000) * EAR_RATE));
  const during = (from: number, to: number) => heard.samples.slice(indexOf(from), indexOf(to));
  const atFirst = during(dialledAt, killedAt);
  const afterwards = during(killedAt, rejoinedAt);
  const word = soundsIn(afterwards).indexOf('speech');
  expect(word * STRETCH, 'seconds until the caller hears a word').toBeLessThan(LONGEST_SILENCE);
  expect(await shareOf(GREETING, atFirst), 'share of the greeting').toBeGreaterThan(0.7);
  expect(await shareOf(OTHER_TEXT, atFirst), 'share of a text that was not spoken').toBeLessThan(0.3);
  expect(await shareOf(ENGLISH.oneMoment, afterwards), 'share of “one moment”').toBeGreaterThan(0.7);
  expect(await shareOf(OTHER_TEXT, afterwards), 'share of a text that was not spoken').toBeLessThan(0.3);
  // Answers of others that end their legs are errors to the SDK.
  scene.expectsComplaints();
});

async function desk(): Promise<DeskView> {
  return (await fetch(`${scene.stack.agentUrl}api/desk`)).json();
}

/** The only call, as the desk shows it. */
async function deskCall(): Promise<DeskView['calls'][number] | undefined> {
  return (await desk()).calls[0];
}

/** The line of each agent, as the desk shows it. */
async function lines(): Promise<Record<string, string>> {
  return Object.fromEntries((await desk()).agents.map(({ name, line }) => [name, line]));
}

type Sound = 'silence' | 'speech' | 'music' | number;

/** Seconds of sound that are told apart: a pulse of a voice and more, most of a note of the music. */
const STRETCH = 0.4;
/** Below this is silence, dBFS. */
const SILENCE = -55;

/** What each stretch of a recording is. */
function soundsIn(samples: number[]): Sound[] {
  return stretches(samples, EAR_RATE * STRETCH).map((part) => {
    const loud = loudness(part);
    if (loud < SILENCE) return 'silence';
    const tone = [...Object.values(TONES), CALLER_TONE].find((hertz) => toneLevel(part, hertz) > loud - 3);
    if (tone !== undefined) return tone;
    // A note holds its pitch, unlike a voice that speaks.
    return NOTES.some((hertz) => toneLevel(part, hertz) > loud - 6) ? 'music' : 'speech';
  });
}

/** What was heard for more than a second, in sequence. */
function orderOf({ samples }: Heard): Sound[] {
  const sounds = soundsIn(samples);
  const lasting = sounds.filter(
    (sound, index) => sound !== 'silence' && sound === sounds[index - 1] && sound === sounds[index - 2],
  );
  return lasting.filter((sound, index) => sound !== lasting[index - 1]);
}

/** The longest time without a sound, in seconds. */
function longestSilence({ samples }: Heard): number {
  let longest = 0;
  let current = 0;
  for (const part of stretches(samples, EAR_RATE / 10)) {
    current = loudness(part) < SILENCE ? current + 0.1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** The share of a text that a recording contains. */
async function shareOf(text: string, samples: number[]): Promise<number> {
  return shareHeard(await speaker.speak(text), samples);
}

/** Waits until someone hears music for more than a second. */
async function expectMusic(person: CallerAtPhone): Promise<void> {
  await expectSound(person, 'music');
}

/** Waits until someone hears a voice for more than a second. */
async function expectVoice(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  await expectSound(person, hertz);
}

async function expectSound({ page }: AgentAtPage | CallerAtPhone, sound: Sound): Promise<void> {
  const from = Date.now();
  // The latest seconds only, and not too often: the page must not be held up.
  const latest = () => heardSince(page, Math.max(from, Date.now() - 2_500));
  await expect.poll(async () => orderOf(await latest()), { interval: 250 }).toContain(sound);
}
