import { describe, expect, it } from 'vitest';
import { levelSpeech } from './loudness.ts';
import { levelDbfs, SAMPLE_RATE, toDbfs } from './pcm.ts';
import { sine } from './testing.ts';

const silence = (ms: number) => new Int16Array((ms * SAMPLE_RATE) / 1000);
const peakDbfs = (samples: Int16Array) =>
  toDbfs(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));

describe('levelSpeech', () => {
  it.each([-45, -20, -6])('brings %i dBFS to -20', (level) => {
    expect(levelDbfs(levelSpeech(sine(300, 500, level)))).toBeCloseTo(-20, 0);
  });

  it('keeps peaks at -3 dBFS, even if that is quieter than -20 on average', () => {
    const spiky = sine(300, 500, -40);
    spiky[1000] = 30_000;
    const levelled = levelSpeech(spiky);
    expect(peakDbfs(levelled)).toBeCloseTo(-3, 1);
    expect(levelDbfs(levelled)).toBeLessThan(-20);
  });

  it('trims the silence at both ends to 50 ms, and none within', () => {
    const speech = [...sine(300, 200), ...silence(400), ...sine(300, 200)];
    const levelled = levelSpeech(Int16Array.from([...silence(500), ...speech, ...silence(700)]));
    expect(levelled.length / SAMPLE_RATE).toBeCloseTo(0.9, 2);
    expect(levelDbfs(levelled.subarray(0, 2300))).toBe(Number.NEGATIVE_INFINITY);
  });

  it('turns silence into nothing', () => {
    expect(levelSpeech(silence(300))).toHaveLength(0);
    expect(levelSpeech(silence(0))).toHaveLength(0);
  });
});
