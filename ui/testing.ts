/** A browser's storage that a test fills and reads; `kept` holds what is in it. */
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
 * @param samples what a text that is a function is called with
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
