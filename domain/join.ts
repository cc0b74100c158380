/**
 * Ways to put two pieces of knowledge together. Each is commutative, associative and idempotent: what is known
 * depends neither on the order in which it was learnt, nor on how often.
 */
export type Join<T> = (a: T, b: T) => T;

/** Something that was said, and when: milliseconds since 1970 by the sender's clock, or null where it did not say. */
export type Told<T> = readonly [value: T, at: number | null];

/** The smaller one; null is no knowledge. */
export function least<T extends number | string>(a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return b < a ? b : a;
}

/** The greater one; null is no knowledge. */
export function greatest<T extends number | string>(a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return b > a ? b : a;
}

/** What was said first. What was said at an unknown time gives way; at the same time the smaller value counts. */
export function firstTold<T extends number | string>(a: Told<T> | null, b: Told<T> | null): Told<T> | null {
  if (a === null || b === null) return a ?? b;
  const [timeOfA, timeOfB] = [a[1] ?? Infinity, b[1] ?? Infinity];
  const isFirst = timeOfA === timeOfB ? a[0] <= b[0] : timeOfA < timeOfB;
  return isFirst ? a : b;
}

/** What was said last. What was said at an unknown time gives way; at the same time the greater value counts. */
export function lastTold<T extends number | string>(a: Told<T> | null, b: Told<T> | null): Told<T> | null {
  if (a === null || b === null) return a ?? b;
  const [timeOfA, timeOfB] = [a[1] ?? -Infinity, b[1] ?? -Infinity];
  const isLast = timeOfA === timeOfB ? a[0] >= b[0] : timeOfA > timeOfB;
  return isLast ? a : b;
}

/**
 * Two lists as one, sorted by key; items of the same key are joined. Of more than `limit` keys the smallest
 * stay: those were never among the dropped, whatever came first, so all that was said of them is there.
 */
export function union<T extends { readonly key: string }>(
  a: readonly T[],
  b: readonly T[],
  join: Join<T>,
  limit: number,
): readonly T[] {
  // Most of what is joined says nothing of most lists.
  if (b.length === 0 && a.length <= 1) return a;
  if (a.length === 0 && b.length <= 1) return b;
  const items: T[] = [];
  for (const item of a) put(items, item, join);
  for (const item of b) put(items, item, join);
  return items.length > limit ? items.slice(0, limit) : items;
}

/**
 * Puts an item into a sorted list, at once where it comes last. Keys are compared by code unit: the same on every
 * machine, whatever its language.
 */
function put<T extends { readonly key: string }>(items: T[], item: T, join: Join<T>): void {
  let place = items.length;
  let before = items[place - 1];
  while (before !== undefined && before.key > item.key) {
    place -= 1;
    before = items[place - 1];
  }
  if (before?.key === item.key) items[place - 1] = join(before, item);
  else if (place === items.length) items.push(item);
  else items.splice(place, 0, item);
}
