import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { OutboundRules } from './rules.ts';

/** Kinds of numbers that cost those who call them more than a call. */
const COSTLY: ReadonlySet<string> = new Set(['PREMIUM_RATE', 'SHARED_COST', 'UAN', 'PAGER', 'VOICEMAIL']);

/** A number that may be dialled, E.164 without `+`; or why not, in words. */
type Dialable = { number: string } | { words: string };

/**
 * Whether the desk file allows a number. Allowed are numbers of its countries, except costly ones, and numbers with one
 * of its prefixes; the longest prefix that fits, allowed or excepted, decides.
 * @param text E.164, with or without `+` and spaces
 */
export function dialable(text: string, { countries, prefixes, except }: OutboundRules): Dialable {
  const digits = text.replace(/[\s().-]/g, '').replace(/^\+/, '');
  if (!/^[1-9]\d{6,14}$/.test(digits)) return { words: 'This is not an international phone number.' };
  const allowed = longest(prefixes, digits);
  const excepted = longest(except, digits);
  if (allowed > excepted) return { number: digits };
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  const isOfCountry = parsed?.country !== undefined && countries.includes(parsed.country);
  if (excepted > 0 || !isOfCountry) return { words: 'The desk file does not allow calls to this number.' };
  if (!parsed.isValid()) return { words: 'There is no such phone number.' };
  return COSTLY.has(parsed.getType() ?? '')
    ? { words: 'This is a premium number, which the desk file does not allow.' }
    : { number: digits };
}

/** Whether a text is the ISO 3166 code of a country with telephone numbers, like GB. */
export function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && isSupportedCountry(text);
}

/** Digits of the longest prefix that a number begins with; 0: none. */
function longest(prefixes: readonly string[], digits: string): number {
  return Math.max(0, ...prefixes.filter((each) => digits.startsWith(each)).map(({ length }) => length));
}
