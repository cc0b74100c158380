/**
 * Ways to merge two pieces of knowledge. Each is commutative, associative and idempotent: the result depends
 * neither on the order in which they were learnt, nor on how often.
 */
export type Join<T> = (a: T, b: T) => T;

/** Something that was said, and when: milliseconds since 1970 by the sender's clock; null where no time was given. */
export type Timestamped<T> = readonly [value: T, at: number | null];

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

/** What was said first. A value without a time loses; at the same time the smaller value wins. */
export function earliestWins<T extends number | string>(
  a: Timestamped<T> | null,
  b: Timestamped<T> | null,
): Timestamped<T> | null {
  if (a === null || b === null) return a ?? b;
  const [timeOfA, timeOfB] = [a[1] ?? Infinity, b[1] ?? Infinity];
  const isFirst = timeOfA === timeOfB ? a[0] <= b[0] : timeOfA < timeOfB;
  return isFirst ? a : b;
}

/** What was said last. A value without a time loses; at the same time the greater value wins. */
export function latestWins<T extends number | string>(
  a: Timestamped<T> | null,
  b: Timestamped<T> | null,
): Timestamped<T> | null {
  if (a === null || b === null) return a ?? b;
  const [timeOfA, timeOfB] = [a[1] ?? -Infinity, b[1] ?? -Infinity];
  const isLast = timeOfA === timeOfB ? a[0] >= b[0] : timeOfA > timeOfB;
  return isLast ? a : b;
}

/**
 * Two lists that are sorted by key as one that is; items of the same key are joined. Of more than `limit` keys the
 * smallest stay: those were never among the dropped, whatever came first, so all that was said of them is there.
 * Keys are compared by code unit: the same on every machine, whatever its language.
 */
export function union<T extends { readonly key: string }>(
  a: readonly T[],
  b: readonly T[],
  join: Join<T>,
  limit: number,
): readonly T[] {
  // Most of what is joined says nothing of most lists.
  if (b.length === 0) return a;
  if (a.length === 0) return b.length > limit ? b.slice(0, limit) : b;
  const items = [...a];
  let place = 0;
  for (const item of b) {
    let there = items[place];
    while (there !== undefined && there.key < item.key) {
      place += 1;
      there = items[place];
    }
    if (there?.key === item.key) items[place] = join(there, item);
    else if (there === undefined) items.push(item);
    else items.splice(place, 0, item);
  }
  return items.length > limit ? items.slice(0, limit) : items;
}

/** Sorts items by key, as `union` takes them. No two may have the same. */
export function sorted<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
