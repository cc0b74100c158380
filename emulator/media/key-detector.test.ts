import { describe, expect, it } from 'vitest';
import { createKeyDetector } from './key-detector.ts';
import { mix } from './mix.ts';
import { FRAME_SAMPLES } from './pcm.ts';
import { sine, toFrames } from './testing.ts';
import { keyTones, renderToneWords } from './tones.ts';

/** The keys that are heard in frames. */
function heardIn(frames: readonly Int16Array[]): string {
  let heard = '';
  const listen = createKeyDetector((key) => {
    heard += key;
  });
  for (const frame of frames) listen(frame);
  return heard;
}

/** All frames of the sound of keys. */
function framesOf(digits: string): Int16Array[] {
  const source = keyTones(digits);
  const frames: Int16Array[] = [];
  for (let more = true; more; ) {
    const frame = new Int16Array(FRAME_SAMPLES);
    more = source.read(frame);
    frames.push(frame);
  }
  return frames;
}

const pair = (first: number, second: number, level: number, other = level) => {
  const high = toFrames(sine(second, 200, other));
  return toFrames(sine(first, 200, level)).map((frame, i) =>
    mix([frame, high[i] ?? new Int16Array(FRAME_SAMPLES)]),
  );
};

describe('a key detector', () => {
  it('detects each key once, and a repeated key twice', () => {
    expect(heardIn(framesOf('1234567890*#ABCD'))).toBe('1234567890*#ABCD');
    expect(heardIn(framesOf('11223'))).toBe('11223');
  });

  it('detects keys at any offset within its blocks', () => {
    expect(heardIn([new Int16Array(FRAME_SAMPLES), ...framesOf('42')])).toBe('42');
  });

  it('detects quiet keys and distorted ones', () => {
    expect(heardIn(pair(770, 1336, -33))).toBe('5');
    expect(heardIn(pair(770, 1336, -20, -26))).toBe('5');
  });

  it.each<[string, Int16Array[]]>([
    ['silence', toFrames(new Int16Array(48_000))],
    ['one tone', toFrames(sine(697, 500))],
    ['two tones of one group', pair(697, 770, -20)],
    ['a ringback tone', pair(400, 450, -20)],
    ['a key that is far too soft', pair(770, 1336, -60)],
    ['a key of 20 ms', [...pair(770, 1336, -20).slice(0, 2), new Int16Array(FRAME_SAMPLES)]],
    [
      'a key under a louder voice',
      pair(770, 1336, -30).map((frame, i) => mix([frame, toFrames(sine(300, 200, -15))[i] ?? frame])),
    ],
    ['soft tones for words', toFrames(renderToneWords('some words that are spoken with tones'))],
  ])('detects no key in %s', (_what, frames) => {
    expect(heardIn(frames)).toBe('');
  });
});
