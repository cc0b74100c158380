import { type ReadonlySignal, signal } from '@preact/signals';
import { onGesture, play, renderSound } from '../../../ui/play.ts';
import { createScope } from '../../../ui/scope.ts';
import { ringCycle } from './ring-tone.ts';

/** The bell of the phone. */
export interface Ringer {
  /** It rings, but the browser lets nothing be heard before somebody has clicked in the page. */
  readonly blocked: ReadonlySignal<boolean>;
  /** Rings until the returned function is called. */
  ring(): () => void;
}

/** @param page where gestures are listened for. */
export function createRinger(page: EventTarget): Ringer {
  const blocked = signal(false);
  return {
    blocked,
    ring() {
      const scope = createScope();
      const context = new AudioContext({ latencyHint: 'interactive' });
      const buffer = renderSound(context, ringCycle);
      const fade = play(context, buffer, true, () => void context.close());

      const look = () => {
        blocked.value = context.state === 'suspended';
      };
      scope.listen(context, 'statechange', look);
      // A browser that still refuses says so, or leaves the promise open; the hint stays then.
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
