import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, levelDbfs, SAMPLE_RATE } from './pcm.ts';
import type { AudioSource } from './source.ts';
import { join, largestStep, toneLevel } from './testing.ts';
import { busyTone, renderToneWords, ringback, toneWords } from './tones.ts';

function record(source: AudioSource, seconds: number): Int16Array {
  return join(
    Array.from({ length: seconds * 100 }, () => {
      const frame = new Int16Array(FRAME_SAMPLES);
      source.read(frame);
      return frame;
    }),
  );
}

const between = (samples: Int16Array, from: number, to: number) =>
  samples.subarray(Math.round(from * SAMPLE_RATE), Math.round(to * SAMPLE_RATE));

const cases = [
  { name: 'UK ringback', tone: () => ringback('uk'), hertz: [400, 450], cadence: [0.4, 0.2, 0.4, 2] },
  { name: 'US ringback', tone: () => ringback('us'), hertz: [440, 480], cadence: [2, 4] },
  { name: 'UK busy', tone: () => busyTone('uk'), hertz: [400], cadence: [0.375, 0.375] },
  { name: 'US busy', tone: () => busyTone('us'), hertz: [480, 620], cadence: [0.5, 0.5] },
];

describe.each(cases)('$name', ({ tone, hertz, cadence }) => {
  const cycle = cadence.reduce((sum, seconds) => sum + seconds, 0);
  const samples = record(tone(), 2 * cycle);

  it('has its frequencies while it sounds, and silence between', () => {
    let start = 0;
    for (const [i, seconds] of [...cadence, ...cadence].entries()) {
      const part = between(samples, start + 0.02, start + seconds - 0.02);
      if (i % 2 === 1) expect(levelDbfs(part)).toBe(Number.NEGATIVE_INFINITY);
      else {
        expect(levelDbfs(part)).toBeCloseTo(-20, 0);
        // Whole periods of all these frequencies: 100 ms.
        const window = between(samples, start + 0.1, start + 0.2);
        const expected = -20 - 10 * Math.log10(hertz.length);
        for (const frequency of hertz) expect(toneLevel(window, frequency)).toBeCloseTo(expected, 0);
        expect(toneLevel(window, 1000)).toBeLessThan(-60);
      }
      start += seconds;
    }
  });

  it('never clicks', () => {
    // No faster than its sines move at their steepest.
    const steepest = hertz.reduce((sum, frequency) => sum + (2 * Math.PI * frequency) / SAMPLE_RATE, 0);
    const amplitude = 3277 * Math.sqrt(2 / hertz.length);
    expect(largestStep(samples)).toBeLessThan(amplitude * steepest + 2);
  });
});

describe('tone words', () => {
  const text = 'Please wait while we connect you';

  it('sound softly, once per word', () => {
    const samples = renderToneWords(text);
    let bursts = 0;
    let wasSilent = true;
    for (let i = 0; i + 240 <= samples.length; i += 240) {
      const silent = levelDbfs(samples.subarray(i, i + 240)) < -50;
      if (wasSilent && !silent) bursts += 1;
      wasSilent = silent;
    }
    expect(bursts).toBe(6);
    expect(Math.max(...samples)).toBeLessThan(5000);
    expect(largestStep(samples)).toBeLessThan(500);
  });

  it('take longer for more words, 5 s at most', () => {
    const seconds = (words: string) => renderToneWords(words).length / SAMPLE_RATE;
    expect(seconds(text)).toBeGreaterThan(seconds('Please wait'));
    expect(seconds('word '.repeat(1000))).toBeLessThanOrEqual(5);
  });

  it('end on their own, immediately without words', () => {
    expect(toneWords(' \n ').read(new Int16Array(FRAME_SAMPLES))).toBe(false);
    const source = toneWords('one');
    const results = Array.from({ length: 30 }, () => source.read(new Int16Array(FRAME_SAMPLES)));
    expect(results[0]).toBe(true);
    expect(results.at(-1)).toBe(false);
  });
});
