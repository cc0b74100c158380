import { signal } from '@preact/signals';

/** Writes a number with its country and spaces. */
export interface NumberWriter {
  formatNumber(digits: string): string;
}

/** Most numbers that are remembered; they are written often, and slowly. */
const MOST_REMEMBERED = 20_000;

/**
 * Parties as people write them. The rules for numbers are large and come later: until then a number has its
 * plus and nothing else.
 * @returns a function that reads a signal; empty for a party that is not known
 */
export function createNames(load: () => Promise<NumberWriter>): (party: string | null) => string {
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
    if (!/^\+?\d{7,15}$/.test(name)) {
      return name;
    }
    return writer.value ? write(name, writer.value) : `+${name.replace('+', '')}`;
  };
}
