import { describe, expect, it } from 'vitest';
import { loudness } from './level.ts';

const sine = (peak: number) => Float32Array.from({ length: 1024 }, (_, i) => peak * Math.sin(i / 4));

describe('loudness', () => {
  it('is 0 in silence and below the hiss of a line', () => {
    expect(loudness(new Float32Array(1024))).toBe(0);
    expect(loudness(sine(0.001))).toBe(0);
  });

  it('is close to 1 at full scale and never more', () => {
    expect(loudness(sine(1))).toBeGreaterThan(0.9);
    expect(loudness(new Float32Array(8).fill(2))).toBe(1);
  });

  it('rises evenly with every halving of the distance in dB', () => {
    const steps = [0.01, 0.1, 1].map((peak) => loudness(sine(peak)));
    expect((steps[1] ?? 0) - (steps[0] ?? 0)).toBeCloseTo((steps[2] ?? 0) - (steps[1] ?? 0), 2);
  });
});
