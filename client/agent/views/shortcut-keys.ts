/** The keys of the page. None is taken by a browser: Alt with D, E, F and the letters of Firefox's menus are. */
export const SHORTCUTS = [
  { name: 'answer', key: 'Alt+KeyA' },
  { name: 'reject', key: 'Alt+KeyR' },
  { name: 'hangUp', key: 'Alt+KeyU' },
  { name: 'mute', key: 'Alt+KeyM' },
  { name: 'hold', key: 'Alt+KeyO' },
  { name: 'keypad', key: 'Alt+KeyK' },
  { name: 'transfer', key: 'Alt+KeyX' },
  { name: 'note', key: 'Alt+KeyN' },
] as const;
