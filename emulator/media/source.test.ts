import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, RAMP_SAMPLES } from './pcm.ts';
import { type AudioSource, queueOfSources, samplesSource, silence } from './source.ts';
import { join, largestStep, sine } from './testing.ts';

/** All that a source plays, in whole frames. */
function playAll(source: AudioSource, maxFrames = 1000): Int16Array[] {
  const frames: Int16Array[] = [];
  for (let more = true; more && frames.length < maxFrames; ) {
    const frame = new Int16Array(FRAME_SAMPLES).fill(99);
    more = source.read(frame);
    frames.push(frame);
  }
  return frames;
}

const constant = (length: number) => new Int16Array(length).fill(10_000);

describe('samplesSource', () => {
  it('plays all samples once, then silence to the end of the frame', () => {
    const played = join(playAll(samplesSource(constant(1000))));
    expect(played.length).toBe(3 * FRAME_SAMPLES);
    expect(played.subarray(RAMP_SAMPLES, 1000 - RAMP_SAMPLES)).toEqual(constant(1000 - 2 * RAMP_SAMPLES));
    expect(played.subarray(1000)).toEqual(new Int16Array(440));
  });

  it('ends with the frame that holds its last sample', () => {
    expect(playAll(samplesSource(constant(2 * FRAME_SAMPLES)))).toHaveLength(2);
  });

  it('starts, ends and loops without a click, whatever the samples', () => {
    const played = join(playAll(samplesSource(constant(1000), { loop: 3 })));
    expect(largestStep(Int16Array.from([0, ...played, 0]))).toBeLessThan(10_000 / RAMP_SAMPLES + 2);
  });

  it('skips unheard samples, and knows what remains', () => {
    const samples = Int16Array.from({ length: 1000 }, (_, i) => i);
    const source = samplesSource(samples, { loop: 3 });
    expect(source.left).toBe(3000);
    source.skip(1500);
    expect(source.left).toBe(1500);
    const frame = new Int16Array(FRAME_SAMPLES);
    source.read(frame);
    expect(frame.subarray(0, 250)).toEqual(samples.subarray(500, 750));
    source.skip(10_000);
    expect([source.left, source.read(frame)]).toEqual([0, false]);
    const endless = samplesSource(samples, { loop: 0 });
    endless.skip(1_000_500);
    expect(endless.left).toBe(Number.POSITIVE_INFINITY);
    endless.read(frame);
    expect(frame[0]).toBe(500);
  });

  it('repeats the requested number of times without a gap', () => {
    const played = join(playAll(samplesSource(constant(700), { loop: 3 })));
    const sounding = played.filter((sample) => sample !== 0).length;
    expect(sounding).toBeGreaterThanOrEqual(3 * 698);
    expect(sounding).toBeLessThanOrEqual(3 * 700);
  });

  it('repeats endlessly with loop 0', () => {
    expect(playAll(samplesSource(constant(700), { loop: 0 }), 500)).toHaveLength(500);
  });

  it('fades very short samples too', () => {
    const played = join(playAll(samplesSource(constant(100))));
    expect(largestStep(Int16Array.from([0, ...played]))).toBeLessThan(10_000 / RAMP_SAMPLES + 2);
    expect(Math.max(...played)).toBeGreaterThan(1000);
  });

  it('ends immediately without samples', () => {
    expect(playAll(samplesSource(new Int16Array(), { loop: 0 }))).toEqual([new Int16Array(FRAME_SAMPLES)]);
  });

  it('does not change the samples, because others share them', () => {
    const samples = sine(440, 50);
    const before = samples.slice();
    playAll(samplesSource(samples, { loop: 2 }));
    expect(samples).toEqual(before);
  });
});

describe('silence', () => {
  it('lasts as long as requested', () => {
    const frames = playAll(silence(250));
    expect(frames).toHaveLength(25);
    expect(join(frames).every((sample) => sample === 0)).toBe(true);
  });
});

describe('queueOfSources', () => {
  it('plays one after the other, and goes on with what is added later', () => {
    const queue = queueOfSources();
    queue.add(samplesSource(constant(2 * FRAME_SAMPLES)));
    queue.add(silence(10));
    expect(queue.left).toBe(3 * FRAME_SAMPLES);
    expect(playAll(queue)).toHaveLength(3);
    expect(queue.left).toBe(0);
    queue.add(samplesSource(constant(FRAME_SAMPLES)));
    expect(playAll(queue)).toHaveLength(1);
  });

  it('skips from one into the next', () => {
    const queue = queueOfSources();
    for (let i = 0; i < 3; i += 1) queue.add(samplesSource(constant(1000)));
    queue.skip(2500);
    expect(queue.left).toBe(500);
    queue.skip(1000);
    expect(queue.left).toBe(0);
  });
});
