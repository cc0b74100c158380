import { AsYouType, type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** What was typed of a number so far. */
export interface Typed {
  /** As people write it. */
  text: string;
  /** ISO 3166; null while it is not known. */
  country: string | null;
}

/** @param ours our number: national numbers are those of its country */
export function formatTyped(text: string, ours: string | null): Typed {
  const typing = new AsYouType(countryOf(ours));
  const formatted = typing.input(text.slice(0, 40));
  return { text: formatted, country: typing.getCountry() ?? null };
}

function countryOf(number: string | null): CountryCode | undefined {
  const parsed = number === null ? undefined : parsePhoneNumberFromString(`+${number}`);
  return parsed?.country ?? parsed?.getPossibleCountries()[0];
}
