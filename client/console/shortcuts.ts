import { createScope } from '../../ui/scope.ts';

export interface ShortcutActions {
  /** Goes so many lines down in the list. */
  move(lines: number): void;
  leave(): void;
  togglePause(): void;
  search(): void;
  help(): void;
}

/**
 * Keys that do something wherever the focus is, except in a field that takes them and before a dialog. The
 * physical key counts with Alt, because macOS types other characters then. Returns how to stop.
 */
export function listenForShortcuts(target: Document, actions: ShortcutActions): () => void {
  const scope = createScope();
  scope.listen(target, 'keydown', (event) => {
    const act = event instanceof KeyboardEvent && !event.defaultPrevented ? actionOf(event, actions) : null;
    if (act && !target.querySelector('dialog[open]')) {
      event.preventDefault();
      act();
    }
  });
  return scope.close;
}

function actionOf(event: KeyboardEvent, actions: ShortcutActions): (() => void) | null {
  const isControl = event.ctrlKey || event.metaKey;
  if (isControl && !event.altKey && !event.shiftKey) {
    return { k: actions.search, '/': actions.help }[event.key.toLowerCase()] ?? null;
  }
  if (isControl || event.shiftKey || isTyping(event)) {
    return null;
  }
  if (event.altKey) {
    switch (event.code) {
      case 'ArrowDown':
        return () => actions.move(1);
      case 'ArrowUp':
        return () => actions.move(-1);
      case 'KeyP':
        return actions.togglePause;
      default:
        return null;
    }
  }
  return event.key === 'Escape' ? actions.leave : null;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null;
}
