import type { RawAudio } from './raw-audio.ts';

/** Files of the RIFF WAVE format with samples of 16 bits (Microsoft, Multimedia Programming Interface 1.0). */

const HEADER_BYTES = 44;
const PCM = 1;
const EXTENSIBLE = 0xfffe;

/** Whether the bytes begin as a wav does. */
export function isWav(file: Uint8Array): boolean {
  return tagAt(file, 0) === 'RIFF' && tagAt(file, 8) === 'WAVE';
}

/**
 * Reads a wav; one that is cut short is read as far as it goes.
 * @throws Error with words that follow the name of the file.
 */
export function readWav(file: Uint8Array<ArrayBuffer>): RawAudio {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let format: { channelCount: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const tag = tagAt(file, at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag === 'fmt ' && body + 16 <= file.length) format = readFormat(view, body);
    if (tag === 'data' && format) {
      const end = Math.min(body + size, file.length);
      return { ...format, samples: readSamples(view, body, end, format.channelCount) };
    }
    at = body + size + (size % 2);
  }
  throw new Error(format ? 'is a wav without sound' : 'is a wav without a format');
}

function readFormat(view: DataView, at: number) {
  const kind = view.getUint16(at, true);
  const channelCount = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (![PCM, EXTENSIBLE].includes(kind) || bits !== 16) {
    throw new Error(`is a wav of format ${kind} with ${bits} bits; 16-bit PCM is needed`);
  }
  if (channelCount < 1 || channelCount > 32) throw new Error(`is a wav of ${channelCount} channels`);
  if (sampleRate < 4000 || sampleRate > 192_000) throw new Error(`is a wav of ${sampleRate} Hz`);
  return { channelCount, sampleRate };
}

function readSamples(view: DataView, start: number, end: number, channelCount: number): Int16Array {
  const frames = Math.floor((end - start) / 2 / channelCount);
  return new Int16Array(frames * channelCount).map((_, i) => view.getInt16(start + 2 * i, true));
}

/** A wav of parts that follow each other, each with its channels interleaved. */
export function writeWav(parts: readonly Int16Array[], sampleRate: number, channelCount: number): Buffer {
  const bytes = parts.reduce((total, part) => total + part.length * 2, 0);
  const file = Buffer.alloc(HEADER_BYTES + bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(channelCount, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * channelCount * 2, 28);
  file.writeUInt16LE(channelCount * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(bytes, 40);
  let at = HEADER_BYTES;
  for (const part of parts) for (const sample of part) at = file.writeInt16LE(sample, at);
  return file;
}

function tagAt(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}
