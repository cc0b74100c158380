import { describe, expect, it } from 'vitest';
import {
  FRAME_SAMPLES,
  fade,
  glideToSilence,
  levelDbfs,
  resample,
  SAMPLE_RATE,
  toFrame,
  toSample,
} from './pcm.ts';
import { largestStep, sine, toneLevel } from './test-signals.ts';

/** dB by which a sine stands above all else in the samples. */
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

  it('removes what the lower rate cannot hold', () => {
    const result = resample(sine(12_000, 500, -10), 48_000, 16_000);
    expect(levelDbfs(result.subarray(1000, 7000))).toBeLessThan(-60);
  });

  it('stays within 16 bits', () => {
    const square = new Int16Array(2205).map((_, i) => (i % 100 < 50 ? 32_767 : -32_768));
    const result = resample(square, 22_050, 48_000);
    expect(Math.max(...result)).toBe(32_767);
    expect(Math.min(...result)).toBe(-32_768);
  });

  it('takes nothing, and copies at the same rate', () => {
    const samples = sine(440, 10);
    expect(resample(new Int16Array(), 22_050, 48_000)).toEqual(new Int16Array());
    expect(resample(samples, 48_000, 48_000)).toEqual(samples);
    expect(resample(samples, 48_000, 48_000)).not.toBe(samples);
  });

  it.each([0, -1, 0.5, Number.NaN])('refuses the rate %d', (rate) => {
    expect(() => resample(new Int16Array(1), rate, 48_000)).toThrow(RangeError);
    expect(() => resample(new Int16Array(1), 48_000, rate)).toThrow(RangeError);
  });
});

describe('toFrame', () => {
  it('passes 48 kHz mono on', () => {
    const samples = sine(440, 10);
    expect(toFrame({ samples, sampleRate: SAMPLE_RATE, channelCount: 1 })).toBe(samples);
  });

  it('converts 16 kHz', () => {
    const frame = toFrame({ samples: sine(1000, 10, -20, 16_000), sampleRate: 16_000 });
    expect(frame.length).toBe(FRAME_SAMPLES);
    expect(toneLevel(frame, 1000)).toBeCloseTo(-20, 0);
  });

  it('averages the channels', () => {
    const samples = Int16Array.from({ length: 2 * FRAME_SAMPLES }, (_, i) => (i % 2 === 0 ? 1000 : -400));
    expect(toFrame({ samples, sampleRate: SAMPLE_RATE, channelCount: 2 })).toEqual(
      new Int16Array(FRAME_SAMPLES).fill(300),
    );
  });

  it('always makes 10 ms', () => {
    const long = toFrame({ samples: new Int16Array(960).fill(7), sampleRate: SAMPLE_RATE });
    const short = toFrame({ samples: new Int16Array(100).fill(7), sampleRate: SAMPLE_RATE });
    expect(long).toEqual(new Int16Array(FRAME_SAMPLES).fill(7));
    expect(short.length).toBe(FRAME_SAMPLES);
    expect([...short.subarray(98, 102)]).toEqual([7, 7, 0, 0]);
  });
});

describe('ramps', () => {
  const loud = new Int16Array(FRAME_SAMPLES).fill(24_000);

  it('fade in and out without a step', () => {
    expect(largestStep(Int16Array.from([0, ...fade(loud, 0, 1)]))).toBeLessThanOrEqual(101);
    expect(largestStep(fade(loud, 1, 0))).toBeLessThanOrEqual(101);
    expect(fade(loud, 0, 1).at(-1)).toBe(24_000);
    expect(fade(loud, 1, 0).at(-1)).toBe(0);
  });

  it('glide from the last sample to silence', () => {
    const glide = glideToSilence(-24_000);
    expect(largestStep(Int16Array.from([-24_000, ...glide]))).toBeLessThanOrEqual(101);
    expect(glide.at(-1)).toBe(0);
  });
});

describe('levels', () => {
  it('a full-scale square wave is 0 dBFS, silence is -Infinity', () => {
    expect(levelDbfs(new Int16Array(100).fill(-32_768))).toBe(0);
    expect(levelDbfs(new Int16Array(100))).toBe(Number.NEGATIVE_INFINITY);
    expect(levelDbfs(new Int16Array())).toBe(Number.NEGATIVE_INFINITY);
  });

  it('sample values are rounded and held within 16 bits', () => {
    expect([1.5, 40_000, -40_000].map(toSample)).toEqual([2, 32_767, -32_768]);
  });
});
