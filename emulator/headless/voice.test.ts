import { describe, expect, it } from 'vitest';
import type { Ncco } from '../../test/integration/support/application.ts';
import { signToken } from '../../test/integration/support/sdk-page.ts';
import { VoiceScene } from '../../test/integration/support/voice-scene.ts';
import { createEstimatedSpeaker } from '../media/estimated-speech.ts';
import { levelDbfs, SAMPLE_RATE } from '../media/pcm.ts';
import { readWav } from '../media/wav.ts';
import type { Caller } from './people.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const GREETING = { action: 'talk', text: 'Please leave a message' };
const RECORD = { action: 'record', format: 'wav', endOnSilence: 3, timeOut: 60, beepStart: true };
const MESSAGE = 'Good morning, this is Anna. Please call me back about the order of last week.';
const OTHER = 'Thank you, and goodbye.';

/** How long a text takes on the virtual clock. */
const secondsOf = async (text: string) => (await createEstimatedSpeaker().speak(text)).length / SAMPLE_RATE;

/** Lets a caller act on a voicemail; tells at which seconds of the recording there is sound. */
async function voicemail(
  act: (caller: Caller, scene: VoiceScene) => void,
  ncco: Ncco = [GREETING, RECORD],
): Promise<{ seconds: number; sound: number; first: number }> {
  await using scene = await VoiceScene.start(ncco, { virtual: { seed: 1, start: START } });
  const caller = scene.platform.call();
  // The greeting, and the beep.
  await caller.until('speech ended');
  await caller.until('speech ended');
  act(caller, scene);
  await caller.over;
  await scene.platform.settled();
  const { recording_url: url } = scene.application.events.find((event) => 'recording_url' in event) ?? {};
  const authorization = `Bearer ${await signToken(scene.platform)}`;
  const file = await (await fetch(String(url), { headers: { authorization } })).arrayBuffer();
  const { samples, sampleRate } = readWav(new Uint8Array(file));
  const step = sampleRate / 100;
  const loud = Array.from(
    { length: Math.floor(samples.length / step) },
    (_, i) => levelDbfs(samples.subarray(i * step, (i + 1) * step)) > -40,
  );
  return {
    seconds: samples.length / sampleRate,
    sound: loud.filter(Boolean).length / 100,
    first: loud.indexOf(true) / 100,
  };
}

describe('what a caller without a device says', () => {
  it('is in a voicemail for as long as the text takes, and is no silence', async () => {
    const { seconds, sound } = await voicemail((caller) => caller.say(MESSAGE));
    const expected = await secondsOf(MESSAGE);
    expect(expected).toBeGreaterThan(4);
    expect(sound).toBeCloseTo(expected, 1);
    expect(seconds).toBeCloseTo(expected + 3, 1);
  });

  it('comes one after the other', async () => {
    const { sound } = await voicemail((caller) => {
      caller.say(MESSAGE);
      caller.say(OTHER);
    });
    expect(sound).toBeCloseTo((await secondsOf(MESSAGE)) + (await secondsOf(OTHER)), 1);
  });

  it('begins when it is said, and ends with the call', async () => {
    const { seconds, sound, first } = await voicemail((caller, { platform }) => {
      platform.clock.after(2000, () => caller.say(MESSAGE));
      platform.clock.after(4000, () => caller.hangUp());
    });
    expect(first).toBeCloseTo(2, 1);
    expect(sound).toBeCloseTo(2, 1);
    expect(seconds).toBeCloseTo(4, 1);
  });

  it('without words is silence', async () => {
    expect(await voicemail(() => {})).toMatchObject({ sound: 0 });
  });
});
