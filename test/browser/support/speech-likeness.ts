import { EAR_RATE } from './ears.ts';

/** Samples of a frame: 20 ms. */
const FRAME = EAR_RATE / 50;
/** Frames per piece of speech to search for: 400 ms, about two syllables. */
const PIECE = 20;
const STEP = 10;
/** Edges of the compared frequency bands, Hz: those of telephone speech. */
const BANDS = [150, 350, 550, 800, 1100, 1500, 2000, 2700, 3600];
/** Levels below this are silence, dB under full scale. */
const FLOOR = -60;
/** Minimum correlation of a heard piece. The same text reaches 0.95, another text 0.89. */
const ALIKE = 0.9;

/**
 * The share of a text's pieces found in the recording, from 0 to 1. Piece by piece, because a busy
 * machine or a network may leave gaps, and each with time warping, because a receiver
 * stretches and shortens speech to compensate for jitter.
 * @param spoken samples at 48 kHz, as the platform speaks them
 * @param heard samples at the recording's rate
 */
export function shareHeard(spoken: Int16Array, heard: readonly number[]): number {
  const wanted = spectrogram(decimate(spoken));
  const got = spectrogram(heard);
  let pieces = 0;
  let found = 0;
  for (let start = 0; start + PIECE <= wanted.length; start += STEP) {
    const piece = wanted.slice(start, start + PIECE);
    if (isMostlySilent(piece)) continue;
    pieces += 1;
    if (bestMatch(piece, got) >= ALIKE) found += 1;
  }
  return pieces === 0 ? 0 : found / pieces;
}

/** A possible alignment of a piece with the audio, frame by frame. */
interface Path {
  frames: readonly number[];
  distance: number;
}

/** The best correlation of a piece with the audio: dynamic time warping with any start. */
function bestMatch(piece: number[][], sound: number[][]): number {
  const [first = [], ...rest] = piece;
  let paths: Path[] = sound.map((frame, at) => ({ frames: [at], distance: distance(first, frame) }));
  for (const wanted of rest) {
    paths = sound.map((frame, at) => {
      const before = nearest([paths[at - 1], paths[at - 2], stayed(paths[at]) ? undefined : paths[at]]);
      return { frames: [...before.frames, at], distance: before.distance + distance(wanted, frame) };
    });
  }
  const heardAlong = ({ frames }: Path) => frames.flatMap((at) => sound[at] ?? []);
  const whole = paths.filter(({ distance }) => Number.isFinite(distance));
  return Math.max(0, ...whole.map((path) => correlation(piece.flat(), heardAlong(path))));
}

/** Two frames of the piece may match one of the audio, which was shortened; three may not. */
function stayed(path: Path | undefined): boolean {
  return path !== undefined && path.frames.at(-1) === path.frames.at(-2);
}

function nearest(paths: readonly (Path | undefined)[]): Path {
  let best: Path = { frames: [], distance: Number.POSITIVE_INFINITY };
  for (const path of paths) if (path && path.distance < best.distance) best = path;
  return best;
}

function distance(one: number[], other: number[]): number {
  return one.reduce((sum, level, band) => sum + (level - (other[band] ?? 0)) ** 2, 0);
}

/** Level of each band, frame by frame, from 0 for silence. */
function spectrogram(samples: ArrayLike<number>): number[][] {
  const frames: number[][] = [];
  for (let start = 0; start + FRAME <= samples.length; start += FRAME) frames.push(levels(samples, start));
  return frames;
}

function levels(samples: ArrayLike<number>, start: number): number[] {
  const energies = BANDS.slice(1).map(() => 0);
  for (let bin = 1; bin < FRAME / 2; bin += 1) {
    const hertz = (bin * EAR_RATE) / FRAME;
    const band = BANDS.findLastIndex((edge) => hertz >= edge);
    if (band < 0 || band >= energies.length) continue;
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < FRAME; index += 1) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / FRAME);
      const sample = (samples[start + index] ?? 0) * window;
      const angle = (2 * Math.PI * bin * index) / FRAME;
      real += sample * Math.cos(angle);
      imaginary -= sample * Math.sin(angle);
    }
    energies[band] = (energies[band] ?? 0) + (real ** 2 + imaginary ** 2) / FRAME ** 2;
  }
  return energies.map((energy) => Math.max(0, 10 * Math.log10(energy + 1e-12) - FLOOR));
}

function isMostlySilent(piece: number[][]): boolean {
  return piece.filter((frame) => Math.max(...frame) < 10).length > PIECE / 2;
}

function correlation(one: number[], other: number[]): number {
  const a = centred(one);
  const b = centred(other);
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}

function centred(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** Resamples 48 kHz to the recording's rate, as the page does. */
function decimate(samples: Int16Array): number[] {
  const step = 48_000 / EAR_RATE;
  return Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    let sum = 0;
    for (let offset = 0; offset < step; offset += 1) sum += samples[index * step + offset] ?? 0;
    return sum / step / 32_768;
  });
}
