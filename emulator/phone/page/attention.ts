import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { Call, IncomingCall } from './phone-state.ts';

/** Ways to draw attention to the page; each returns a function that stops it. */
export interface Attractions {
  ring(): () => void;
  flash(call: IncomingCall): () => void;
}

/** Rings and flashes during each incoming call. Returns a function that stops this. */
export function drawAttention(call: ReadonlySignal<Call>, { ring, flash }: Attractions): () => void {
  const ringing = computed(() => (call.value.phase === 'incoming' ? call.value.uuid : undefined));
  return effect(() => {
    if (ringing.value === undefined) return;
    const incoming = call.peek();
    if (incoming.phase !== 'incoming') return;
    const stops = [ring(), flash(incoming)];
    return () => {
      for (const stop of stops) stop();
    };
  });
}
