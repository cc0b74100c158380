/** Something that was said in a recorded call. */
export interface Utterance {
  text: string;
  /** The channel of the recording in which it is heard. */
  channel: number;
  /** Milliseconds from the beginning of the recording. */
  at: number;
  /** Milliseconds that it took. */
  duration: number;
}

/** Milliseconds that a person takes for a word that was typed. */
const PER_WORD = 400;

/** How long a person would take to say a text. */
export function timeToSay(text: string): number {
  return wordsIn(text).length * PER_WORD;
}

/**
 * A transcription as the file behind `transcription_url` has it: a list of sentences for each channel, and of words for
 * each sentence, with times in milliseconds (Vonage's guide "Call Recording and Transcription"). The platform knows
 * what was said, and is sure of it.
 */
export function transcriptOf(
  requestId: string,
  utterances: readonly Utterance[],
  { channelCount, duration }: { channelCount: number; duration: number },
) {
  return {
    ver: '1.0.0',
    request_id: requestId,
    channels: Array.from({ length: channelCount }, (_, channel) => ({
      transcript: utterances.filter((one) => one.channel === channel).map(describe),
      duration,
    })),
  };
}

function describe({ text, at, duration }: Utterance) {
  const words = wordsIn(text);
  const perWord = Math.round(duration / Math.max(1, words.length));
  return {
    sentence: text,
    raw_sentence: words.map(bare).join(' '),
    timestamp: at,
    duration,
    words: words.map((word, index) => ({
      word: bare(word),
      start_time: at + index * perWord,
      end_time: at + (index + 1) * perWord,
      confidence: 1,
    })),
  };
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => bare(word) !== '');
}

/** A word as it is heard. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}'-]/gu, '');
}
