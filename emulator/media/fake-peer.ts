import { FRAME_SAMPLES } from './pcm.ts';
import type { MediaPeer, PeerState } from './peer.ts';

/** A peer without a network, for tests: they are the far side. */
export interface FakePeer extends MediaPeer {
  /** What it was sent, oldest first. */
  readonly sent: Int16Array[];
  /** Whether somebody takes its frames. */
  readonly listenedTo: boolean;
  /** The far side says something, in frames of 10 ms. */
  say(...frames: Int16Array[]): void;
  become(state: PeerState): void;
}

export function createFakePeer(): FakePeer {
  const sent: Int16Array[] = [];
  const stateListeners = new Set<() => void>();
  const frameListeners = new Set<(frame: Int16Array) => void>();
  let state: PeerState = 'connected';

  const peer: FakePeer = {
    sent,
    get state() {
      return state;
    },
    get listenedTo() {
      return frameListeners.size > 0;
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
      if (frame.length !== FRAME_SAMPLES) throw new Error(`not a frame: ${frame.length} samples`);
      sent.push(frame);
    },
    say(...frames) {
      for (const frame of frames) for (const listener of frameListeners) listener(frame);
    },
    become(next) {
      state = next;
      for (const listener of stateListeners) listener();
    },
    close() {
      peer.become('closed');
    },
  };
  return peer;
}
