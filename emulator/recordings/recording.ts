import type { RecordedSound } from '../media/audio-encoder.ts';
import { mix } from '../media/mix.ts';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from '../media/pcm.ts';
import { createStreamResampler } from '../media/resample.ts';
import type { Room, Sound } from '../media/room.ts';
import type { World } from '../world.ts';

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
  /** The channel in which a party is heard; without one, what the platform plays. */
  channelOf(party?: string): number;
  /** Ends it. */
  stop(): { sound: RecordedSound; startedAt: number; endedAt: number };
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
    channelOf: (party) => (party === undefined ? channels - 1 : channelOf(party)),
    follow(other) {
      stopListening();
      stopListening = other.onSound(write);
    },
    stop() {
      stopListening();
      catchUp();
      return { sound: recorder.sound(), startedAt, endedAt: world.now() };
    },
  };
}

/** Samples a second of a recording: enough for all of a telephone's sound, a third of the room. */
const RECORDING_RATE = 16_000;
const SAMPLES_PER_FRAME = (FRAME_SAMPLES * RECORDING_RATE) / SAMPLE_RATE;
/** Frames that are converted together. */
const BATCH = 10;

/** Writes down sound of one or more channels. */
interface Recorder {
  /** Takes 10 ms: a frame of 48 kHz for each channel; undefined is silence. */
  write(frames: readonly (Int16Array | undefined)[]): void;
  /** Adds `count` silent frames. */
  skip(frames: number): void;
  /** Frames so far. */
  readonly length: number;
  /** The whole of it. */
  sound(): RecordedSound;
}

function createRecorder(channelCount: number): Recorder {
  const converters = Array.from({ length: channelCount }, () =>
    createStreamResampler(SAMPLE_RATE, RECORDING_RATE),
  );
  const parts: Int16Array[] = [];
  let batch: (readonly (Int16Array | undefined)[])[] = [];
  let length = 0;

  function flush(): void {
    if (batch.length === 0) return;
    const part = new Int16Array(batch.length * SAMPLES_PER_FRAME * channelCount);
    for (const [channel, convert] of converters.entries()) {
      const whole = new Int16Array(batch.length * FRAME_SAMPLES);
      for (const [i, frames] of batch.entries()) whole.set(frames[channel] ?? [], i * FRAME_SAMPLES);
      for (const [i, sample] of convert(whole).entries()) part[i * channelCount + channel] = sample;
    }
    parts.push(part);
    batch = [];
  }

  return {
    write(frames) {
      batch.push(frames);
      length += 1;
      if (batch.length === BATCH) flush();
    },
    skip(frames) {
      flush();
      parts.push(new Int16Array(frames * SAMPLES_PER_FRAME * channelCount));
      length += frames;
    },
    get length() {
      return length;
    },
    sound() {
      flush();
      return { parts, sampleRate: RECORDING_RATE, channelCount };
    },
  };
}
