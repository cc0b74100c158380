export interface JsonToken {
  kind: 'key' | 'text' | 'other';
  text: string;
}

/** A text, and the colon that makes it a key. */
const TEXT = /("(?:\\.|[^"\\])*")(\s*:)?/g;

/** The parts of a JSON text, from which a reader tells names and values; together they are the text again. */
export function jsonTokens(json: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  const other = (until: number) => {
    if (until > end) {
      tokens.push({ kind: 'other', text: json.slice(end, until) });
    }
  };
  for (const { 0: all, 1: text = all, 2: colon, index } of json.matchAll(TEXT)) {
    other(index);
    tokens.push({ kind: colon === undefined ? 'text' : 'key', text });
    end = index + text.length;
  }
  other(json.length);
  return tokens;
}
