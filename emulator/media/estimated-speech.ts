import { fromDbfs, SAMPLE_RATE } from './pcm.ts';
import type { Speaker } from './speech.ts';
import { speechText } from './speech-text.ts';

/** Seconds that the engine takes for a character, a word's pause and a text's end, about (espeak-ng, English). */
const PER_CHARACTER = 0.06;
const PER_WORD = 0.05;
const PER_TEXT = 0.3;

/** A hum as deep as a voice, far below the tones of keys, and as loud as speech. */
const HERTZ = 200;
const AMPLITUDE = fromDbfs(-20) * Math.SQRT2;
const period = new Int16Array(SAMPLE_RATE / HERTZ).map(
  (_, i, { length }) => AMPLITUDE * Math.sin((2 * Math.PI * i) / length),
);

/**
 * A speaker for a world in which nobody listens: a text takes its time, always the same, and nothing is synthesised.
 * Where it is recorded, a hum stands for the words.
 */
export function createEstimatedSpeaker(): Speaker {
  /** One for all texts, as long as the longest so far. */
  let hum = new Int16Array();
  return {
    async speak(text) {
      const length = Math.round(secondsOf(speechText(text).text) * SAMPLE_RATE);
      if (length > hum.length) hum = new Int16Array(length).map((_, i) => period[i % period.length] ?? 0);
      return hum.subarray(0, length);
    },
    warm() {},
    async close() {},
  };
}

/** Tags are not spoken. */
function secondsOf(text: string): number {
  const words = text
    .replaceAll(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return 0;
  return PER_TEXT + words.join('').length * PER_CHARACTER + words.length * PER_WORD;
}
