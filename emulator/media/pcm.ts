/** All audio of the emulator: one channel, 16 bits, 48 000 samples a second, in frames of 10 ms. */
export const SAMPLE_RATE = 48_000;
export const FRAME_SAMPLES = 480;
export const FRAME_MS = 10;

/** 5 ms: how long the ear needs to take a change of level for a fade and not for a click. */
export const RAMP_SAMPLES = 240;

const FULL_SCALE = 32_768;

/** Rounds to the nearest sample value and holds it within 16 bits. */
export function toSample(value: number): number {
  // Math.round is slower, and this is done for each sample.
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.floor(value + 0.5)));
}

/** The sample value of a level: 0 dBFS is 32 768. */
export function fromDbfs(level: number): number {
  return FULL_SCALE * 10 ** (level / 20);
}

/** The level in dBFS of a sample value; -Infinity for 0. */
export function toDbfs(value: number): number {
  return 20 * Math.log10(Math.abs(value) / FULL_SCALE);
}

/** Mean of the squared samples; 0 for no samples. */
export function meanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

/** RMS level in dBFS; -Infinity for silence. */
export function levelDbfs(samples: Int16Array): number {
  return toDbfs(Math.sqrt(meanSquare(samples)));
}

/** The frame with its gain taken from one value to another within the first 5 ms (0 silent, 1 as it is). */
export function fade(frame: Int16Array, from: number, to: number): Int16Array {
  return frame.map((sample, i) => sample * (from + (to - from) * Math.min(1, (i + 1) / RAMP_SAMPLES)));
}

/** A frame that glides from the last sample heard to silence, for a voice that breaks off. */
export function glideToSilence(last: number): Int16Array {
  return new Int16Array(FRAME_SAMPLES)
    .fill(last)
    .map((sample, i) => sample * Math.max(0, 1 - (i + 1) / RAMP_SAMPLES));
}
