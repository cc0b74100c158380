/** The twelve keys of a phone in order, with their letters. */
export const PHONE_KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', ''],
  ['#', ''],
] as const;

/** Elements that use keys themselves. */
const TAKES_KEYS = 'input:not([type="checkbox"]), textarea, select';

/** Whether a key is for the page as a whole: without modifiers, and not in a field that uses it. */
export function isForPage({ target, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  const isTaken = target instanceof Element && target.matches(TAKES_KEYS);
  return !ctrlKey && !altKey && !metaKey && !isTaken;
}

/** The phone key of a keyboard event. */
export function phoneKeyOf(event: KeyboardEvent): string | undefined {
  return PHONE_KEYS.find(([key]) => key === event.key)?.[0];
}
