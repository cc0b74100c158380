import { toSample } from './pcm.ts';

/** Zero crossings of the filter on either side of a sample: more are sharper and slower. */
const CROSSINGS = 16;
/** What is converted piece by piece is so much late: the filter's reach at 8000 samples a second, the lowest rate. */
const MARGIN_MS = 2;

/**
 * The samples at another rate, band-limited (windowed sinc, a polyphase filter). Beyond its ends the
 * recording is taken to hold its first and last value.
 * @throws RangeError when a rate is not a positive whole number of Hz.
 */
export function resample(samples: Int16Array, fromRate: number, toRate: number): Int16Array {
  const filter = createFilter(fromRate, toRate);
  if (fromRate === toRate) return samples.slice();
  const { reach } = filter;
  const padded = new Int16Array(samples.length + 2 * reach);
  padded.fill(samples[0] ?? 0, 0, reach);
  padded.set(samples, reach);
  padded.fill(samples.at(-1) ?? 0, reach + samples.length);
  return apply(filter, padded);
}

/**
 * Converts a stream of samples piece by piece, 2 ms late, without seams.
 * @param fromRate Hz, a multiple of 500, and 8000 at least; the same for the other.
 */
export function createStreamResampler(fromRate: number, toRate: number): (samples: Int16Array) => Int16Array {
  const filter = createFilter(fromRate, toRate);
  const margin = (fromRate * MARGIN_MS) / 1000;
  let before = new Int16Array(2 * margin);
  return (samples) => {
    const whole = new Int16Array(before.length + samples.length);
    whole.set(before);
    whole.set(samples, before.length);
    before = whole.subarray(-before.length);
    return apply(filter, whole.subarray(margin - filter.reach, whole.length - margin + filter.reach));
  };
}

interface Filter {
  /** Number of output samples per `step` input samples, each with its own kernel. */
  phases: number;
  step: number;
  kernels: Float64Array[];
  /** Input samples on either side that an output sample is made of. */
  reach: number;
}

function createFilter(fromRate: number, toRate: number): Filter {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isInteger(rate) || rate <= 0) throw new RangeError(`not a sample rate: ${rate}`);
  }
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const phases = toRate / divisor;
  const step = fromRate / divisor;
  const cutoff = Math.min(1, toRate / fromRate);
  const reach = Math.ceil(CROSSINGS / cutoff);
  return { phases, step, kernels: sincKernels(phases, step, cutoff, reach), reach };
}

/** @param padded with as many samples before and after those to convert as the filter reaches. */
function apply({ phases, step, kernels, reach }: Filter, padded: Int16Array): Int16Array {
  const result = new Int16Array(Math.round(((padded.length - 2 * reach) * phases) / step));
  for (const [phase, kernel] of kernels.entries()) {
    let first = Math.floor((phase * step) / phases) + 1;
    for (let n = phase; n < result.length; n += phases) {
      // Two sums are faster than one: no addition waits for the one before it.
      let even = 0;
      let odd = 0;
      for (let tap = 0; tap < kernel.length; tap += 2) {
        even += (kernel[tap] ?? 0) * (padded[first + tap] ?? 0);
        odd += (kernel[tap + 1] ?? 0) * (padded[first + tap + 1] ?? 0);
      }
      result[n] = toSample(even + odd);
      first += step;
    }
  }
  return result;
}

function sincKernels(phases: number, step: number, cutoff: number, reach: number): Float64Array[] {
  return Array.from({ length: phases }, (_, phase) => {
    const offset = ((phase * step) % phases) / phases;
    const kernel = new Float64Array(2 * reach).map((_, tap) => {
      const distance = tap - reach + 1 - offset;
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
