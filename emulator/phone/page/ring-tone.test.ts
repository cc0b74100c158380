import { expect, it } from 'vitest';
import { loudness } from '../../../ui/level.ts';
import { ringCycle } from './ring-tone.ts';

const RATE = 48_000;
const samples = ringCycle(RATE);
const loudnessOf = (from: number, to: number) => loudness(samples.subarray(from * RATE, to * RATE), -54);

it('rings twice, then rests', () => {
  expect(samples).toHaveLength(3 * RATE);
  expect(loudnessOf(0.05, 0.35)).toBeGreaterThan(0.6);
  expect(loudnessOf(0.41, 0.59)).toBe(0);
  expect(loudnessOf(0.65, 0.95)).toBeGreaterThan(0.6);
  expect(loudnessOf(1.01, 3)).toBe(0);
});

it('neither clips nor clicks, even when it restarts', () => {
  expect(samples.every((sample) => Math.abs(sample) < 1)).toBe(true);
  const steps = samples.map((sample, index) => Math.abs(sample - (samples.at(index - 1) ?? 0)));
  expect(Math.max(...steps.subarray(0, RATE))).toBeLessThan(0.06);
  expect(samples.at(-1)).toBe(0);
});
