import { fromDbfs, meanSquare, SAMPLE_RATE, toSample } from './pcm.ts';

const TARGET_RMS = fromDbfs(-20);
const MAX_PEAK = fromDbfs(-3);
/** What is this much quieter than the peak (40 dB) counts as silence. */
const SILENCE_SHARE = 0.01;
const KEPT_SILENCE = 0.05 * SAMPLE_RATE;

/** Speech as it is played: silence at its ends cut to 50 ms, about -20 dBFS RMS, peaks at -3 dBFS at most. */
export function levelSpeech(samples: Int16Array): Int16Array {
  const trimmed = trimSilence(samples);
  const gain = Math.min(TARGET_RMS / (Math.sqrt(meanSquare(trimmed)) || 1), MAX_PEAK / (peak(trimmed) || 1));
  return trimmed.map((sample) => toSample(sample * gain));
}

function trimSilence(samples: Int16Array): Int16Array {
  const threshold = peak(samples) * SILENCE_SHARE;
  const sounds = (sample: number) => Math.abs(sample) > threshold;
  const first = samples.findIndex(sounds);
  if (first < 0) return new Int16Array();
  const last = samples.findLastIndex(sounds);
  return samples.slice(Math.max(0, first - KEPT_SILENCE), last + 1 + KEPT_SILENCE);
}

function peak(samples: Int16Array): number {
  let highest = 0;
  for (const sample of samples) highest = Math.max(highest, Math.abs(sample));
  return highest;
}
