import { Marked, NOTHING_WANTED, type Wanted } from './marked.tsx';
import { visibleMarks } from './visible-marks.ts';

/** A token of JSON; `plain` is what is between names and values. */
interface JsonPart {
  kind: 'key' | 'text' | 'value' | 'plain';
  text: string;
}

/** Longer text has one colour, because each token is an element of the page. */
const MOST_COLOURED = 30_000;

const PARTS = /("(?:[^"\\\n]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** JSON with one line per value; other text stays unchanged. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Splits JSON into tokens; joined, they are the text again. */
export function jsonParts(text: string): JsonPart[] {
  if (!/^\s*[[{]/.test(text) || text.length > MOST_COLOURED) {
    return [{ kind: 'plain', text }];
  }
  const parts: JsonPart[] = [];
  let end = 0;
  for (const match of text.matchAll(PARTS)) {
    const [whole, string, colon] = match;
    if (match.index > end) {
      parts.push({ kind: 'plain', text: text.slice(end, match.index) });
    }
    const kind = string === undefined ? 'value' : colon === undefined ? 'text' : 'key';
    parts.push({ kind, text: whole });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'plain', text: text.slice(end) });
  return parts;
}

/**
 * Shows JSON with coloured names and values, and with text-direction marks as escapes.
 * @param wanted what to mark in its values
 */
export function JsonText({ text, wanted = NOTHING_WANTED }: { text: string; wanted?: Wanted }) {
  return (
    <pre class="json-text">
      {jsonParts(visibleMarks(text)).map((part, index) =>
        part.kind === 'plain' ? (
          part.text
        ) : (
          <span key={index} class={`json-text__${part.kind}`}>
            {part.kind === 'key' ? part.text : <Marked text={part.text} wanted={wanted} />}
          </span>
        ),
      )}
    </pre>
  );
}
