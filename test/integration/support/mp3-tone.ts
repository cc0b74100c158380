/** Bits in sequence. */
function pack(fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  const text = fields.map(([value, bits]) => value.toString(2).padStart(bits, '0')).join('');
  const bytes = text.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

/** Bytes of a frame of 128 kbit/s at 44.1 kHz: 1152 samples. */
const FRAME_BYTES = 417;
const FRAMES_A_SECOND = 44_100 / 1152;
/** MPEG-1 layer III without CRC, 128 kbit/s, 44.1 kHz, one channel (ISO 11172-3, 2.4.1.3). */
const HEADER: [number, number][] = [[0xfffb90c0, 32]];

/** What `mp3Tone` sounds like. */
export const MP3_HERTZ = 10 * FRAMES_A_SECOND;

/**
 * An mp3 that hums: in each granule one line of the spectrum is 1, all others are 0.
 * Written by hand, so that the tests need no encoder.
 */
export function mp3Tone(seconds: number): Buffer {
  // Huffman table 1: ten pairs of zeros before the line, five here (lines 0 to 9), then the pair 1, 0 with its sign.
  const lines: [number, number][] = [
    [0b11111, 5],
    [0b01, 2],
    [0, 1],
  ];
  const length = lines.reduce((total, [, bits]) => total + bits, 0);
  const granule: [number, number][] = [
    [length, 12],
    [6, 9], // pairs that are written
    [196, 8], // gain
    [0, 4 + 1], // no scale factors, long windows
    [1, 5], // Huffman table of each of three regions
    [1, 5],
    [1, 5],
    [15, 4], // the first region takes all
    [7, 3],
    [0, 3],
  ];
  const side: [number, number][] = [[0, 9 + 5 + 4], ...granule, ...granule];
  const frame = Buffer.alloc(FRAME_BYTES);
  Buffer.concat([pack(HEADER), pack(side), pack([...lines, ...lines])]).copy(frame);
  return Buffer.concat(Array.from({ length: Math.ceil(seconds * FRAMES_A_SECOND) }, () => frame));
}
