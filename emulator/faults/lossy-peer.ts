import type { MediaPeer } from '../media/peer.ts';
import type { Faults } from './faults.ts';

/** The way of sound between two numbers or users, on which frames are lost when the fault `media-loss` strikes. */
export function lossyNetwork(faults: Faults) {
  return (peer: MediaPeer, from: string | null, to: string): MediaPeer =>
    lossyPeer(peer, () => {
      const isMeant = (number: string | undefined) =>
        number === undefined || number === from || number === to;
      return faults.strike('media-loss', ({ number }) => isMeant(number)) !== undefined;
    });
}

/** A peer of which frames are lost on their way, in both directions. @param isLost asked for each frame. */
function lossyPeer(peer: MediaPeer, isLost: () => boolean): MediaPeer {
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
