import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, SAMPLE_RATE } from './pcm.ts';
import { toFrame } from './raw-audio.ts';
import { sine, toneLevel } from './testing.ts';

describe('toFrame', () => {
  it('passes 48 kHz mono through', () => {
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

  it('always returns 10 ms', () => {
    const long = toFrame({ samples: new Int16Array(960).fill(7), sampleRate: SAMPLE_RATE });
    const short = toFrame({ samples: new Int16Array(100).fill(7), sampleRate: SAMPLE_RATE });
    expect(long).toEqual(new Int16Array(FRAME_SAMPLES).fill(7));
    expect(short.length).toBe(FRAME_SAMPLES);
    expect([...short.subarray(98, 102)]).toEqual([7, 7, 0, 0]);
  });
});
