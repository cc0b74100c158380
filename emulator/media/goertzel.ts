import { SAMPLE_RATE } from './pcm.ts';

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
