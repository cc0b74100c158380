import type { MediaPeer } from '../media/peer.ts';

/** A peer of which frames are lost on their way, in both directions. @param isLost asked for each frame. */
export function lossyPeer(peer: MediaPeer, isLost: () => boolean): MediaPeer {
  return {
    get state() {
      return peer.state;
    },
    onState: (fn) => peer.onState(fn),
    onFrame: (fn) =>
      peer.onFrame((frame) => {
        if (!isLost()) fn(frame);
      }),
    send(frame) {
      if (!isLost()) peer.send(frame);
    },
    close: () => peer.close(),
  };
}
