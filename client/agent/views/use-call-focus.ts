import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Phase } from '../call-state.ts';

/**
 * Moves the focus with the call: to Answer when it rings, unless the agent is typing; to Mute, never to
 * Hang up, when it is answered; back to where it was when it is over.
 */
export function useCallFocus(phase: Phase['name']) {
  const answer = useRef<HTMLButtonElement>(null);
  const mute = useRef<HTMLButtonElement>(null);
  const before = useRef<HTMLElement | null>(null);
  const moved = useRef(false);

  useLayoutEffect(() => {
    const { activeElement } = document;
    switch (phase) {
      case 'ringing':
        if (!isTyping(activeElement)) {
          if (!moved.current) {
            before.current = activeElement instanceof HTMLElement ? activeElement : null;
          }
          moved.current = true;
          answer.current?.focus();
        }
        return;
      case 'in-call':
        if (!isTyping(activeElement)) {
          moved.current = true;
          mute.current?.focus();
        }
        return;
      case 'ended':
      case 'idle':
        // The button that was pressed or focused has gone or is disabled: the focus would be lost.
        if (moved.current && !isTyping(activeElement)) {
          before.current?.focus();
        }
        moved.current = false;
        before.current = null;
    }
  }, [phase]);

  return { answer, mute };
}

function isTyping(element: Element | null): boolean {
  return element?.matches('input, textarea, select, [contenteditable]') ?? false;
}
