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

/** Fewer digits are a short code, such as 999, without a country code. */
const FEWEST_INTERNATIONAL_DIGITS = 7;

/** Writes a number as people read it: `447700900000` → `+44 7700 900000`. Short codes and names stay as they are. */
export function formatNumber(digits: string): string {
  const plain = digits.replace(/^\+/, '');
  if (!/^\d+$/.test(plain) || plain.length < FEWEST_INTERNATIONAL_DIGITS || plain.length > MOST_DIGITS) {
    return digits;
  }
  const parsed = parsePhoneNumberFromString(`+${plain}`);
  return parsed?.isPossible() ? parsed.formatInternational() : `+${plain}`;
}

/** A leading 0 says that the country code is left out: no country code begins with 0. */
function withCountryCode(digits: string, country: string | undefined): string {
  if (!digits.startsWith('0') || country === undefined || !isSupportedCountry(country)) return digits;
  return parsePhoneNumberFromString(digits, country)?.number.slice(1) ?? digits;
}

function wrong(problem: NumberProblem): ReadNumber {
  return { ok: false, problem };
}
