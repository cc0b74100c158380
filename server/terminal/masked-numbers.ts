/** A phone number that stands alone, or within words, and not as a part of an id or a time. */
const NUMBER = /(?<![\w.-])\+?\d{7,15}(?![\w:-]|\.\d)/g;

/** How many digits at the end stay legible, so that two calls can be told apart. */
const LEGIBLE = 3;

/**
 * The same value with all but the last three digits of each phone number replaced, at any depth.
 * Texts, arrays and plain objects are looked through; keys and their order stay.
 */
export function maskNumbers<T>(value: T): T;
export function maskNumbers(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(
      NUMBER,
      (number) => number.slice(0, -LEGIBLE).replace(/\d/g, '•') + number.slice(-LEGIBLE),
    );
  }
  if (Array.isArray(value)) return value.map((item) => maskNumbers(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskNumbers(inner)]));
}
