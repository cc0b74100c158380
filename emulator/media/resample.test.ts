import { describe, expect, it } from 'vitest';
import { levelDbfs } from './pcm.ts';
import { createStreamResampler, resample } from './resample.ts';
import { join, sine } from './testing.ts';

/** Level in dB of a sine above everything else in the samples. */
function signalToNoise(samples: Int16Array, hertz: number, rate: number): number {
  let inPhase = 0;
  let quadrature = 0;
  for (const [i, sample] of samples.entries()) {
    inPhase += (2 / samples.length) * sample * Math.sin((2 * Math.PI * hertz * i) / rate);
    quadrature += (2 / samples.length) * sample * Math.cos((2 * Math.PI * hertz * i) / rate);
  }
  let noise = 0;
  for (const [i, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * i) / rate;
    noise += (sample - inPhase * Math.sin(angle) - quadrature * Math.cos(angle)) ** 2 / samples.length;
  }
  return 10 * Math.log10((inPhase ** 2 + quadrature ** 2) / 2 / noise);
}

describe('resample', () => {
  it.each([
    [22_050, 48_000, 300],
    [22_050, 48_000, 3000],
    [22_050, 48_000, 8000],
    [16_000, 48_000, 3000],
    [44_100, 48_000, 10_000],
    [48_000, 16_000, 1000],
    [48_000, 22_050, 5000],
  ])('%i to %i Hz keeps a sine of %i Hz clean and in tune', (from, to, hertz) => {
    const result = resample(sine(hertz, 500, -10, from), from, to);
    expect(result.length).toBe(to / 2);
    const middle = result.subarray(to / 10, (to * 4) / 10);
    expect(signalToNoise(middle, hertz, to)).toBeGreaterThan(50);
    expect(levelDbfs(middle)).toBeCloseTo(-10, 1);
  });

  it('removes frequencies above the lower rate’s limit', () => {
    const result = resample(sine(12_000, 500, -10), 48_000, 16_000);
    expect(levelDbfs(result.subarray(1000, 7000))).toBeLessThan(-60);
  });

  it('stays within 16 bits', () => {
    const square = new Int16Array(2205).map((_, i) => (i % 100 < 50 ? 32_767 : -32_768));
    const result = resample(square, 22_050, 48_000);
    expect(Math.max(...result)).toBe(32_767);
    expect(Math.min(...result)).toBe(-32_768);
  });

  it('accepts empty input, and copies at the same rate', () => {
    const samples = sine(440, 10);
    expect(resample(new Int16Array(), 22_050, 48_000)).toEqual(new Int16Array());
    expect(resample(samples, 48_000, 48_000)).toEqual(samples);
    expect(resample(samples, 48_000, 48_000)).not.toBe(samples);
  });

  it.each([0, -1, 0.5, Number.NaN])('rejects the rate %d', (rate) => {
    expect(() => resample(new Int16Array(1), rate, 48_000)).toThrow(RangeError);
    expect(() => resample(new Int16Array(1), 48_000, rate)).toThrow(RangeError);
  });
});

describe('a stream', () => {
  it.each([
    [48_000, 8000],
    [8000, 48_000],
    [48_000, 16_000],
    [16_000, 48_000],
    [24_000, 48_000],
  ])('from %i to %i Hz equals the whole, 2 ms late', (from, to) => {
    const whole = sine(1000, 500, -10, from);
    const convert = createStreamResampler(from, to);
    const piece = from / 100;
    const pieces = Array.from({ length: 50 }, (_, i) => convert(whole.subarray(i * piece, (i + 1) * piece)));
    expect(new Set(pieces.map(({ length }) => length))).toEqual(new Set([to / 100]));
    const late = to / 500;
    const heard = join(pieces).subarray(late + to / 100, to / 2);
    expect(heard).toEqual(resample(whole, from, to).subarray(to / 100, to / 2 - late));
  });
});
