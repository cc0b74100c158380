import { isTyping } from './is-typing.ts';

/** What a key does. */
export type Act = () => void;

/**
 * Keys that do something wherever the focus is, except before a dialog. In a field only those with Ctrl do, and in a
 * choice among a few Escape, too. Returns how to stop.
 * @param keys what each does, by names such as `Alt+ArrowDown`, `Ctrl+k`, `Escape` and `?`; with Alt it is the
 *   physical key, because macOS types other characters then, and Ctrl is the Command key, too
 * @param areLettersAllowed whether keys without Ctrl or Alt count, Escape aside: who speaks to the computer, or slips,
 *   can turn them off
 */
export function listenForShortcuts(
  target: Document,
  keys: Readonly<Record<string, Act>>,
  areLettersAllowed: () => boolean,
): () => void {
  function counts(name: string, element: EventTarget | null): boolean {
    if (name.startsWith('Ctrl+')) return true;
    if (element instanceof Element && isTyping(element)) {
      return name === 'Escape' && element.matches('select');
    }
    return name === 'Escape' || name.startsWith('Alt+') || areLettersAllowed();
  }

  function onKey(event: KeyboardEvent): void {
    const name = nameOf(event);
    const act = keys[name];
    if (!act || event.defaultPrevented || target.querySelector('dialog[open]')) return;
    if (!counts(name, event.target)) return;
    event.preventDefault();
    act();
  }

  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}

/** Empty for more modifiers than any shortcut has. Shift is ignored for symbols such as `?`, which may need it. */
function nameOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const isControl = ctrlKey || metaKey;
  if (!isControl && !altKey) return key;
  if (shiftKey || (isControl && altKey)) return '';
  return isControl ? `Ctrl+${key.toLowerCase()}` : `Alt+${code}`;
}
