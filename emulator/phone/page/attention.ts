import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { Call, IncomingCall } from './phone-state.ts';

/** What draws attention to the page; each returns how to stop. */
export interface Attractions {
  ring(): () => void;
  flash(call: IncomingCall): () => void;
}

/** Rings and flashes while a call comes in, once for each. Returns how to end that. */
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
