import type { Leg } from './leg.ts';

/** Milliseconds that a connection of sound may take to come up. */
const CONNECT_PATIENCE = 15_000;
/** Milliseconds that lost sound may take to come back: a page that was reloaded has 20 s to rejoin. */
const LOSS_PATIENCE = 25_000;

/** Ends a leg whose sound never comes or does not come back: a browser that died tells nobody. */
export function watchMedia(leg: Leg): void {
  let cancel = () => {};
  const expect = (patience: number, cause: 'no-media' | 'media-lost') => {
    cancel();
    cancel = leg.world.after(patience, () => leg.finish({ cause }));
  };
  leg.observe({
    media(_leg, state) {
      if (state === 'connecting')
        expect(CONNECT_PATIENCE, leg.answeredAt === undefined ? 'no-media' : 'media-lost');
      else if (state === 'connected') cancel();
      else expect(LOSS_PATIENCE, 'media-lost');
    },
    ended: () => cancel(),
  });
}

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
