import { SAMPLE_RATE } from './pcm.ts';
import type { Speaker } from './speech.ts';
import { speechText } from './speech-text.ts';

/** Seconds that the engine takes for a character, a word's pause and a text's end, about (espeak-ng, English). */
const PER_CHARACTER = 0.06;
const PER_WORD = 0.05;
const PER_TEXT = 0.3;

/** One silence for all texts: they are no longer than Vonage allows. */
const silence = new Int16Array(Math.ceil(SAMPLE_RATE * (PER_TEXT + 1500 * (PER_CHARACTER + PER_WORD))));

/**
 * A speaker for a world in which nobody listens: a text takes its time, always the same, and nothing is synthesised.
 */
export function createEstimatedSpeaker(): Speaker {
  return {
    async speak(text) {
      const seconds = secondsOf(speechText(text).text);
      return silence.subarray(0, Math.round(seconds * SAMPLE_RATE));
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
