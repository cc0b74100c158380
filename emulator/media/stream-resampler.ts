import { resample } from './pcm.ts';

/** 10 ms on either side of what is converted: the filter of `resample` reaches into the neighbours. */
const MARGIN_MS = 10;

/** Converts a stream of samples piece by piece, 10 ms late, without seams. */
export function createStreamResampler(fromRate: number, toRate: number): (samples: Int16Array) => Int16Array {
  const margin = (fromRate * MARGIN_MS) / 1000;
  const cut = (toRate * MARGIN_MS) / 1000;
  let before = new Int16Array(2 * margin);
  return (samples) => {
    const whole = new Int16Array(before.length + samples.length);
    whole.set(before);
    whole.set(samples, before.length);
    before = whole.slice(-2 * margin);
    return resample(whole, fromRate, toRate).slice(cut, -cut);
  };
}
