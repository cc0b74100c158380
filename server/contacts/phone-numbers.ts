import parse, { type CountryCode, type PhoneNumber } from 'libphonenumber-js';

/** A phone number as people read it. */
interface FormattedNumber {
  formatted: string;
  country: string | null;
  countryName: string | null;
}

/** What is asked about a number: E.164 without `+`, of 3 to 15 digits. Undefined if it is none. */
export function numberIn(text: string): string | undefined {
  const digits = text.replace(/^\s*\+|[\s().-]/g, '');
  return /^\d{3,15}$/.test(digits) ? digits : undefined;
}

/** The country of a number, or undefined. */
export function countryOf(number: string | null): CountryCode | undefined {
  const parsed = number === null ? undefined : parse(`+${number}`);
  return parsed && countryIn(parsed);
}

/** A number in any form that people write, as E.164 without `+`. @param country whose national numbers are meant */
export function readNumber(text: string, country: CountryCode | undefined): string | undefined {
  // Anything else, like 4.47E+11 or a second number, is not to be guessed at.
  if (!/^[\d\s()+./\u00a0\u2010-\u2015-]+$/.test(text)) return undefined;
  const national = country && parse(text, country);
  const international = parse(`+${text.replace(/\D/g, '')}`);
  const readings = text.trim().startsWith('+') ? [international] : [national, international];
  const isThere = (reading: PhoneNumber | undefined) => reading !== undefined;
  const likely = readings.filter(isThere).find((each) => each.isValid());
  const possible = likely ?? readings.filter(isThere).find((each) => each.isPossible());
  return possible?.number.slice(1);
}

/** @param language BCP 47 */
export function formatNumber(number: string, language: string): FormattedNumber {
  const parsed = /^\d+$/.test(number) ? parse(`+${number}`) : undefined;
  if (parsed === undefined || !parsed.isPossible()) {
    return { formatted: number, country: null, countryName: null };
  }
  const country = countryIn(parsed) ?? null;
  return {
    formatted: parsed.formatInternational(),
    country,
    countryName: country && nameOf(country, language),
  };
}

/** Numbers that are not in use, as in films, have a country by their prefix alone. */
function countryIn(parsed: PhoneNumber): CountryCode | undefined {
  return parsed.country ?? parsed.getPossibleCountries()[0];
}

function nameOf(country: string, language: string): string | null {
  return new Intl.DisplayNames([language, 'en'], { type: 'region' }).of(country) ?? null;
}
