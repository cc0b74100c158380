/** Something that is wrong in a desk file, and what it must be. */
export interface DeskFault {
  /** Where in the file; empty: the whole of it. */
  path: readonly (string | number)[];
  /** Follows the path, like "must be …". */
  message: string;
}

/** What is at a path of a parsed file, in whatever state that is; undefined: nothing. */
export function valueAt(value: unknown, path: DeskFault['path']): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Object.getOwnPropertyDescriptor(at, key)?.value;
  }
  return at;
}

/** Names and values of a group of fields; empty where there is none. */
export function entriesOf(value: unknown, ...path: (string | number)[]): [string, unknown][] {
  const at = valueAt(value, path);
  return typeof at === 'object' && at !== null && !Array.isArray(at) ? Object.entries(at) : [];
}

/** The items of a list; empty where there is none. */
export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const at = valueAt(value, path);
  return Array.isArray(at) ? at : [];
}

/** A value in words, on one line and not too long. */
export function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of fields';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return String(value);
}

/** A name as it is, if nothing in it could be misread. */
export function plain(name: string): string {
  return /^[\p{L}\p{N} ._@+-]{1,64}$/u.test(name) ? name : shown(name);
}

/** The first of several names. */
export function some(names: Iterable<string>, separator = ', '): string {
  const all = Array.from(names, plain);
  const more = all.length > 10 ? ` and ${all.length - 10} more` : '';
  return all.slice(0, 10).join(separator) + more;
}

/** A phone number as webhooks have it. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}
