import { signal } from '@preact/signals';
import { visibleMarks } from './visible-marks.ts';

/** Writes a number with its country and spaces. */
export interface NumberWriter {
  formatNumber(digits: string): string;
}

/** What networks say instead of a number that the caller keeps to themselves. */
const WITHHELD = /^(anonymous|restricted|private|unavailable)$/i;

/** Most numbers that are remembered; they are written often, and slowly. */
const MOST_REMEMBERED = 20_000;

/**
 * Parties as people write them. The rules for numbers are large and come later: until then a number has its
 * plus and nothing else.
 * @param words what to call a party that is not known, or that withholds its number
 * @returns a function that reads signals
 */
export function createNames(
  load: () => Promise<NumberWriter>,
  words: () => { unknownCaller: string; withheld: string },
): (party: string | null) => string {
  const writer = signal<NumberWriter | null>(null);
  const written = new Map<string, string>();
  load().then(
    (loaded) => {
      writer.value = loaded;
    },
    () => {}, // Numbers can be read without spaces.
  );

  function write(number: string, { formatNumber }: NumberWriter): string {
    const text = written.get(number) ?? formatNumber(number);
    if (written.size >= MOST_REMEMBERED) {
      written.clear();
    }
    written.set(number, text);
    return text;
  }

  return (party) => {
    const name = party?.trim() ?? '';
    if (name === '') {
      return words().unknownCaller;
    }
    if (WITHHELD.test(name)) {
      return words().withheld;
    }
    if (!/^\+?\d{7,15}$/.test(name)) {
      return visibleMarks(name);
    }
    return writer.value ? write(name, writer.value) : `+${name.replace('+', '')}`;
  };
}
