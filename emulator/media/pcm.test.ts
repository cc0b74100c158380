import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, fade, glideToSilence, levelDbfs, toSample } from './pcm.ts';
import { largestStep } from './testing.ts';

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
