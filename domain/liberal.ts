import { z } from 'zod';

/**
 * Readers for the fields of webhooks. They are liberal: in a GET everything is text, numbers come as either,
 * a proxy may double a query. What cannot be read is null, and nothing is refused.
 */

/** Longest text that is read, in characters; what is longer is cut. */
const LONGEST = 512;

const DIGITS = /^\d{1,15}(\.\d{1,20})?$/;

/** A date and a time of day; the zone is UTC where none is given, as in the answers of Vonage's API. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i;

/** Text of one line, trimmed, without control characters; null where there is none. */
export function readText(value: unknown): string | null {
  const single = onlyValue(value);
  if (typeof single === 'number') return String(single);
  if (typeof single !== 'string') return null;
  const clean = single
    .slice(0, LONGEST)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .trim();
  return clean === '' || clean === 'null' ? null : clean;
}

/** A number that is not negative. */
export function readNumber(value: unknown): number | null {
  const single = onlyValue(value);
  if (typeof single === 'string') return DIGITS.test(single) ? Number(single) : null;
  return typeof single === 'number' && Number.isFinite(single) && single >= 0 ? Math.abs(single) : null;
}

function readAmount(value: unknown): string | null {
  const text = readText(value);
  return text !== null && DIGITS.test(text) ? text : null;
}

/** Milliseconds since 1970. */
export function readTime(value: unknown): number | null {
  const [, day, clock, zone = 'Z'] = TIME.exec(readText(value) ?? '') ?? [];
  const time = Date.parse(`${day}T${clock}${zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(time) ? null : time;
}

function readFlag(value: unknown): boolean | null {
  const single = onlyValue(value);
  if (typeof single === 'boolean') return single;
  return single === 'true' ? true : single === 'false' ? false : null;
}

function onlyValue(value: unknown): unknown {
  const isRepeated = Array.isArray(value) && value.every((each) => each === value[0]);
  return isRepeated ? value[0] : value;
}

/** Text of one line; see `readText`. */
export const text = z.transform(readText);
/** The same in lower case, for words of a fixed list. */
export const word = z.transform((value: unknown) => readText(value)?.toLowerCase() ?? null);
/** A number, or its text. */
export const number = z.transform(readNumber);
/** A decimal number as the text that was sent, so that no digit of an amount is lost. */
export const amount = z.transform(readAmount);
/** An ISO time, as milliseconds since 1970. */
export const time = z.transform(readTime);
/** A boolean, or its text. */
export const flag = z.transform(readFlag);
