import type { Leg } from '../calls/leg.ts';

/** Calls `fn` with each 10 ms of what the person on a leg says, wherever the leg is moved to. Returns the undo. */
export function onVoiceOf(leg: Leg, fn: (frame: Int16Array) => void): () => void {
  let stop = leg.port.onVoice(fn);
  const stopObserving = leg.observe({
    moved: () => {
      stop();
      stop = leg.port.onVoice(fn);
    },
  });
  return () => {
    stop();
    stopObserving();
  };
}
