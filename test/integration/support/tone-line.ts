import type { MediaClock } from '../../../emulator/media/clock.ts';
import { tonePower } from '../../../emulator/media/key-detector.ts';
import { FRAME_MS, fromDbfs } from '../../../emulator/media/pcm.ts';
import type { MediaPeer } from '../../../emulator/media/peer.ts';
import { sine } from '../../../emulator/media/testing.ts';

/** dBFS. */
const LEVEL = -20;
/** What has lost half of its power is not whole. */
const LEAST_POWER = fromDbfs(LEVEL) ** 2 / 2;

/** Where a line says and hears frames of 10 ms. */
export interface Sound extends Pick<MediaPeer, 'send' | 'onFrame'> {
  /** Samples a second; default: as all sound of the emulator. */
  rate?: number;
}

/** What a side heard within a time. */
export interface Heard {
  /** Frames of 10 ms that there should have been. */
  due: number;
  /** Those that came, and those of them in which the tone was whole. */
  came: number;
  whole: number;
}

/** Somebody who says one tone without a pause, and listens for another. */
export interface ToneLine {
  /** Resolves when the other's tone is heard for the first time. */
  readonly connected: Promise<void>;
  /** Counts from now on. */
  reset(): void;
  heard(): Heard;
  stop(): void;
}

/**
 * @param says Hz, a multiple of 100: a frame then holds whole waves.
 * @param hears Hz, the same; any other tone is not heard.
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
