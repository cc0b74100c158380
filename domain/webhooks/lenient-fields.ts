/**
 * Readers for the fields of webhooks. They are liberal: in a GET everything is text, numbers come as either,
 * a proxy may double a query. What cannot be read is null, and nothing is refused.
 */

/** Longest text that is read, in characters; what is longer is cut. */
const LONGEST = 512;

const DIGITS = /^\d{1,15}(\.\d{1,20})?$/;

/** A date and a time of day; the zone is UTC where none is given, as in the answers of Vonage's API. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?$/i;

/** What nearly all texts are, so that nothing of them has to be cleaned: printable ASCII, trimmed. */
const PLAIN = /^[!-~](?:[ -~]{0,510}[!-~])?$/;

/** Text of one line, trimmed, without control characters; null where there is none. */
export function readText(value: unknown): string | null {
  const single = onlyValue(value);
  if (typeof single === 'number') return String(single);
  if (typeof single !== 'string') return null;
  const clean = PLAIN.test(single) ? single : cleaned(single);
  return clean === '' || clean === 'null' ? null : clean;
}

function cleaned(text: string): string {
  return text
    .slice(0, LONGEST)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .trim();
}

/** A number that is not negative. */
export function readNumber(value: unknown): number | null {
  const single = onlyValue(value);
  if (typeof single === 'string') return DIGITS.test(single) ? Number(single) : null;
  return typeof single === 'number' && Number.isFinite(single) && single >= 0 ? Math.abs(single) : null;
}

/** A decimal number as the text that was sent, so that no digit of an amount is lost. */
export function readAmount(value: unknown): string | null {
  const text = readText(value);
  return text !== null && DIGITS.test(text) ? text : null;
}

/** As Vonage's webhooks have it, and as the engine reads it in one step. */
const USUAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Milliseconds since 1970. */
export function readTime(value: unknown): number | null {
  if (typeof value === 'string' && USUAL_TIME.test(value)) return orNull(Date.parse(value));
  const [, day, clock, zone = 'Z'] = TIME.exec(readText(value) ?? '') ?? [];
  const time = Date.parse(`${day}T${clock}${zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`);
  return orNull(time);
}

function orNull(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}

/** A boolean, or its text. */
export function readFlag(value: unknown): boolean | null {
  const single = onlyValue(value);
  if (typeof single === 'boolean') return single;
  return single === 'true' ? true : single === 'false' ? false : null;
}

/** A value; where it was given several times in the same words, once. */
export function onlyValue(value: unknown): unknown {
  const isRepeated = Array.isArray(value) && value.every((each) => each === value[0]);
  return isRepeated ? value[0] : value;
}

/** Deeper nesting than any webhook has; a bound for everything that walks through one. */
export const DEEPEST = 32;

/** Whether a value is nested deeper than any webhook is. */
export function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a word of a fixed list, in lower case. */
export function readWord(value: unknown): string | null {
  return readText(value)?.toLowerCase() ?? null;
}
