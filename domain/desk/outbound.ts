import parsePhoneNumber, {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import type { DialFailure } from './desk.ts';
import type { OutboundRules } from './rules.ts';

/** Kinds of numbers that cost those who call them more than a call. Personal ones, like +44 70, look like mobiles. */
const COSTLY: ReadonlySet<string> = new Set([
  'PREMIUM_RATE',
  'SHARED_COST',
  'PERSONAL_NUMBER',
  'UAN',
  'PAGER',
  'VOICEMAIL',
]);

/** Longest text that is read as a number, with all its spaces and hyphens. */
const LONGEST_TEXT = 40;
/** Most digits of an emergency number, or of another one that no country code can precede. */
const SHORT_DIGITS = 6;

/** The emulator's phones: numbers that exist for films alone, and reach nobody. */
const FILM_NUMBERS = '447700900';

/** A number that may be dialled, E.164 without `+`; or why not. */
export type Dialable = { number: string } | Refused<DialFailure>;

interface Refused<Reason extends DialFailure> {
  reason: Reason;
  /** The same for people. */
  words: string;
}

/** What decides whether something may be dialled. */
export interface Line {
  /** Our number that is shown to who is called; national numbers are those of its country. null: none is known. */
  ours: string | null;
  /** Our other numbers. */
  others: readonly string[];
  outbound: OutboundRules;
}

/** Reads what somebody typed or pasted, in national or international form, and tells whether it may be dialled. */
export function readDialled(text: string, { ours, others, outbound }: Line): Dialable {
  const typed = text.trim();
  const digits = typed.replace(/\D/g, '');
  if (typed.length > LONGEST_TEXT || !/^\+?[\d\s().\u00a0\u2010-\u2015/-]+$/.test(typed)) {
    return refusal('not a number', 'This is not a phone number.');
  }
  if (digits.length <= SHORT_DIGITS && !typed.startsWith('+')) {
    return refusal('short', 'Emergency and other short numbers cannot be called from here. Use a telephone.');
  }
  const number = readNumber(typed, digits, countryOf(ours));
  if (number === undefined) return refusal('not a number', 'There is no such phone number.');
  if ([ours, ...others].some((own) => own?.replace(/^\+/, '') === number)) {
    return refusal('own', 'This is our own number.');
  }
  return dialable(number, outbound);
}

/**
 * Whether the desk file allows a number. Allowed are numbers of its countries, except costly ones, and numbers with one
 * of its prefixes; the longest prefix that fits, allowed or excepted, decides.
 * @param text E.164, with or without `+` and spaces
 */
export function dialable(
  text: string,
  { countries, prefixes, except }: OutboundRules,
): { number: string } | Refused<'not a number' | 'not allowed' | 'premium'> {
  const digits = text.replace(/[\s().-]/g, '').replace(/^\+/, '');
  if (!/^[1-9]\d{6,14}$/.test(digits)) {
    return refusal('not a number', 'This is not an international phone number.');
  }
  const allowed = longest(prefixes, digits);
  const excepted = longest(except, digits);
  if (allowed > excepted) return { number: digits };
  const parsed = parsePhoneNumber(`+${digits}`);
  const isOfCountry = parsed?.country !== undefined && countries.includes(parsed.country);
  if (excepted > 0 || !isOfCountry) {
    return refusal('not allowed', 'The desk file does not allow calls to this number.');
  }
  if (!parsed.isValid()) return refusal('not a number', 'There is no such phone number.');
  return COSTLY.has(parsed.getType() ?? '')
    ? refusal('premium', 'This is a premium number, which the desk file does not allow.')
    : { number: digits };
}

/** Whether a text is the ISO 3166 code of a country with telephone numbers, like GB. */
export function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && isSupportedCountry(text);
}

/** What may be dialled where no desk file says it: our own country. @param isEmulated whether it costs nothing */
export function usualOutbound(ours: string | undefined, isEmulated: boolean): OutboundRules {
  const country = countryOf(ours ?? null);
  return {
    countries: country === undefined ? [] : [country],
    prefixes: isEmulated ? [FILM_NUMBERS] : [],
    except: [],
  };
}

/** Without `+`, a number may be national, or lack only that. */
function readNumber(typed: string, digits: string, country: CountryCode | undefined): string | undefined {
  const international = parsePhoneNumber(`+${digits}`);
  const readings: (PhoneNumber | undefined)[] = typed.startsWith('+')
    ? [international]
    : [country && parsePhoneNumber(typed, { defaultCountry: country, extract: false }), international];
  const found =
    readings.find((each) => each?.isValid() === true) ?? readings.find((each) => each?.isPossible() === true);
  return found?.number.slice(1);
}

function countryOf(number: string | null): CountryCode | undefined {
  const parsed = number === null ? undefined : parsePhoneNumber(`+${number.replace(/^\+/, '')}`);
  return parsed?.country ?? parsed?.getPossibleCountries()[0];
}

function refusal<Reason extends DialFailure>(reason: Reason, words: string): Refused<Reason> {
  return { reason, words };
}

/** Digits of the longest prefix that a number begins with; 0: none. */
function longest(prefixes: readonly string[], digits: string): number {
  return Math.max(0, ...prefixes.filter((each) => digits.startsWith(each)).map(({ length }) => length));
}
