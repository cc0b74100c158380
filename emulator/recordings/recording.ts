import { mix } from '../media/mix.ts';
import { FRAME_MS } from '../media/pcm.ts';
import type { Room, Sound } from '../media/room.ts';
import type { World } from '../world.ts';
import { createRecorder } from './recorder.ts';

/** Frames by which the sound may be late before what is missing is taken for silence: half a second. */
const PATIENCE = 50;

interface RecordingOptions {
  /** 1: all mixed; more: a party each. */
  channels: number;
  /** Whose voice gets the first channel; the others follow as they are first heard. */
  first?: string;
}

/** A recording under way. */
export interface Recording {
  readonly startedAt: number;
  /** Records another room from now on: its party was moved. */
  follow(room: Room): void;
  /** Ends it. */
  stop(): { wav: Buffer; startedAt: number; endedAt: number };
}

/**
 * Records a room. With several channels each party has its own, those that are too many share the last with
 * whatever the platform plays. While nobody listens there is no sound, only time: that is silence.
 */
export function startRecording(room: Room, { channels, first }: RecordingOptions, world: World): Recording {
  const startedAt = world.now();
  const recorder = createRecorder(channels);
  const parties = new Map<string, number>();
  if (first !== undefined) parties.set(first, 0);
  let stopListening = room.onSound(write);

  function channelOf(id: string): number {
    const known = parties.get(id);
    if (known !== undefined) return known;
    const next = Math.min(parties.size, channels - 1);
    parties.set(id, next);
    return next;
  }

  function write({ voices, played }: Sound): void {
    catchUp();
    const frames: Int16Array[][] = Array.from({ length: channels }, () => []);
    for (const [id, voice] of voices) frames[channelOf(id)]?.push(voice);
    frames[channels - 1]?.push(...played);
    recorder.write(frames.map((some) => (some.length === 0 ? undefined : mix(some))));
  }

  /** Fills the time without sound, so that the recording is as long as it took. */
  function catchUp(): void {
    const missing = Math.floor((world.now() - startedAt) / FRAME_MS) - recorder.length;
    if (missing > PATIENCE) recorder.skip(missing);
  }

  return {
    startedAt,
    follow(other) {
      stopListening();
      stopListening = other.onSound(write);
    },
    stop() {
      stopListening();
      catchUp();
      return { wav: recorder.toWav(), startedAt, endedAt: world.now() };
    },
  };
}
