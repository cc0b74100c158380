import type { MediaPeer, PeerState } from './peer.ts';

/** A line between two legs inside the platform: what is said to one end is heard at the other. */
export function createTrunk(): [MediaPeer, MediaPeer] {
  const near = createEnd();
  const far = createEnd();
  near.other = far;
  far.other = near;
  return [near.peer, far.peer];
}

interface End {
  readonly peer: MediaPeer;
  other: End | undefined;
  hear(frame: Int16Array): void;
  lose(): void;
}

function createEnd(): End {
  const stateListeners = new Set<() => void>();
  const frameListeners = new Set<(frame: Int16Array) => void>();
  let state: PeerState = 'connected';
  const enter = (next: PeerState) => {
    if (state === 'closed') return;
    state = next;
    for (const listener of [...stateListeners]) listener();
  };
  const end: End = {
    other: undefined,
    hear(frame) {
      for (const listener of [...frameListeners]) listener(frame);
    },
    lose: () => enter('lost'),
    peer: {
      get state() {
        return state;
      },
      onState(fn) {
        stateListeners.add(fn);
        return () => stateListeners.delete(fn);
      },
      onFrame(fn) {
        frameListeners.add(fn);
        return () => frameListeners.delete(fn);
      },
      send(frame) {
        if (state === 'connected') end.other?.hear(frame);
      },
      close() {
        enter('closed');
        stateListeners.clear();
        frameListeners.clear();
        end.other?.lose();
        end.other = undefined;
      },
    },
  };
  return end;
}
