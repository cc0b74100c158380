/**
 * Readers for the fields of webhooks. In a GET everything is text, numbers come as either, a proxy doubles a query,
 * and a list may have one item or several. What cannot be read is null; nothing is refused.
 */

/** Longest text that is read, in characters; what is longer is cut. */
const LONGEST = 512;

const DIGITS = /^\d{1,15}(\.\d{1,20})?$/;

/** A date and a time of day; UTC where no zone is given, as in the responses of Vonage's API. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:[.,]\d{1,9})?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/** What nearly all texts are, so that they need no cleaning: printable ASCII, trimmed. */
const PLAIN = /^[!-~](?:[ -~]{0,510}[!-~])?$/;

/** Text of one line, trimmed, without control characters; null if there is none. */
export function readText(value: unknown): string | null {
  const single = firstOf(value);
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

/** Text of a word from a fixed list, in lower case. */
export function readWord(value: unknown): string | null {
  return readText(value)?.toLowerCase() ?? null;
}

/** A number that is not negative. */
export function readNumber(value: unknown): number | null {
  const single = firstOf(value);
  if (typeof single === 'string') return DIGITS.test(single.trim()) ? Number(single) : null;
  return typeof single === 'number' && Number.isFinite(single) && single >= 0 ? Math.abs(single) : null;
}

/** A decimal number as the text that was sent, so that no digit of an amount is lost. */
export function readAmount(value: unknown): string | null {
  const single = firstOf(value);
  // JavaScript writes a very small number with an exponent.
  const text = typeof single === 'number' && single < 1e-6 ? single.toFixed(20) : readText(single);
  if (text === null || !DIGITS.test(text)) return null;
  return text === single ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** As Vonage's webhooks have it, and as the engine reads it in one step. */
const USUAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Milliseconds since 1970. */
export function readTime(value: unknown): number | null {
  if (typeof value === 'string' && USUAL_TIME.test(value)) return orNull(Date.parse(value));
  const text = readText(value) ?? '';
  if (/^\d{10,19}(\.\d{1,9})?$/.test(text)) return timeOfEpoch(Number(text));
  const parts = TIME.exec(text);
  if (parts === null) return null;
  const [, day, minutes, seconds = ':00', zone = 'Z'] = parts;
  return orNull(Date.parse(`${day}T${minutes}${seconds.replace(',', '.')}${isoZone(zone.toUpperCase())}`));
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970: for centuries they have different lengths. */
function timeOfEpoch(count: number): number {
  if (count < 1e11) return Math.round(count * 1000);
  return Math.trunc(count < 1e14 ? count : count < 1e17 ? count / 1e3 : count / 1e6);
}

function isoZone(zone: string): string {
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}

function orNull(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}

/** A boolean, its text, or the digit that some languages make of it in a query. */
export function readFlag(value: unknown): boolean | null {
  const single = firstOf(value);
  const word = typeof single === 'boolean' ? String(single) : readWord(single);
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : null;
}

/** An object, or its JSON text; in a list, the first. */
export function readObject(value: unknown): Record<string, unknown> | null {
  const first = firstOf(readStructure(value));
  return isRecord(first) ? first : null;
}

/** A list, or its JSON text. What should be a list and is a single thing counts as a list of one. */
export function readList(value: unknown): readonly unknown[] | null {
  const list = readStructure(value);
  if (list === null || list === undefined || list === '') return null;
  return Array.isArray(list) ? list : [list];
}

/** Objects and lists as they are, and as the JSON text that a GET has in their place; all else as it came. */
export function readStructure(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    const structure: unknown = JSON.parse(value);
    return isTooDeep(structure) ? value : structure;
  } catch {
    return value; // text that only looks like JSON
  }
}

/** Who calls or is called: a number, a name, or an endpoint as Vonage's API describes one. */
export function readParty(value: unknown): string | null {
  const endpoint = readObject(value);
  if (endpoint === null) return readText(value);
  const { number, user, uri, extension, id } = endpoint;
  return readText(number) ?? readText(user) ?? readText(uri) ?? readText(extension) ?? readText(id);
}

/** A value; of a list, the first that says anything. */
function firstOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.find((each) => each !== null && each !== undefined && each !== '');
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
