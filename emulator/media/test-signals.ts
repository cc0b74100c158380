import { tonePower } from './goertzel.ts';
import { FRAME_SAMPLES, fromDbfs, SAMPLE_RATE, toDbfs } from './pcm.ts';

/** A sine of a level (RMS, dBFS). */
export function sine(hertz: number, durationMs: number, level = -20, rate = SAMPLE_RATE): Int16Array {
  const amplitude = fromDbfs(level) * Math.SQRT2;
  return new Int16Array(Math.round((durationMs * rate) / 1000)).map((_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );
}

/** The level (RMS, dBFS) of one frequency in the samples. */
export function toneLevel(samples: Int16Array, hertz: number, rate = SAMPLE_RATE): number {
  return toDbfs(Math.sqrt(tonePower(samples, hertz, rate)));
}

/** The largest step from one sample to the next: a click is a step that the sound itself would not take. */
export function largestStep(samples: Int16Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return largest;
}

/** Samples in whole frames; what is left over at the end is dropped. */
export function toFrames(samples: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / FRAME_SAMPLES) }, (_, i) =>
    samples.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
}

/** Frames one after the other. */
export function join(frames: readonly Int16Array[]): Int16Array {
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}
