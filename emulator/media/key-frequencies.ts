/** Frequencies in Hz of the rows and columns of a telephone's keys (ITU-T Q.23). */
export const KEY_ROWS = [697, 770, 852, 941];
export const KEY_COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = '123A456B789C*0#D';

/** The key of a row and a column, each from 0. */
export function keyAt(row: number, column: number): string | undefined {
  return KEYS[row * KEY_COLUMNS.length + column];
}

/** The two frequencies of a key; none for what is no key. */
export function frequenciesOf(key: string): number[] {
  const place = KEYS.indexOf(key.toUpperCase());
  const row = KEY_ROWS[Math.floor(place / KEY_COLUMNS.length)];
  const column = KEY_COLUMNS[place % KEY_COLUMNS.length];
  return place < 0 || row === undefined || column === undefined ? [] : [row, column];
}
