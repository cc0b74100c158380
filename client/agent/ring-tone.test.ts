import { describe, expect, it } from 'vitest';
import { loudness } from '../../ui/level.ts';
import { ringCycle, waitingTone } from './ring-tone.ts';

const RATE = 48_000;
const FLOOR = -60;

describe.each([
  ['the ring', ringCycle],
  ['the waiting tone', waitingTone],
])('%s', (_name, render) => {
  const samples = render(RATE);

  it('never clips', () => {
    expect(samples.every((sample) => Math.abs(sample) < 1)).toBe(true);
  });

  it('starts, stops and loops without a click', () => {
    const largestStep = samples.reduce(
      (largest, sample, index) => Math.max(largest, Math.abs(sample - (samples[index - 1] ?? 0))),
      0,
    );
    expect(largestStep).toBeLessThan(0.15);
    expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.001);
  });

  it('is audible', () => {
    expect(loudness(samples.subarray(0, RATE / 2), FLOOR)).toBeGreaterThan(0.5);
  });
});

it('pauses between two rings', () => {
  expect(loudness(ringCycle(RATE).subarray(-RATE / 4), FLOOR)).toBeLessThan(0.05);
});
