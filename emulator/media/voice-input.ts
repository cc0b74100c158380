import { fade, glideToSilence, RAMP_SAMPLES } from './pcm.ts';

/** 20 ms are gathered before a voice starts: frames come on the peer's clock, not on ours. */
const START_FRAMES = 2;
/** 60 ms: beyond this the oldest frame goes, for speech must not lag. */
const MAX_FRAMES = 6;

/** The voice of one peer on its way to the mix. */
export interface VoiceInput {
  /** Takes a frame as the peer delivers it. The frame is kept: leave it as it is. */
  push(frame: Int16Array): void;
  /** Forgets what waits; what sounds glides to silence. */
  clear(): void;
  /** The next 10 ms; undefined when the voice is silent. */
  next(): Int16Array | undefined;
}

/** A small jitter queue. Starting, running dry and skipping are smoothed over 5 ms. */
export function createVoiceInput(): VoiceInput {
  const queue: Int16Array[] = [];
  let flowing = false;
  let sounding = false;
  let lastSample = 0;

  return {
    push(frame) {
      queue.push(frame);
      if (queue.length <= MAX_FRAMES) return;
      const dropped = queue.shift();
      const head = queue[0];
      if (dropped && head) queue[0] = crossfade(dropped, head);
    },
    clear() {
      queue.length = 0;
    },
    next() {
      if (queue.length >= START_FRAMES) flowing = true;
      const frame = flowing ? queue.shift() : undefined;
      if (frame) {
        const voice = sounding ? frame : fade(frame, 0, 1);
        sounding = true;
        lastSample = frame.at(-1) ?? 0;
        return voice;
      }
      const wasSounding = sounding;
      flowing = false;
      sounding = false;
      return wasSounding ? glideToSilence(lastSample) : undefined;
    },
  };
}

/** The second frame, entered within 5 ms from the first. */
function crossfade(from: Int16Array, to: Int16Array): Int16Array {
  return to.map((sample, i) => {
    const gain = Math.min(1, (i + 1) / RAMP_SAMPLES);
    return sample * gain + (from[i] ?? 0) * (1 - gain);
  });
}
