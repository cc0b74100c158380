import { mix } from './mix.ts';
import { fade, meanSquare, toDbfs } from './pcm.ts';
import type { MediaPeer } from './peer.ts';
import { createPlaybacks, type Playback } from './playback.ts';
import type { AudioSource } from './source.ts';
import { createVoiceInput } from './voice-input.ts';

/** Somebody's place in a conversation. Without a peer it is headless: what is played to it runs its time unheard. */
export interface Port {
  /** Gives the place a voice and ears; an earlier peer is let go of, not closed. */
  attach(peer: MediaPeer): void;
  detach(): void;
  /** Its voice reaches nobody. */
  muted: boolean;
  /** It hears nothing. */
  earmuffed: boolean;
  /** Plays to this port alone. */
  play(source: AudioSource): Playback;
  /** How loud it spoke lately (about 100 ms), muted or not: RMS in dBFS, -Infinity for silence. */
  readonly level: number;
  /** Frames of 10 ms, with something in them to hear, that its peers were sent so far. */
  readonly heardFrames: number;
  /** Leaves the conversation for good; what is played to it stops. */
  leave(): void;
}

/** The room's side of a port. In each tick all ports speak, then all hear. */
export interface RoomPort extends Port {
  /** Its next 10 ms for the others; undefined when it is silent. */
  speak(): Int16Array | undefined;
  /** Sends its peer the given frames and what is played to it alone. */
  hear(frames: Int16Array[]): void;
  readonly listening: boolean;
  readonly left: boolean;
  /** Nothing to do in the next tick. */
  readonly idle: boolean;
}

/** How fast `level` forgets: a frame's share in the average. */
const LEVEL_SHARE = 0.1;

/** `wake`: called whenever the port needs ticks. */
export function createRoomPort(wake: () => void): RoomPort {
  const voice = createVoiceInput();
  const playbacks = createPlaybacks();
  let peer: MediaPeer | undefined;
  let stopListening: (() => void) | undefined;
  let left = false;
  let power = 0;
  let heardFrames = 0;
  // The gains as the last frame left them: a change within a tick becomes a ramp.
  let voiceGain = 1;
  let earGain = 0;

  const port: RoomPort = {
    muted: false,
    earmuffed: false,
    attach(newPeer) {
      if (left) return;
      port.detach();
      peer = newPeer;
      stopListening = newPeer.onFrame(voice.push);
      wake();
    },
    detach() {
      stopListening?.();
      stopListening = undefined;
      peer = undefined;
      voice.clear();
      power = 0;
      earGain = 0;
    },
    play(source) {
      wake();
      return playbacks.play(source);
    },
    leave() {
      if (left) return;
      port.detach();
      playbacks.close();
      left = true;
      wake();
    },
    speak() {
      const frame = voice.next();
      power += LEVEL_SHARE * ((frame ? meanSquare(frame) : 0) - power);
      const from = voiceGain;
      voiceGain = port.muted ? 0 : 1;
      return frame && withGain(frame, from, voiceGain);
    },
    hear(frames) {
      const own = playbacks.advance(peer !== undefined);
      if (!peer) return;
      const from = earGain;
      earGain = port.earmuffed ? 0 : 1;
      const heard = withGain(mix([...frames, ...own]), from, earGain);
      if (heard && frames.length + own.length > 0) heardFrames += 1;
      peer.send(heard ?? mix([]));
    },
    get level() {
      return toDbfs(Math.sqrt(power));
    },
    get heardFrames() {
      return heardFrames;
    },
    get listening() {
      return peer !== undefined;
    },
    get left() {
      return left;
    },
    get idle() {
      return !peer && playbacks.empty && !left;
    },
  };
  return port;
}

/** Undefined: nothing is left of the frame. */
function withGain(frame: Int16Array, from: number, to: number): Int16Array | undefined {
  if (from === 0 && to === 0) return undefined;
  return from === 1 && to === 1 ? frame : fade(frame, from, to);
}
