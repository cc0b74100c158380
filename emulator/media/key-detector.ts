import { KEY_COLUMNS, KEY_ROWS, keyAt } from './key-frequencies.ts';
import { FRAME_SAMPLES, fromDbfs, meanSquare, SAMPLE_RATE } from './pcm.ts';

/** 20 ms are looked at together: less does not tell 697 Hz from 770 Hz. */
const BLOCK_FRAMES = 2;
/** So many samples are averaged to one: for tones up to 1633 Hz, 12 000 a second are more than enough. */
const DECIMATION = 4;
const RATE = SAMPLE_RATE / DECIMATION;
const BLOCK_SAMPLES = (BLOCK_FRAMES * FRAME_SAMPLES) / DECIMATION;
/** A key must last 40 ms (ITU-T Q.24). */
const BLOCKS_OF_A_KEY = 2;
/** Softer than -40 dBFS is no key. */
const LEAST_POWER = fromDbfs(-40) ** 2;
/** The two tones must make up so much of all that sounds: speech has more in it. */
const LEAST_SHARE = 0.8;
/** By how much the stronger of the two may exceed the other: 10 dB. */
const MOST_TWIST = 10;
/** By how much each must exceed the next of its group: 6 dB. */
const LEAST_LEAD = 4;

/** Hears the keys of a telephone in its sound: calls `pressed` once for each, when it has sounded for 40 ms. */
export function createKeyDetector(pressed: (key: string) => void): (frame: Int16Array) => void {
  const block = new Int16Array(BLOCK_SAMPLES);
  let filled = 0;
  let total = 0;
  let sounding: string | undefined;
  let blocks = 0;

  return (frame) => {
    total += meanSquare(frame) / BLOCK_FRAMES;
    for (let i = 0; i < FRAME_SAMPLES; i += DECIMATION) block[filled++] = average(frame, i);
    if (filled < BLOCK_SAMPLES) return;
    const key = keyIn(block, total);
    filled = 0;
    total = 0;
    blocks = key === sounding ? blocks + 1 : 1;
    sounding = key;
    if (key !== undefined && blocks === BLOCKS_OF_A_KEY) pressed(key);
  };
}

function average(samples: Int16Array, start: number): number {
  let sum = 0;
  for (let i = start; i < start + DECIMATION; i++) sum += samples[i] ?? 0;
  return sum / DECIMATION;
}

/** @param total mean square of the block before it was decimated. */
function keyIn(block: Int16Array, total: number): string | undefined {
  if (total < LEAST_POWER) return undefined;
  const row = strongest(block, KEY_ROWS);
  const column = row && strongest(block, KEY_COLUMNS);
  if (!column || (row.power + column.power) / total < LEAST_SHARE) return undefined;
  if (Math.max(row.power, column.power) / Math.min(row.power, column.power) > MOST_TWIST) return undefined;
  return keyAt(row.index, column.index);
}

/** The tone of a group that clearly leads the others. */
function strongest(block: Int16Array, group: readonly number[]) {
  const [first, second] = group
    .map((hertz, index) => ({ index, power: tonePower(block, hertz, RATE) }))
    .sort((a, b) => b.power - a.power);
  return first && second && first.power > LEAST_LEAD * second.power ? first : undefined;
}

/** The power of one frequency in the samples: the mean square of that sine alone (Goertzel's algorithm). */
export function tonePower(samples: Int16Array, hertz: number, rate = SAMPLE_RATE): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const energy = last ** 2 + beforeLast ** 2 - coefficient * last * beforeLast;
  return samples.length === 0 ? 0 : (Math.max(0, energy) * 2) / samples.length ** 2;
}
