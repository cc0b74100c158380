import type { MediaClock } from '../../../emulator/media/clock.ts';
import { tonePower } from '../../../emulator/media/key-detector.ts';
import { FRAME_MS, fromDbfs } from '../../../emulator/media/pcm.ts';
import type { MediaPeer } from '../../../emulator/media/peer.ts';
import { sine } from '../../../emulator/media/testing.ts';

/** dBFS. */
const LEVEL = -20;
/** A tone with less than half its power is not intact. */
const LEAST_POWER = fromDbfs(LEVEL) ** 2 / 2;

/** A source and sink of 10 ms frames. */
export interface Sound extends Pick<MediaPeer, 'send' | 'onFrame'> {
  /** Samples per second. Default: the emulator's rate. */
  rate?: number;
}

/** What a side heard in a period. */
export interface Heard {
  /** Expected frames of 10 ms. */
  due: number;
  /** Received frames, and those with an intact tone. */
  came: number;
  whole: number;
}

/** A person who sends one continuous tone and listens for another. */
export interface ToneLine {
  /** Resolves when the other's tone is heard for the first time. */
  readonly connected: Promise<void>;
  /** Counts from now on. */
  reset(): void;
  heard(): Heard;
  stop(): void;
}

/**
 * @param says Hz, a multiple of 100, so that a frame holds whole waves
 * @param hears Hz, likewise; other tones are ignored
 */
export function createToneLine(sound: Sound, says: number, hears: number, clock: MediaClock): ToneLine {
  const frame = sine(says, FRAME_MS, LEVEL, sound.rate);
  const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
  let since = performance.now();
  let came = 0;
  let whole = 0;
  const stopTalking = clock.onTick(() => sound.send(frame));
  const stopListening = sound.onFrame((heard) => {
    came += 1;
    if (tonePower(heard, hears, sound.rate) < LEAST_POWER) return;
    whole += 1;
    connect();
  });
  return {
    connected,
    reset() {
      since = performance.now();
      came = 0;
      whole = 0;
    },
    heard: () => ({ due: (performance.now() - since) / FRAME_MS, came, whole }),
    stop() {
      stopTalking();
      stopListening();
    },
  };
}
