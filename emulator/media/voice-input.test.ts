import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from './pcm.ts';
import { join, largestStep, sine, toFrames } from './testing.ts';
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
  it('is silent until 20 ms are buffered', () => {
    const voice = createVoiceInput();
    voice.push(frameOf(1));
    expect(voice.next()).toBeUndefined();
    voice.push(frameOf(2));
    expect(voice.next()).toBeDefined();
  });

  it('passes unchanged while it flows', () => {
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

  it('starts, stops and starts again without a click', () => {
    const voice = createVoiceInput();
    const heard: Int16Array[] = [];
    for (const part of [voiceFrames.slice(0, 5), voiceFrames.slice(5, 8)]) {
      for (const frame of part) voice.push(frame);
      heard.push(...take(voice, 8));
    }
    expect(heard.filter((frame) => frame.some((sample) => sample !== 0)).length).toBe(5 + 1 + 3 + 1);
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('fades out once, then is silent', () => {
    const voice = createVoiceInput();
    voice.push(frameOf(10_000));
    voice.push(frameOf(10_000));
    take(voice, 2);
    expect(voice.next()?.at(-1)).toBe(0);
    expect(voice.next()).toBeUndefined();
  });

  it('loses nothing if the process was busy and frames and ticks are late together', () => {
    const voice = createVoiceInput();
    for (const frame of voiceFrames.slice(0, 4)) voice.push(frame);
    take(voice, 2);
    for (const frame of voiceFrames.slice(4, 20)) voice.push(frame);
    expect(take(voice, 18)).toEqual(voiceFrames.slice(2, 20));
  });

  it('buffers 300 ms at most, and drops the oldest without a click', () => {
    const voice = createVoiceInput();
    const frames = toFrames(sine(440, 400, -12));
    for (const frame of frames) voice.push(frame);
    const heard = take(voice, 30);
    expect(heard.at(-1)).toBe(frames.at(-1));
    expect(voice.next()?.at(-1)).toBe(0);
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('catches up within a second by skipping surplus audio, without a click', () => {
    const voice = createVoiceInput();
    const frames = toFrames(sine(440, 2000, -12));
    for (const frame of frames.slice(0, 20)) voice.push(frame);
    const heard: Int16Array[] = [];
    for (const frame of frames.slice(20, 120)) {
      voice.push(frame);
      heard.push(...take(voice, 1));
    }
    for (const frame of heard.slice(-10)) expect(frame).toEqual(expect.any(Int16Array));
    expect(frames.indexOf(heard.at(-1) ?? silent)).toBeGreaterThan(114);
    expect(largestStep(join([silent, ...heard]))).toBeLessThan(NO_CLICK);
  });

  it('adapts to jitter, and then no longer runs dry', () => {
    const voice = createVoiceInput();
    const bursts = Array.from({ length: 40 }, (_, burst) => {
      for (let i = 0; i < 6; i += 1) voice.push(frameOf(burst + 1));
      return take(voice, 6);
    });
    // A burst comes a tick late each time.
    const late = Array.from({ length: 40 }, () => {
      const heard = take(voice, 1);
      for (let i = 0; i < 6; i += 1) voice.push(frameOf(9));
      return [...heard, ...take(voice, 5)];
    });
    expect(bursts.flat().slice(1)).not.toContain(silent);
    const isDry = (heard: Int16Array[]) => heard.some((frame) => frame.at(-1) === 0);
    expect(late.slice(0, 2).some(isDry)).toBe(true);
    expect(late.slice(5).some(isDry)).toBe(false);
  });

  it('then still plays a short sound to its end', () => {
    const voice = createVoiceInput();
    for (let i = 0; i < 12; i += 1) {
      voice.push(frameOf(1));
      voice.push(frameOf(1));
      take(voice, 6);
    }
    take(voice, 30);
    voice.push(frameOf(5000));
    const heard = take(voice, 12).filter((frame) => frame.some((sample) => sample !== 0));
    expect(heard).toHaveLength(2);
  });

  it('drops its buffer when cleared', () => {
    const voice = createVoiceInput();
    for (const frame of voiceFrames.slice(0, 4)) voice.push(frame);
    take(voice, 1);
    voice.clear();
    expect(voice.next()?.at(-1)).toBe(0);
    expect(voice.next()).toBeUndefined();
  });
});
