/** Vonage's own limit for the text of a talk action. */
const MAX_CHARACTERS = 1500;

/** A text as the speech engine takes it; empty when there is nothing to say. */
export interface SpeechText {
  text: string;
  /** The text is SSML: its tags are instructions and not to be read out. */
  ssml: boolean;
}

/**
 * Makes a text safe to speak: no control characters (one would end it), no half characters, no `[[`
 * (espeak reads phonemes after it), 1500 characters at most. SSML is what begins with `<speak`, as at Vonage.
 */
export function speechText(text: string): SpeechText {
  const clean = text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\[(?=\[)/g, '[ ')
    .trim();
  return { text: clean.slice(0, MAX_CHARACTERS).toWellFormed(), ssml: /^<speak[\s>]/i.test(clean) };
}

/** What of a text is spoken: SSML without its tags. */
export function wordsOf({ text, ssml }: SpeechText): string {
  return ssml ? text.replaceAll(/<[^>]*>?/g, ' ') : text;
}

const DEFAULT_VOICE = 'en-gb';

/** espeak's names for languages that Vonage names differently. */
const ALIASES: Record<string, string> = { arb: 'ar', no: 'nb', 'es-us': 'es-419' };

/**
 * Names of espeak voices to try for a BCP-47 language, best first: the language itself, its primary
 * subtag, English. (espeak takes any case, and finds the nearest region by itself.)
 */
export function voicesFor(language: string | undefined): string[] {
  const tag = (language ?? '').toLowerCase().replaceAll('_', '-');
  if (!/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/.test(tag)) return [DEFAULT_VOICE];
  const [primary = tag] = tag.split('-');
  return [...new Set([ALIASES[tag] ?? tag, ALIASES[primary] ?? primary, DEFAULT_VOICE])];
}
