import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { isTyping } from '../../../../ui/is-typing.ts';

/**
 * Gives the focus to the button while a call comes in, unless somebody is typing, and gives it back when the call is
 * over before it was answered.
 */
export function useAnswerFocus(button: RefObject<HTMLButtonElement | null>, wanted: boolean): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (!wanted || isTyping(before)) return;
    button.current?.focus();
    return () => {
      // After the page is as it will be: the dialling button is disabled while it rings.
      queueMicrotask(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    };
  }, [button, wanted]);
}
