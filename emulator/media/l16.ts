import { FRAME_MS, SAMPLE_RATE } from './pcm.ts';
import { createStreamResampler } from './resample.ts';

// Typed arrays have the byte order of the machine: little-endian, too, wherever wrtc runs.

/**
 * Turns frames of the emulator into messages of 20 ms of linear PCM: 16 bits, little-endian, one channel.
 * @param rate samples a second: 8000, 16 000 or 24 000.
 */
export function createL16Encoder(rate: number): (frame: Int16Array) => Buffer | undefined {
  const convert = createStreamResampler(SAMPLE_RATE, rate);
  let first: Int16Array | undefined;
  return (frame) => {
    const samples = convert(frame);
    if (!first) {
      first = samples;
      return undefined;
    }
    const both = new Int16Array(first.length + samples.length);
    both.set(first);
    both.set(samples, first.length);
    first = undefined;
    return Buffer.from(both.buffer);
  };
}

/** Turns messages of linear PCM (16 bits, little-endian, one channel) into frames of the emulator. */
export function createL16Decoder(rate: number): (message: Buffer) => Int16Array[] {
  const convert = createStreamResampler(rate, SAMPLE_RATE);
  const samples = new Int16Array((rate * FRAME_MS) / 1000);
  const bytes = new Uint8Array(samples.buffer);
  let filled = 0;
  return (message) => {
    const frames: Int16Array[] = [];
    const whole = message.length - (message.length % 2);
    for (let read = 0; read < whole; ) {
      const count = message.copy(bytes, filled, read, whole);
      read += count;
      filled += count;
      if (filled < bytes.length) continue;
      frames.push(convert(samples));
      filled = 0;
    }
    return frames;
  };
}
