import { tonePower } from './goertzel.ts';
import { KEY_COLUMNS, KEY_ROWS, keyAt } from './key-frequencies.ts';
import { FRAME_SAMPLES, fromDbfs, meanSquare } from './pcm.ts';

/** 20 ms are looked at together: less does not tell 697 Hz from 770 Hz. */
const BLOCK_FRAMES = 2;
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
  const block = new Int16Array(BLOCK_FRAMES * FRAME_SAMPLES);
  let filled = 0;
  let sounding: string | undefined;
  let blocks = 0;

  return (frame) => {
    block.set(frame, filled * FRAME_SAMPLES);
    filled = (filled + 1) % BLOCK_FRAMES;
    if (filled > 0) return;
    const key = keyIn(block);
    blocks = key === sounding ? blocks + 1 : 1;
    sounding = key;
    if (key !== undefined && blocks === BLOCKS_OF_A_KEY) pressed(key);
  };
}

function keyIn(block: Int16Array): string | undefined {
  const total = meanSquare(block);
  if (total < LEAST_POWER) return undefined;
  const row = strongest(block, KEY_ROWS);
  const column = strongest(block, KEY_COLUMNS);
  if (!row || !column || (row.power + column.power) / total < LEAST_SHARE) return undefined;
  if (Math.max(row.power, column.power) / Math.min(row.power, column.power) > MOST_TWIST) return undefined;
  return keyAt(row.index, column.index);
}

/** The tone of a group that clearly leads the others. */
function strongest(block: Int16Array, group: readonly number[]) {
  const [first, second] = group
    .map((hertz, index) => ({ index, power: tonePower(block, hertz) }))
    .sort((a, b) => b.power - a.power);
  return first && second && first.power > LEAST_LEAD * second.power ? first : undefined;
}
