/** A browser's storage for tests; `kept` has its contents. */
export function fakeStorage(
  entries: Record<string, string> = {},
): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { kept: Map<string, string> } {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/**
 * Every text of a page with its path.
 * @param samples the arguments for texts that are functions
 */
export function textsOf(
  value: unknown,
  samples: (path: string) => readonly unknown[],
  path = '',
): [path: string, text: string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (typeof value === 'function') {
    return [[path, String(Reflect.apply(value, undefined, samples(path)))]];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => textsOf(inner, samples, `${path}.${key}`))
    : [];
}
