import { fade, glideToSilence, RAMP_SAMPLES } from './pcm.ts';

/** 20 ms are gathered before a voice starts: frames come on the peer's clock, not on ours. */
const LEAST_CUSHION = 2;
/** 100 ms are gathered at most, where frames come unevenly. */
const MOST_CUSHION = 10;
/** A voice that is back within 200 ms had not ended: it was late. */
const LATE_TICKS = 20;
/** Half a minute without running dry, and less is gathered. */
const CALM_TICKS = 3000;
/** So many frames above the cushion may wait; more that none of 50 ticks needed go, for speech must not lag. */
const SPARE_FRAMES = 2;
const WATCHED_TICKS = 50;
/** At most 300 ms are buffered: a busy process gets frames in bursts, and catches up as fast. */
const MAX_FRAMES = 30;

/** The voice of one peer on its way to the mix. */
export interface VoiceInput {
  /** Takes a frame as the peer delivers it. The frame is kept: leave it as it is. */
  push(frame: Int16Array): void;
  /** Forgets what waits; what sounds glides to silence. */
  clear(): void;
  /** The next 10 ms; undefined when the voice is silent. */
  next(): Int16Array | undefined;
}

/** A jitter queue that learns how unevenly frames come. Starting, running dry and skipping are smoothed over 5 ms. */
export function createVoiceInput(): VoiceInput {
  const queue: Int16Array[] = [];
  let flowing = false;
  let sounding = false;
  let lastSample = 0;
  let cushion = LEAST_CUSHION;
  /** Ticks: for which the first frame has waited for others, since it last ran dry, and of the present watch. */
  let waited = 0;
  let sinceDry = Number.POSITIVE_INFINITY;
  let watched = 0;
  /** Fewest frames that were left over in the present watch. */
  let spare = Number.POSITIVE_INFINITY;

  function mayStart(): boolean {
    if (queue.length === 0) return false;
    waited += 1;
    // What is no more than a few frames must be heard too.
    return queue.length >= cushion || waited > cushion;
  }

  function start(): void {
    flowing = true;
    waited = 0;
    if (sinceDry <= LATE_TICKS) cushion = Math.min(MOST_CUSHION, cushion + 1);
    watch();
  }

  function watch(): void {
    watched = 0;
    spare = Number.POSITIVE_INFINITY;
  }

  /** Takes out the oldest frames; what sounds goes over into what is left. */
  function skip(count: number): void {
    const [first] = queue.splice(0, count);
    const head = queue[0];
    if (first && head) queue[0] = crossfade(first, head);
  }

  function lose(): void {
    spare = Math.min(spare, queue.length);
    watched += 1;
    if (watched < WATCHED_TICKS) return;
    const surplus = spare - cushion;
    if (surplus > SPARE_FRAMES) skip(surplus);
    watch();
  }

  return {
    push(frame) {
      queue.push(frame);
      if (queue.length > MAX_FRAMES) skip(1);
    },
    clear() {
      queue.length = 0;
      waited = 0;
    },
    next() {
      sinceDry += 1;
      if (sinceDry > CALM_TICKS && cushion > LEAST_CUSHION) {
        cushion -= 1;
        sinceDry = LATE_TICKS + 1;
      }
      if (!flowing && mayStart()) start();
      const frame = flowing ? queue.shift() : undefined;
      if (frame) {
        lose();
        const voice = sounding ? frame : fade(frame, 0, 1);
        sounding = true;
        lastSample = frame.at(-1) ?? 0;
        return voice;
      }
      const wasSounding = sounding;
      if (flowing) sinceDry = 0;
      flowing = false;
      sounding = false;
      return wasSounding ? glideToSilence(lastSample) : undefined;
    },
  };
}

/** The second frame, entered within 5 ms from the first. */
function crossfade(from: Int16Array, to: Int16Array): Int16Array {
  const result = to.slice();
  for (let i = 0; i < RAMP_SAMPLES; i++) {
    const gain = (i + 1) / RAMP_SAMPLES;
    result[i] = (to[i] ?? 0) * gain + (from[i] ?? 0) * (1 - gain);
  }
  return result;
}
