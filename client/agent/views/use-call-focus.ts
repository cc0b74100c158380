import { useLayoutEffect, useRef } from 'preact/hooks';
import { isTyping } from '../../../ui/is-typing.ts';
import type { Phase } from '../call-state.ts';

/**
 * Moves the focus with the call: to Answer when it rings, unless the agent is typing; to Mute, never to
 * Hang up, when it is answered; to Rejoin when it was cut; back to where it was when it is over, or else
 * to the status, which says how it ended.
 */
export function useCallFocus(phase: Phase['name']) {
  const answer = useRef<HTMLButtonElement>(null);
  const mute = useRef<HTMLButtonElement>(null);
  const rejoin = useRef<HTMLButtonElement>(null);
  const before = useRef<HTMLElement | null>(null);
  const moved = useRef(false);

  useLayoutEffect(() => {
    const { activeElement } = document;

    function move(button: HTMLButtonElement | null): void {
      if (isTyping(activeElement)) {
        return;
      }
      if (!moved.current && activeElement instanceof HTMLElement && activeElement !== document.body) {
        before.current = activeElement;
      }
      moved.current = true;
      button?.focus();
    }

    switch (phase) {
      case 'ringing':
        return move(answer.current);
      case 'in-call':
        return move(mute.current);
      case 'rejoinable':
        return move(rejoin.current);
      case 'ended':
      case 'idle':
        // The button that was pressed or focused has gone or is disabled: the focus would be lost.
        if (moved.current && !isTyping(activeElement)) {
          const back = before.current?.isConnected ? before.current : null;
          (back ?? document.querySelector<HTMLElement>('[role=status]'))?.focus();
        }
        moved.current = false;
        before.current = null;
    }
  }, [phase]);

  return { answer, mute, rejoin };
}
