import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from './pcm.ts';
import { createPlaybacks } from './playback.ts';
import { type AudioSource, samplesSource, silence } from './source.ts';
import { join, largestStep, sine } from './testing.ts';

/** A source that does not mind clicks, and counts what is skipped of it. */
function constantSource(value: number): AudioSource & { skipped: number } {
  return {
    skipped: 0,
    left: Number.POSITIVE_INFINITY,
    read(frame) {
      frame.fill(value);
      return true;
    },
    skip(samples) {
      this.skipped += samples;
    },
  };
}

describe('playbacks', () => {
  it('play to the end and say so', async () => {
    const playbacks = createPlaybacks();
    const playback = playbacks.play(samplesSource(sine(440, 25)));
    const frames = [1, 2, 3].flatMap(() => playbacks.advance());
    expect(frames).toHaveLength(3);
    await expect(playback.ended).resolves.toBe('finished');
    expect(playbacks.empty).toBe(true);
    expect(playbacks.advance()).toEqual([]);
  });

  it('fade out within 5 ms when stopped', async () => {
    const playbacks = createPlaybacks();
    const playback = playbacks.play(constantSource(10_000));
    const frames = [...playbacks.advance(), ...playbacks.advance()];
    playback.stop();
    frames.push(...playbacks.advance(), new Int16Array(FRAME_SAMPLES));
    await expect(playback.ended).resolves.toBe('stopped');
    expect(playbacks.empty).toBe(true);
    expect(join(frames).subarray(240, 960)).toEqual(new Int16Array(720).fill(10_000));
    expect(largestStep(Int16Array.from([0, ...join(frames)]))).toBeLessThan(45);
  });

  it('stopped before they start are never heard', async () => {
    const playbacks = createPlaybacks();
    const playback = playbacks.play(constantSource(10_000));
    playback.stop();
    expect(playbacks.advance()).toEqual([new Int16Array(FRAME_SAMPLES)]);
    await expect(playback.ended).resolves.toBe('stopped');
  });

  it('play simultaneously and independently', () => {
    const playbacks = createPlaybacks();
    playbacks.play(constantSource(1));
    playbacks.play(constantSource(2));
    playbacks.advance();
    expect(playbacks.advance().map((frame) => frame[0])).toEqual([1, 2]);
  });

  it('advance silently without listeners, and report when the first ends', async () => {
    let finished = 0;
    const playbacks = createPlaybacks({
      finished: () => {
        finished += 1;
      },
    });
    const source = constantSource(1);
    const endless = playbacks.play(source);
    expect(playbacks.rest).toBe(Number.POSITIVE_INFINITY);
    const short = playbacks.play(silence(25));
    expect(playbacks.rest).toBe(3);
    playbacks.skip(2);
    expect(playbacks.rest).toBe(1);
    playbacks.skip(1);
    expect(source.skipped).toBe(3 * FRAME_SAMPLES);
    await expect(short.ended).resolves.toBe('finished');
    expect(finished).toBe(1);
    endless.stop();
    expect(playbacks.rest).toBe(1);
    playbacks.skip(1);
    await expect(endless.ended).resolves.toBe('stopped');
    expect(finished).toBe(1);
  });

  it('keep their result when stopped afterwards', async () => {
    const playbacks = createPlaybacks();
    const playback = playbacks.play(silence(10));
    playbacks.advance();
    playback.stop();
    await expect(playback.ended).resolves.toBe('finished');
  });

  it('all end on close, and later ones before they start', async () => {
    const playbacks = createPlaybacks();
    const before = playbacks.play(constantSource(1));
    playbacks.close();
    const after = playbacks.play(constantSource(1));
    await expect(before.ended).resolves.toBe('stopped');
    await expect(after.ended).resolves.toBe('stopped');
    expect(playbacks.empty).toBe(true);
  });
});
