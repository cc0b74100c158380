import { FRAME_SAMPLES, SAMPLE_RATE } from './pcm.ts';
import { resample } from './resample.ts';

/** What a WebRTC engine delivers: interleaved channels, any rate. */
export interface RawAudio {
  samples: Int16Array;
  sampleRate: number;
  channelCount?: number;
}

/** One frame of this emulator's format from 10 ms of another; what is longer is cut, what is shorter ends in silence. */
export function toFrame(audio: RawAudio): Int16Array {
  const converted = toMono48k(audio);
  if (converted.length === FRAME_SAMPLES) return converted;
  const frame = new Int16Array(FRAME_SAMPLES);
  frame.set(converted.subarray(0, FRAME_SAMPLES));
  return frame;
}

/** The whole of it in this emulator's format. */
export function toMono48k({ samples, sampleRate, channelCount = 1 }: RawAudio): Int16Array {
  const mono = channelCount === 1 ? samples : downmix(samples, channelCount);
  return sampleRate === SAMPLE_RATE ? mono : resample(mono, sampleRate, SAMPLE_RATE);
}

function downmix(samples: Int16Array, channels: number): Int16Array {
  return new Int16Array(Math.floor(samples.length / channels)).map((_, i) => {
    let sum = 0;
    for (const sample of samples.subarray(i * channels, (i + 1) * channels)) sum += sample;
    return sum / channels;
  });
}
