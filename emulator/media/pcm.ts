/** All audio of the emulator: one channel, 16 bits, 48 000 samples a second, in frames of 10 ms. */
export const SAMPLE_RATE = 48_000;
export const FRAME_SAMPLES = 480;
export const FRAME_MS = 10;

/** 5 ms: how long the ear needs to take a change of level for a fade and not for a click. */
export const RAMP_SAMPLES = 240;

const FULL_SCALE = 32_768;

/** Rounds to the nearest sample value and holds it within 16 bits. */
export function toSample(value: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value)));
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

/** What a WebRTC engine delivers: interleaved channels, any rate. */
export interface RawAudio {
  samples: Int16Array;
  sampleRate: number;
  channelCount?: number;
}

/** One frame of this emulator's format from 10 ms of another; what is longer is cut, what is shorter ends in silence. */
export function toFrame(audio: RawAudio): Int16Array {
  const converted = toMono48k(audio);
  if (converted.length === FRAME_SAMPLES) return converted;
  const frame = new Int16Array(FRAME_SAMPLES);
  frame.set(converted.subarray(0, FRAME_SAMPLES));
  return frame;
}

/** The whole of it in this emulator's format. */
export function toMono48k({ samples, sampleRate, channelCount = 1 }: RawAudio): Int16Array {
  const mono = channelCount === 1 ? samples : downmix(samples, channelCount);
  return sampleRate === SAMPLE_RATE ? mono : resample(mono, sampleRate, SAMPLE_RATE);
}

function downmix(samples: Int16Array, channels: number): Int16Array {
  return new Int16Array(Math.floor(samples.length / channels)).map((_, i) => {
    let sum = 0;
    for (const sample of samples.subarray(i * channels, (i + 1) * channels)) sum += sample;
    return sum / channels;
  });
}

/** Zero crossings of the filter on either side of a sample: more are sharper and slower. */
const CROSSINGS = 16;

/**
 * The samples at another rate, band-limited (windowed sinc, a polyphase filter). Beyond its ends the
 * recording is taken to hold its first and last value.
 * @throws RangeError when a rate is not a positive whole number of Hz.
 */
export function resample(samples: Int16Array, fromRate: number, toRate: number): Int16Array {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isInteger(rate) || rate <= 0) throw new RangeError(`not a sample rate: ${rate}`);
  }
  if (fromRate === toRate) return samples.slice();
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const phases = toRate / divisor;
  const step = fromRate / divisor;
  const kernels = sincKernels(phases, Math.min(1, toRate / fromRate));
  const last = samples.length - 1;
  const result = new Int16Array(Math.round((samples.length * toRate) / fromRate));
  for (let n = 0; n < result.length; n++) {
    const position = n * step;
    const kernel = kernels[position % phases] ?? [];
    const first = Math.floor(position / phases) - kernel.length / 2 + 1;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) {
      const index = Math.max(0, Math.min(last, first + tap));
      sum += (kernel[tap] ?? 0) * (samples[index] ?? 0);
    }
    result[n] = toSample(sum);
  }
  return result;
}

/** One filter for each position that an output sample can have between two input samples. */
function sincKernels(phases: number, cutoff: number): Float64Array[] {
  const reach = Math.ceil(CROSSINGS / cutoff);
  return Array.from({ length: phases }, (_, phase) => {
    const kernel = new Float64Array(2 * reach).map((_, tap) => {
      const distance = tap - reach + 1 - phase / phases;
      return sinc(distance * cutoff) * blackman(distance / reach);
    });
    const sum = kernel.reduce((total, weight) => total + weight, 0);
    return kernel.map((weight) => weight / sum);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The Blackman window over -1…1. */
function blackman(x: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
