/**
 * A phone number that stands alone, or within words, and not as a part of an id or a time. Invisible marks between
 * its digits, as numbers that were copied have, do not hide it.
 */
const NUMBER = /(?<![\w.-])\+?\d(?:\p{Cf}*\d){6,14}(?![\w-]|:\w|\.\d)/gu;

/** All digits but the last three, which stay legible so that two calls can be told apart. */
const HIDDEN = /\d(?=(?:\D*\d){3})/g;

/**
 * The same value with all but the last three digits of each phone number replaced, at any depth.
 * Texts, arrays and plain objects are looked through; keys and their order stay.
 */
export function maskNumbers<T>(value: T): T;
export function maskNumbers(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(NUMBER, (number) => number.replace(HIDDEN, '•'));
  }
  if (Array.isArray(value)) return value.map((item) => maskNumbers(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskNumbers(inner)]));
}
