import { describe, expect, it } from 'vitest';
import { ringCycle, waitingTone } from './ring-tone.ts';
import { loudness } from './sound.ts';

const RATE = 48_000;

describe.each([
  ['the ring', ringCycle],
  ['the waiting tone', waitingTone],
])('%s', (_name, render) => {
  const samples = render(RATE);

  it('never clips', () => {
    expect(samples.every((sample) => Math.abs(sample) < 1)).toBe(true);
  });

  it('begins, ends and goes on without a click', () => {
    const largestStep = samples.reduce(
      (largest, sample, index) => Math.max(largest, Math.abs(sample - (samples[index - 1] ?? 0))),
      0,
    );
    expect(largestStep).toBeLessThan(0.15);
    expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.001);
  });

  it('can be heard', () => {
    expect(loudness(samples.subarray(0, RATE / 2))).toBeGreaterThan(0.5);
  });
});

it('rests between two turns', () => {
  expect(loudness(ringCycle(RATE).subarray(-RATE / 4))).toBeLessThan(0.05);
});

describe('loudness', () => {
  it.each([
    ['silence', 0, 0],
    ['-60 dB', 0.001, 0],
    ['-20 dB', 0.1, 2 / 3],
    ['full scale', 1, 1],
  ])('of %s', (_name, amplitude, expected) => {
    expect(loudness(new Float32Array(128).fill(amplitude))).toBeCloseTo(expected, 3);
  });
});
