import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from './pcm.ts';
import { join, largestStep, sine, toFrames } from './test-signals.ts';
import { createVoiceInput, type VoiceInput } from './voice-input.ts';

const frameOf = (value: number) => new Int16Array(FRAME_SAMPLES).fill(value);
const silent = new Int16Array(FRAME_SAMPLES);

function take(voice: VoiceInput, count: number): Int16Array[] {
  return Array.from({ length: count }, () => voice.next() ?? silent);
}

/** A click would be a step that is larger than a sine of this level takes in a 5 ms fade. */
const voiceFrames = toFrames(sine(440, 200, -12));
const NO_CLICK = 800;

describe('a voice on its way to the mix', () => {
  it('is silent until 20 ms are there', () => {
    const voice = createVoiceInput();
    voice.push(frameOf(1));
    expect(voice.next()).toBeUndefined();
    voice.push(frameOf(2));
    expect(voice.next()).toBeDefined();
  });

  it('passes unchanged once it flows', () => {
    const voice = createVoiceInput();
    const [first, second, third] = [frameOf(1), frameOf(2), frameOf(3)];
    for (const frame of [first, second, third]) voice.push(frame);
    voice.next();
    expect(voice.next()).toBe(second);
    expect(voice.next()).toBe(third);
  });

  it('fades in', () => {
    const voice = createVoiceInput();
    voice.push(frameOf(10_000));
    voice.push(frameOf(10_000));
    expect(largestStep(join([silent, ...take(voice, 2)]))).toBeLessThan(45);
  });

  it('starts, breaks off and starts again without a click', () => {
    const voice = createVoiceInput();
    const heard: Int16Array[] = [];
    for (const part of [voiceFrames.slice(0, 5), voiceFrames.slice(5, 8)]) {
      for (const frame of part) voice.push(frame);
      heard.push(...take(voice, 8));
    }
    expect(heard.filter((frame) => frame.some((sample) => sample !== 0)).length).toBe(5 + 1 + 3 + 1);
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('fades out once, then it is silent', () => {
    const voice = createVoiceInput();
    voice.push(frameOf(10_000));
    voice.push(frameOf(10_000));
    take(voice, 2);
    expect(voice.next()?.at(-1)).toBe(0);
    expect(voice.next()).toBeUndefined();
  });

  it('lags 60 ms at most: the oldest goes, without a click', () => {
    const voice = createVoiceInput();
    for (const frame of voiceFrames.slice(0, 12)) voice.push(frame);
    const heard = take(voice, 6);
    expect(heard.at(-1)).toBe(voiceFrames[11]);
    expect(voice.next()?.at(-1)).toBe(0);
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('skips without a click in the midst of speech', () => {
    const voice = createVoiceInput();
    for (const frame of voiceFrames.slice(0, 4)) voice.push(frame);
    const heard = take(voice, 2);
    for (const frame of voiceFrames.slice(4, 12)) voice.push(frame);
    heard.push(...take(voice, 6));
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('forgets what waits when it is cleared', () => {
    const voice = createVoiceInput();
    for (const frame of voiceFrames.slice(0, 4)) voice.push(frame);
    take(voice, 1);
    voice.clear();
    expect(voice.next()?.at(-1)).toBe(0);
    expect(voice.next()).toBeUndefined();
  });
});
