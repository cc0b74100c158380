import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * A number as people write it: `447700900000` → `+44 7700 900000`. What is no number in international
 * form (a short code, a name) comes back as it is.
 */
export function formatNumber(digits: string): string {
  if (!/^\+?\d{7,15}$/.test(digits)) {
    return digits;
  }
  const e164 = digits.startsWith('+') ? digits : `+${digits}`;
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}
