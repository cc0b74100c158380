import { RAMP_SAMPLES, SAMPLE_RATE, toSample } from './pcm.ts';

/** A source of speech, tones or music. It starts and ends in silence, so that nothing clicks. */
export interface AudioSource {
  /** Fills the frame; false: ended (the frame's rest is silence). */
  read(frame: Int16Array): boolean;
  /** How many samples are still to come; Infinity for what never ends. */
  readonly left: number;
  /** Skips a number of samples. */
  skip(samples: number): void;
}

interface SamplesOptions {
  /** How often the samples are played (1 when absent); 0 repeats them without end. */
  loop?: number;
  /** -1 is silence, 0 as they are, 1 twice as loud (the `level` of an NCCO). Default 0. */
  level?: number;
}

/** Plays samples; their first and last 5 ms are faded, on each round. The samples are not copied: leave them as they are. */
export function samplesSource(
  samples: Int16Array,
  { loop = 1, level = 0 }: SamplesOptions = {},
): AudioSource {
  let roundsLeft = samples.length === 0 ? 0 : loop === 0 ? Number.POSITIVE_INFINITY : loop;
  let position = 0;
  return {
    read(frame) {
      let filled = 0;
      while (filled < frame.length && roundsLeft > 0) {
        const count = Math.min(frame.length - filled, samples.length - position);
        frame.set(samples.subarray(position, position + count), filled);
        const part = frame.subarray(filled, filled + count);
        if (level !== 0) changeLevel(part, level);
        fadeEdges(part, position, samples.length);
        filled += count;
        position += count;
        if (position === samples.length) {
          position = 0;
          roundsLeft -= 1;
        }
      }
      frame.fill(0, filled);
      return roundsLeft > 0;
    },
    get left() {
      return roundsLeft === 0 ? 0 : roundsLeft * samples.length - position;
    },
    skip(count) {
      if (roundsLeft === 0) return;
      const end = position + count;
      roundsLeft = Math.max(0, roundsLeft - Math.floor(end / samples.length));
      position = roundsLeft === 0 ? 0 : end % samples.length;
    },
  };
}

/** Plays sources one after the other; it has ended while there are none, and goes on with the next that is added. */
export function queueOfSources(): AudioSource & { add(source: AudioSource): void } {
  const queue: AudioSource[] = [];
  return {
    add: (source) => queue.push(source),
    read(frame) {
      const [head] = queue;
      if (!head) frame.fill(0);
      else if (!head.read(frame)) queue.shift();
      return queue.length > 0;
    },
    get left() {
      return queue.reduce((total, { left }) => total + left, 0);
    },
    skip(samples) {
      let rest = samples;
      for (let [head] = queue; head && rest > 0; [head] = queue) {
        const skipped = Math.min(rest, head.left);
        head.skip(skipped);
        rest -= skipped;
        if (head.left === 0) queue.shift();
      }
    },
  };
}

/** Silence of a length in milliseconds. */
export function silence(durationMs: number): AudioSource {
  let left = Math.round((durationMs * SAMPLE_RATE) / 1000);
  return {
    read(frame) {
      frame.fill(0);
      left = Math.max(0, left - frame.length);
      return left > 0;
    },
    get left() {
      return left;
    },
    skip(samples) {
      left = Math.max(0, left - samples);
    },
  };
}

function changeLevel(part: Int16Array, level: number): void {
  for (const [i, sample] of part.entries()) part[i] = toSample(sample * (1 + level));
}

/** Fades what of a part lies in the first or last 5 ms of the whole. */
function fadeEdges(part: Int16Array, start: number, total: number): void {
  if (start >= RAMP_SAMPLES && start + part.length <= total - RAMP_SAMPLES) return;
  for (const [i, sample] of part.entries()) {
    const fromEdge = Math.min(start + i, total - 1 - start - i);
    if (fromEdge < RAMP_SAMPLES) part[i] = (sample * fromEdge) / RAMP_SAMPLES;
  }
}
