import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { isTyping } from '../../../../ui/is-typing.ts';

/**
 * Moves the focus to the button while a call rings, unless the user is typing, and returns it if the call
 * ends unanswered.
 */
export function useAnswerFocus(button: RefObject<HTMLButtonElement | null>, wanted: boolean): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (!wanted || isTyping(before)) return;
    button.current?.focus();
    return () => {
      // After rendering, because the Call button is disabled while it rings.
      queueMicrotask(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    };
  }, [button, wanted]);
}
