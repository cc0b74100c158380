/** Looks for a text in what was said. */
interface TextSearch {
  /** What to look for: the text, or what is between its quotation marks. */
  wanted: string;
  /** Whether any value is, or has in it, what is looked for; case is set aside, and so are the names of fields. */
  finds(...json: readonly unknown[]): boolean;
}

/** How `text` of `GET /api/calls` is meant: part of a value or, between quotation marks, a whole one. */
export function textSearch(text: string): TextSearch {
  const isWhole = /^".+"$/s.test(text);
  const wanted = isWhole ? text.slice(1, -1) : text;
  const lower = wanted.toLowerCase();
  const says = (value: string) => (isWhole ? value === lower : value.includes(lower));
  return { wanted, finds: (...json) => json.some((value) => someValue(value, says)) };
}

/** Recursive: the depth was bounded when the message was accepted. */
function someValue(json: unknown, test: (lowerCase: string) => boolean): boolean {
  if (json === null || json === undefined) return false;
  if (typeof json !== 'object') return test(String(json).toLowerCase());
  return Object.values(json).some((value) => someValue(value, test));
}
