import { createScope } from '../../ui/scope.ts';

/** When and how the agent presses, for deciding what a press was meant for. */
export interface Presses {
  /** When the press that is being handled began (milliseconds since the epoch). */
  startedAt(): number;
  close(): void;
}

/**
 * Watches pointers and keys. A key that is held down presses once: its repetitions press nothing, on no
 * button, link or form of the page.
 */
export function watchPresses(document: Document, now: () => number): Presses {
  const scope = createScope();
  let began: number | null = null;

  // Listeners on the way down come before every button's own.
  function capture(type: string, handler: (event: Event) => void): void {
    document.addEventListener(type, handler, true);
    scope.add(() => document.removeEventListener(type, handler, true));
  }

  capture('pointerdown', () => {
    began = now();
  });
  capture('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) {
      return;
    }
    if (!event.repeat) {
      began = now();
    } else if (pressesSomething(event)) {
      event.preventDefault();
    }
  });
  capture('pointercancel', () => {
    began = null;
  });
  capture('keyup', (event) => {
    // Space presses a button when it is let go, Enter when it goes down.
    const isPressing = event instanceof KeyboardEvent && event.key === ' ' && pressesSomething(event);
    began = isPressing ? began : null;
  });
  // What follows without a pointer or a key, as from assistive technology, begins when it is handled.
  scope.listen(document, 'click', () => {
    began = null;
  });

  return { startedAt: () => began ?? now(), close: scope.close };
}

/** Enter activates wherever no lines are written, Space only on buttons. */
function pressesSomething({ key, target }: KeyboardEvent): boolean {
  const pressed = target instanceof Element ? target : null;
  return key === 'Enter'
    ? !pressed?.matches('textarea, [contenteditable]')
    : (pressed?.matches('button, summary, a') ?? false);
}
