/** Where in a text something is, from a place up to another. */
type Range = readonly [from: number, to: number];

/** What to mark: a text however it is capitalised, and digits, whatever is between them. Empty: nothing. */
export interface Wanted {
  text: string;
  digits: string;
}

export const NOTHING_WANTED: Wanted = { text: '', digits: '' };

/** Splits a text at what is wanted. Joined, the parts are the text again. */
export function markedParts(text: string, wanted: Wanted): { text: string; isMarked: boolean }[] {
  const parts: { text: string; isMarked: boolean }[] = [];
  let end = 0;
  const ranges = [...textRanges(text, wanted.text), ...digitRanges(text, wanted.digits)];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const begin = Math.max(from, end);
    if (to <= begin) continue;
    if (begin > end) parts.push({ text: text.slice(end, begin), isMarked: false });
    parts.push({ text: text.slice(begin, to), isMarked: true });
    end = to;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMarked: false });
  return parts;
}

function textRanges(text: string, wanted: string): Range[] {
  const [inside, part] = [text.toLowerCase(), wanted.toLowerCase()];
  // Some capitals have more small letters than one: then places of one text are not those of the other.
  return inside.length === text.length ? rangesOf(inside, part) : rangesOf(text, wanted);
}

function rangesOf(inside: string, part: string): Range[] {
  const ranges: Range[] = [];
  if (part === '') return ranges;
  for (let at = inside.indexOf(part); at >= 0; at = inside.indexOf(part, at + part.length))
    ranges.push([at, at + part.length]);
  return ranges;
}

/** Digits of numbers that people write with spaces. */
function digitRanges(text: string, digits: string): Range[] {
  if (digits === '') return [];
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  const all = places.map((place) => text[place]).join('');
  return rangesOf(all, digits).map(([from, to]) => [places[from] ?? 0, (places[to - 1] ?? 0) + 1]);
}

/** A text with what is wanted marked. */
export function Marked({ text, wanted }: { text: string; wanted: Wanted }) {
  return (
    <>
      {markedParts(text, wanted).map((part, index) =>
        part.isMarked ? <mark key={index}>{part.text}</mark> : part.text,
      )}
    </>
  );
}
