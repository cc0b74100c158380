import { FRAME_SAMPLES, SAMPLE_RATE } from '../media/pcm.ts';
import { createStreamResampler } from '../media/resample.ts';
import { writeWav } from '../media/wav.ts';

/** Samples a second of a recording: enough for all of a telephone's sound, a third of the room. */
const RECORDING_RATE = 16_000;
const SAMPLES_PER_FRAME = (FRAME_SAMPLES * RECORDING_RATE) / SAMPLE_RATE;
/** Frames that are converted together. */
const BATCH = 10;

/** Writes down sound of one or more channels. */
interface Recorder {
  /** Takes 10 ms: a frame of 48 kHz for each channel; undefined is silence. */
  write(frames: readonly (Int16Array | undefined)[]): void;
  /** Goes on by so many silent frames. */
  skip(frames: number): void;
  /** Frames so far. */
  readonly length: number;
  /** The whole of it as a wav. */
  toWav(): Buffer;
}

export function createRecorder(channelCount: number): Recorder {
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
    toWav() {
      flush();
      return writeWav(parts, RECORDING_RATE, channelCount);
    },
  };
}
