import { mix } from './mix.ts';
import { fade } from './pcm.ts';
import type { MediaPeer } from './peer.ts';
import { createPlaybacks, type Playback, type Played } from './playback.ts';
import type { AudioSource } from './source.ts';
import { createVoiceInput } from './voice-input.ts';

/** A place in a conversation. Without a peer it is headless: what is played to it runs its time unheard. */
export interface Port {
  readonly id: string;
  /** Gives the place a voice and ears; an earlier peer is let go of, not closed. */
  attach(peer: MediaPeer): void;
  detach(): void;
  /** Its voice reaches nobody. */
  muted: boolean;
  /** It hears nothing. */
  earmuffed: boolean;
  /** The ids of the legs that it hears; undefined: all. */
  canHear: ReadonlySet<string> | undefined;
  /** Who hears it, by their ids; undefined: everybody. */
  canSpeak: ReadonlySet<string> | undefined;
  /** Calls `fn` with each 10 ms of its voice, muted or not. Returns the undo. */
  onVoice(fn: (frame: Int16Array) => void): () => void;
  /** Lets the place itself say something, as if it had a peer that does: the others hear it. */
  say(source: AudioSource): void;
  /** Plays to this port alone. */
  play(source: AudioSource, what?: Played): Playback;
  /** What is played to it alone, oldest first. */
  readonly playing: readonly Played[];
  /** Frames of 10 ms, with something in them to hear, that its peers were sent so far. */
  readonly heardFrames: number;
  /** Calls `fn` whenever something that was played to it alone has come to its end. Returns the undo. */
  onPlayed(fn: () => void): () => void;
  /** Leaves the conversation for good; what is played to it stops. */
  leave(): void;
}

/** The room's side of a port. In each tick all ports speak, then all hear. */
export interface RoomPort extends Port {
  /** Its next 10 ms for the others; undefined when it is silent. */
  speak(): Int16Array | undefined;
  /** Whether the voice of another reaches it now; kept from tick to tick, so that a change can be smoothed. */
  readonly gates: WeakMap<RoomPort, boolean>;
  /** Sends its peer the given frames and what is played to it alone, and returns the latter. */
  hear(frames: Int16Array[]): Int16Array[];
  readonly listening: boolean;
  /** It says something without a peer. */
  readonly speaking: boolean;
  readonly left: boolean;
  /** Advances the port's own playback by this many frames, unheard. */
  skip(frames: number): void;
  /** Frames until the first thing ends that it says or that is played to it; Infinity when nothing does. */
  readonly rest: number;
  /** It says nothing, and nothing is played to it. */
  readonly idle: boolean;
}

/**
 * `wake`: called before and after whatever changes how long the port's time passes unheard. `changed`: called after
 * whatever changes what is heard.
 */
export function createRoomPort(id: string, wake: () => void, changed: () => void): RoomPort {
  const voice = createVoiceInput();
  const voiceListeners = new Set<(frame: Int16Array) => void>();
  const playedListeners = new Set<() => void>();
  const finished = () => {
    for (const listener of playedListeners) listener();
  };
  const playbacks = createPlaybacks({ wake, changed, finished });
  const speech = createPlaybacks({ wake });
  let peer: MediaPeer | undefined;
  let stopListening: (() => void) | undefined;
  let left = false;
  let heardFrames = 0;
  let muted = false;
  let earmuffed = false;
  let canHear: ReadonlySet<string> | undefined;
  let canSpeak: ReadonlySet<string> | undefined;
  // The gains as the last frame left them: a change within a tick becomes a ramp.
  let voiceGain = 1;
  let earGain = 0;

  const port: RoomPort = {
    id,
    get muted() {
      return muted;
    },
    set muted(value) {
      muted = value;
      changed();
    },
    get earmuffed() {
      return earmuffed;
    },
    set earmuffed(value) {
      earmuffed = value;
      changed();
    },
    get canHear() {
      return canHear;
    },
    set canHear(value) {
      canHear = value;
      changed();
    },
    get canSpeak() {
      return canSpeak;
    },
    set canSpeak(value) {
      canSpeak = value;
      changed();
    },
    gates: new WeakMap(),
    attach(newPeer) {
      if (left) return;
      wake();
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
      earGain = 0;
    },
    onVoice(fn) {
      voiceListeners.add(fn);
      return () => voiceListeners.delete(fn);
    },
    say: (source) => void speech.play(source),
    play: (source, what) => playbacks.play(source, what),
    get playing() {
      return playbacks.playing;
    },
    onPlayed(fn) {
      playedListeners.add(fn);
      return () => playedListeners.delete(fn);
    },
    leave() {
      if (left) return;
      // What it says may go on elsewhere, from where it is now.
      if (!speech.empty) wake();
      port.detach();
      playbacks.close();
      speech.close();
      playedListeners.clear();
      voiceListeners.clear();
      left = true;
      wake();
    },
    speak() {
      const own = voice.next();
      const frames = own ? [own, ...speech.advance()] : speech.advance();
      const frame = frames.length > 0 ? mix(frames) : undefined;
      if (frame) for (const listener of voiceListeners) listener(frame);
      const from = voiceGain;
      voiceGain = port.muted ? 0 : 1;
      return frame && withGain(frame, from, voiceGain);
    },
    hear(frames) {
      if (!peer) {
        playbacks.skip(1);
        return [];
      }
      const own = playbacks.advance();
      const from = earGain;
      earGain = port.earmuffed ? 0 : 1;
      const heard = withGain(mix([...frames, ...own]), from, earGain);
      if (heard && frames.length + own.length > 0) heardFrames += 1;
      peer.send(heard ?? mix([]));
      return own;
    },
    get heardFrames() {
      return heardFrames;
    },
    get listening() {
      return peer !== undefined;
    },
    get speaking() {
      return !speech.empty;
    },
    get left() {
      return left;
    },
    skip(frames) {
      playbacks.skip(frames);
      speech.skip(frames);
    },
    get rest() {
      return Math.min(playbacks.rest, speech.rest);
    },
    get idle() {
      return playbacks.empty && speech.empty;
    },
  };
  return port;
}

/** The frame with its gain taken from one value to another; undefined: nothing is left of it. */
export function withGain(frame: Int16Array, from: number, to: number): Int16Array | undefined {
  if (from === 0 && to === 0) return undefined;
  return from === 1 && to === 1 ? frame : fade(frame, from, to);
}
