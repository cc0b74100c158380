import { afterAll, describe, expect, it } from 'vitest';
import { createAudioEncoder } from './audio-encoder.ts';
import { decodeMp3 } from './mp3.ts';
import { sine, toneLevel } from './testing.ts';
import { readWav } from './wav.ts';

const RATE = 16_000;
const encoder = createAudioEncoder();
afterAll(() => encoder.close());

/** A second of a tone in each channel. */
function tones(...hertz: number[]) {
  const channels = hertz.map((one) => sine(one, 1000, -20, RATE));
  const length = channels[0]?.length ?? 0;
  const part = new Int16Array(length * channels.length).map(
    (_, i) => channels[i % channels.length]?.[Math.floor(i / channels.length)] ?? 0,
  );
  return { parts: [part], sampleRate: RATE, channelCount: channels.length };
}

/** Mode of the first frame (ISO 11172-3, 2.4.1.3). */
function isMono(file: Buffer): boolean {
  const header = file.findIndex((byte, i) => byte === 0xff && ((file[i + 1] ?? 0) & 0xe0) === 0xe0);
  return (file[header + 3] ?? 0) >> 6 === 3;
}

describe('the encoder', () => {
  it.each([[[440]], [[440, 1000]]])('writes an mp3 with the tones %j', async (hertz) => {
    const file = await encoder.encode(tones(...hertz), 'mp3');
    expect(isMono(file)).toBe(hertz.length === 1);
    // The decoder makes two channels of one.
    const { samples, sampleRate, channelCount = 1 } = await decodeMp3(file);
    expect(sampleRate).toBe(RATE);
    for (const [channel, tone] of hertz.entries()) {
      const own = samples.filter((_sample, i) => i % channelCount === channel);
      expect(toneLevel(own, tone, RATE)).toBeGreaterThan(-23);
    }
    expect(file.length).toBeLessThan(RATE);
  });

  it('writes an ogg with Vorbis sound', async () => {
    const file = await encoder.encode(tones(440), 'ogg');
    expect(file.subarray(0, 4).toString()).toBe('OggS');
    expect(file.subarray(0, 64).toString('latin1')).toContain('vorbis');
  });

  it('writes a wav with as many channels as there are', async () => {
    const { channelCount } = readWav(Uint8Array.from(await encoder.encode(tones(440, 600, 800), 'wav')));
    expect(channelCount).toBe(3);
  });

  it('refuses more channels than a format holds in words, and goes on', async () => {
    await expect(encoder.encode(tones(440, 600, 800), 'mp3')).rejects.toThrow('takes no 3 channels');
    expect((await encoder.encode(tones(440), 'mp3')).length).toBeGreaterThan(1000);
  });

  it('takes hours of silence in one part', async () => {
    const sound = { parts: [new Int16Array(RATE * 120)], sampleRate: RATE, channelCount: 1 };
    const { samples, channelCount = 1 } = await decodeMp3(await encoder.encode(sound, 'mp3'));
    expect(samples.length / channelCount / RATE).toBeCloseTo(120, 0);
  }, 60_000);
});
