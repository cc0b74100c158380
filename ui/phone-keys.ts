/** The twelve keys of a telephone in their order, with the letters that are on them. */
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

/** Where keys are typed into a text, or choose something. */
const TAKES_KEYS = 'input:not([type="checkbox"]), textarea, select';

/** Whether a key was pressed for the page as a whole: alone, and not in a field that takes it. */
export function isForPage({ target, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  const isTaken = target instanceof Element && target.matches(TAKES_KEYS);
  return !ctrlKey && !altKey && !metaKey && !isTaken;
}

/** The key of a telephone that a key of the computer stands for. */
export function phoneKeyOf(event: KeyboardEvent): string | undefined {
  return PHONE_KEYS.find(([key]) => key === event.key)?.[0];
}
