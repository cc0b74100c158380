import { type ReadonlySignal, signal } from '@preact/signals';
import { onGesture, play, renderSound } from '../../../ui/play.ts';
import { createScope } from '../../../ui/scope.ts';
import { ringCycle } from './ring-tone.ts';

/** Plays the ringtone. */
export interface Ringer {
  /** Whether the browser blocks the ringtone until a click in the page. */
  readonly blocked: ReadonlySignal<boolean>;
  /** Rings until the returned function is called. */
  ring(): () => void;
}

/** @param page where to listen for clicks and keys */
export function createRinger(page: EventTarget): Ringer {
  const blocked = signal(false);
  return {
    blocked,
    ring() {
      const scope = createScope();
      const context = new AudioContext({ latencyHint: 'interactive' });
      const buffer = renderSound(context, ringCycle);
      const fade = play(context, buffer, true, { onFaded: () => void context.close() });

      const look = () => {
        blocked.value = context.state === 'suspended';
      };
      scope.listen(context, 'statechange', look);
      // If the browser still blocks it, the promise rejects or stays pending, and the hint stays.
      scope.add(onGesture(page, () => void context.resume().catch(() => {})));
      look();

      return () => {
        scope.close();
        blocked.value = false;
        fade();
      };
    },
  };
}
