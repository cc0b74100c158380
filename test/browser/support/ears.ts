import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Sample rate of a page's recorded audio; enough for speech and for the test tones. */
export const EAR_RATE = 8000;

/** A section of what a page heard. */
export interface Heard {
  /** Milliseconds since 1970 of the first sample. */
  from: number;
  samples: number[];
}

/** Runs in the page before its own scripts: records each remote track as the page plays it. */
function growEars(rate: number): void {
  const heard: { at: number; samples: Float32Array }[] = [];
  const listen = async (track: MediaStreamTrack) => {
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done || !value) return;
      const all = new Float32Array(value.numberOfFrames);
      value.copyTo(all, { planeIndex: 0, format: 'f32-planar' });
      const step = Math.round(value.sampleRate / rate);
      const kept = new Float32Array(Math.floor(all.length / step));
      for (let index = 0; index < kept.length; index += 1) {
        let sum = 0;
        for (let offset = 0; offset < step; offset += 1) sum += all[index * step + offset] ?? 0;
        kept[index] = sum / step;
      }
      heard.push({ at: Date.now(), samples: kept });
      if (heard.length > 12_000) heard.shift();
      value.close();
    }
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', (event) => void listen(event.track));
    }
  };
  Object.assign(window, {
    heardSince: (from: number) => {
      const parts = heard.filter((part) => part.at >= from);
      return { from: parts[0]?.at ?? from, samples: parts.flatMap((part) => [...part.samples]) };
    },
  });
}

/** Records a page's remote audio. Call it before the page is opened. */
export async function giveEars(page: Page): Promise<void> {
  await page.addInitScript(growEars, EAR_RATE);
}

/** What the page has heard since a moment (milliseconds since 1970). */
export function heardSince(page: Page, from: number): Promise<Heard> {
  return page.evaluate((start) => window.heardSince(start), from);
}

declare global {
  interface Window {
    heardSince(from: number): Heard;
  }
}

/** Level of one frequency in a section of audio, dBFS (Goertzel). */
export function toneLevel(samples: ArrayLike<number>, hertz: number, rate = EAR_RATE): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let previous = 0;
  let last = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const next = (samples[index] ?? 0) + turn * last - previous;
    previous = last;
    last = next;
  }
  const power = previous ** 2 + last ** 2 - turn * previous * last;
  return 10 * Math.log10(Math.max(1e-12, power / (samples.length / 2) ** 2));
}

/** Loudness of a section of audio, dBFS (RMS). */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  return 10 * Math.log10(Math.max(1e-12, sum / Math.max(1, samples.length)));
}

/**
 * Hears tones from now on, all within a tenth of a second, and louder than a tone that nobody makes.
 * @param least dBFS
 */
export async function hears(page: Page, hertz: readonly number[], least = -50): Promise<void> {
  const from = Date.now();
  const stretch = EAR_RATE / 10;
  await expect
    .poll(
      async () => {
        const { samples } = await heardSince(page, from);
        let best = -120;
        for (let start = 0; start + stretch <= samples.length; start += stretch / 8) {
          const part = samples.slice(start, start + stretch);
          const levels = hertz.map((tone) => toneLevel(part, tone));
          if (Math.min(...levels) - toneLevel(part, 1210) > 8) best = Math.max(best, ...levels);
        }
        return best;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(least);
}

/** The highest level of a tone in any tenth of a second. */
export function strongest({ samples }: Heard, hertz: number): number {
  return Math.max(...stretches(samples, EAR_RATE / 10).map((part) => toneLevel(part, hertz)), -120);
}

/**
 * Whether a tone is heard, and whether it is that one rather than any sound. Ask again until both are so: the first moment
 * of a tone is a click.
 */
export function hearsTone(heard: Heard, hertz: number): { isHeard: boolean; isThisTone: boolean } {
  const level = strongest(heard, hertz);
  return { isHeard: level > -60, isThisTone: level - strongest(heard, hertz * 1.37) > 10 };
}

/** A section in parts of the same length; what is left over is left out. */
export function stretches<T extends number[] | Float32Array>(samples: T, length: number): T[] {
  const parts: T[] = [];
  for (let start = 0; start + length <= samples.length; start += length) {
    parts.push(samples.slice(start, start + length) as T);
  }
  return parts;
}
