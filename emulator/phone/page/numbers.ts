import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export type NumberProblem = 'empty' | 'not-digits' | 'too-short' | 'too-long';

export type ReadNumber = { ok: true; digits: string } | { ok: false; problem: NumberProblem };

/** ITU E.164 allows 15; 3 lets short codes through, so that the emulator can say nobody owns them. */
const MOST_DIGITS = 15;
const FEWEST_DIGITS = 3;

/**
 * Reads a number as people write it ("+44 (0)20 3829-7050", "020 3829 7050" in `country`) into the digits
 * that Vonage uses ("442038297050"), or says what is wrong with it.
 */
export function readNumber(text: string, country?: string): ReadNumber {
  const plain = text.normalize('NFKC').replace(/^\s*tel:/i, '');
  const international = /^[\s\p{Cf}(]*(\+|00)/u.test(plain);
  // A number copied from a page brings invisible marks and all kinds of dashes with it.
  const compact = plain.replace(international ? /\(0\)/ : '', '').replace(/[\s\p{Cf}\p{Pd}()./]/gu, '');
  if (compact === '' || compact === '+') return wrong('empty');

  const digits = compact.replace(/^(\+|00)/, '');
  if (!/^\d+$/.test(digits)) return wrong('not-digits');
  const whole = international ? digits : withCountryCode(digits, country);
  if (whole.length < FEWEST_DIGITS) return wrong('too-short');
  if (whole.length > MOST_DIGITS) return wrong('too-long');
  return { ok: true, digits: whole };
}

/** Writes digits as people read them: "+44 20 3829 7050". A caller's name, which some calls have, stays as it is. */
export function formatNumber(digits: string): string {
  if (!/^\d+$/.test(digits)) return digits;
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isPossible() ? parsed.formatInternational() : `+${digits}`;
}

/** A leading 0 says that the country code is left out: no country code begins with 0. */
function withCountryCode(digits: string, country: string | undefined): string {
  if (!digits.startsWith('0') || country === undefined || !isSupportedCountry(country)) return digits;
  return parsePhoneNumberFromString(digits, country)?.number.slice(1) ?? digits;
}

function wrong(problem: NumberProblem): ReadNumber {
  return { ok: false, problem };
}
