export interface ShortcutActions {
  move(rows: number): void;
  search(): void;
  leave(): void;
  resend(): void;
  copyCurl(): void;
  togglePause(): void;
  help(): void;
}

/**
 * Keys that do something wherever the focus is, except in a field and before a dialog. Returns how to stop.
 * @param lettersAllowed whether keys without Ctrl or Alt count: who speaks to the computer, or slips, can turn them off
 */
export function listenForShortcuts(
  target: Document,
  actions: ShortcutActions,
  lettersAllowed: () => boolean,
): () => void {
  const keys: Record<string, () => void> = {
    j: () => actions.move(1),
    k: () => actions.move(-1),
    '/': actions.search,
    r: actions.resend,
    c: actions.copyCurl,
    p: actions.togglePause,
    '?': actions.help,
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.querySelector('dialog[open]') || isTyping(event)) return;
    const act = event.key === 'Escape' ? actions.leave : lettersAllowed() ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}

function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  // A choice among a few takes letters for itself, and leaves Escape.
  return (
    target.closest('input, textarea') !== null || (key !== 'Escape' && target.closest('select') !== null)
  );
}
