import { describe, expect, it } from 'vitest';
import { mix } from './mix.ts';
import { FRAME_SAMPLES } from './pcm.ts';
import { sine, toFrames, toneLevel } from './testing.ts';

const frameOf = (value: number) => new Int16Array(FRAME_SAMPLES).fill(value);

describe('mix', () => {
  it('adds', () => {
    expect(mix([frameOf(100), frameOf(-30), frameOf(5)])).toEqual(frameOf(75));
  });

  it('leaves a single voice unchanged, however loud', () => {
    const shout = frameOf(32_767);
    expect(mix([shout])).toBe(shout);
  });

  it('of nothing is silence', () => {
    expect(mix([])).toEqual(frameOf(0));
  });

  it('never wraps or folds: more input is never less output', () => {
    const results = Array.from({ length: 66 }, (_, i) => mix([frameOf(i * 500), frameOf(i * 500)])[0] ?? 0);
    expect(results.every((value, i) => i === 0 || value >= (results[i - 1] ?? 0))).toBe(true);
    expect(results.at(-1)).toBeLessThanOrEqual(32_767);
    expect(results.at(-1)).toBeGreaterThan(32_000);
    expect(mix([frameOf(-32_768), frameOf(-32_768)])[0]).toBeLessThan(-32_000);
  });

  it('keeps two voices clean at normal level', () => {
    const [a] = toFrames(sine(500, 10, -12));
    const [b] = toFrames(sine(1300, 10, -12));
    if (!a || !b) throw new Error('no frames');
    const both = mix([a, b]);
    expect(toneLevel(both, 500)).toBeCloseTo(-12, 1);
    expect(toneLevel(both, 1300)).toBeCloseTo(-12, 1);
    expect(toneLevel(both, 2100)).toBeLessThan(-60);
  });

  it('does not change its input', () => {
    const frame = frameOf(30_000);
    mix([frame, frame]);
    expect(frame).toEqual(frameOf(30_000));
  });
});
