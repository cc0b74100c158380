import { writeWav } from '../emulator/media/wav.ts';

/** Samples a second of what a page heard: enough for speech and tones. */
export const EAR_RATE = 8000;

/** Hz of the tone that is played as a stream and as hold music. */
export const TONE = 440;

/** Seconds of a window in which a sound is looked for; a whole number of waves of the tone. */
const WINDOW = 0.1;
/** dBFS: what is quieter counts as silence. */
const AUDIBLE = -45;
/** Share of the power that may be other than the tone where the tone alone is heard. */
const PURE = 0.3;

/** What is heard in one window: power relative to full scale. */
interface Window {
  tone: boolean;
  /** Something other than the tone. */
  other: boolean;
}

/** Cuts what was heard into windows, and says for each whether the tone, or something else, is in it. */
export function windowsOf(samples: ArrayLike<number>, hertz = TONE): Window[] {
  const size = EAR_RATE * WINDOW;
  const least = 10 ** (AUDIBLE / 10);
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const part = Array.from({ length: size }, (_, i) => samples[index * size + i] ?? 0);
    const all = part.reduce((sum, sample) => sum + sample * sample, 0) / size;
    const tone = tonePower(part, hertz);
    const other = all - tone;
    return {
      tone: tone > least && tone > 8 * tonePower(part, hertz * 1.7),
      other: other > least && other > PURE * tone,
    };
  });
}

/** The share of windows, 0 to 1, in which something is heard; 0 without windows. */
export function share(windows: readonly Window[], what: (window: Window) => boolean): number {
  return windows.length === 0 ? 0 : windows.filter(what).length / windows.length;
}

/** Mean power of one frequency (Goertzel). */
function tonePower(samples: readonly number[], hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / EAR_RATE);
  let [previous, last] = [0, 0];
  for (const sample of samples) [previous, last] = [last, sample + turn * last - previous];
  const power = previous ** 2 + last ** 2 - turn * previous * last;
  return (2 * power) / samples.length ** 2;
}

/** A wav file with a second of the tone, which can be repeated without a gap. */
export function toneFile(): Buffer {
  const samples = new Int16Array(16_000).map((_, i) => 8000 * Math.sin((2 * Math.PI * TONE * i) / 16_000));
  return writeWav([samples], 16_000, 1);
}
