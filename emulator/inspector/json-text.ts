export type JsonPart = { kind: 'key' | 'text' | 'value' | 'plain'; text: string };

/** More is shown in one colour: each part is an element of the page. */
const MOST_COLOURED = 30_000;

/** JSON with a line for each value; what is none stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Splits JSON into its parts by what they are. */
export function jsonParts(text: string): JsonPart[] {
  if (!/^\s*[[{]/.test(text) || text.length > MOST_COLOURED) return [{ kind: 'plain', text }];
  const parts: JsonPart[] = [];
  let end = 0;
  for (const match of text.matchAll(
    /("(?:[^"\\\n]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi,
  )) {
    const [whole, string, colon] = match;
    if (match.index > end) parts.push({ kind: 'plain', text: text.slice(end, match.index) });
    const kind = string === undefined ? 'value' : colon === undefined ? 'text' : 'key';
    parts.push({ kind, text: whole });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'plain', text: text.slice(end) });
  return parts;
}
