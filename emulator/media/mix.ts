import { FRAME_SAMPLES } from './pcm.ts';

/** Up to here (-1.4 dBFS) a sum is left as it is; above, it bends gently towards full scale. */
const KNEE = 28_000;
const HEADROOM = 32_767 - KNEE;

/**
 * What is heard when frames sound at once: their sum, softly limited so that it never wraps. One frame
 * alone is returned as it is, no frame gives silence. Frames are never changed.
 */
export function mix(frames: readonly Int16Array[]): Int16Array {
  const [only] = frames;
  if (!only) return new Int16Array(FRAME_SAMPLES);
  if (frames.length === 1) return only;
  const sum = new Int32Array(FRAME_SAMPLES);
  for (const frame of frames) {
    for (let i = 0; i < FRAME_SAMPLES; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
  }
  const result = new Int16Array(FRAME_SAMPLES);
  for (let i = 0; i < FRAME_SAMPLES; i++) result[i] = limit(sum[i] ?? 0);
  return result;
}

function limit(value: number): number {
  const size = Math.abs(value);
  if (size <= KNEE) return value;
  return Math.sign(value) * (KNEE + HEADROOM * Math.tanh((size - KNEE) / HEADROOM));
}
