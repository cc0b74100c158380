import { describe, expect, it } from 'vitest';
import { loudness } from './level.ts';

const constant = (amplitude: number) => new Float32Array(128).fill(amplitude);
const sine = (peak: number) => Float32Array.from({ length: 1024 }, (_, i) => peak * Math.sin(i / 4));

describe('loudness', () => {
  it.each([
    ['silence', 0, 0],
    ['the floor', 0.001, 0],
    ['two thirds of the way up', 0.1, 2 / 3],
    ['full scale', 1, 1],
    ['more than full scale', 2, 1],
  ])('of %s', (_name, amplitude, expected) => {
    expect(loudness(constant(amplitude), -60)).toBeCloseTo(expected, 3);
  });

  it('is 0 in silence and below the floor', () => {
    expect(loudness(constant(0), -54)).toBe(0);
    expect(loudness(sine(0.001), -54)).toBe(0);
  });

  it('is close to 1 for a note at full scale', () => {
    expect(loudness(sine(1), -54)).toBeGreaterThan(0.9);
  });

  it('rises evenly with every halving of the distance in dB', () => {
    const steps = [0.01, 0.1, 1].map((peak) => loudness(sine(peak), -54));
    expect((steps[1] ?? 0) - (steps[0] ?? 0)).toBeCloseTo((steps[2] ?? 0) - (steps[1] ?? 0), 2);
  });
});
