/** The thread that encodes recordings: one `EncodeRequest` at a time, answered with an `EncodeReply`. */
import { parentPort } from 'node:worker_threads';
import { createMp3Encoder, createOggEncoder } from 'wasm-media-encoders';
import type { EncodeReply, EncodeRequest, RecordedSound } from './audio-encoder.ts';

/** Kilobits a second of an mp3. */
const BIT_RATE = 32;

/** One encoder for each format: it can be used again, and takes its time to start. */
const encoders = {
  mp3: remember(createMp3Encoder),
  ogg: remember(createOggEncoder),
};

async function encode({ sound, format }: EncodeRequest): Promise<Uint8Array> {
  const { sampleRate, channelCount } = sound;
  if (channelCount !== 1 && channelCount !== 2) throw new Error(`takes no ${channelCount} channels`);
  const common = { sampleRate, channels: channelCount } as const;
  const encoder = format === 'mp3' ? await encoders.mp3() : await encoders.ogg();
  // Each kind has parameters of its own.
  if (encoder.mimeType === 'audio/mpeg') encoder.configure({ ...common, bitrate: BIT_RATE });
  else encoder.configure(common);
  const parts: Uint8Array[] = [];
  // What the encoder returns is its own memory, and holds until the next call only.
  for (const part of secondsOf(sound)) parts.push(encoder.encode(channelsOf(part, sound)).slice());
  parts.push(encoder.finalize().slice());
  return Buffer.concat(parts);
}

/** Silence may come as one part of hours. */
function* secondsOf({ parts, sampleRate, channelCount }: RecordedSound): Generator<Int16Array> {
  const second = sampleRate * channelCount;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += second) yield part.subarray(at, at + second);
  }
}

function channelsOf(part: Int16Array, { channelCount }: RecordedSound): Float32Array[] {
  const frames = part.length / channelCount;
  return Array.from({ length: channelCount }, (_, channel) =>
    Float32Array.from({ length: frames }, (_value, i) => (part[i * channelCount + channel] ?? 0) / 32_768),
  );
}

function remember<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

parentPort?.on('message', async (request: EncodeRequest) => {
  let reply: EncodeReply;
  try {
    reply = { file: await encode(request) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
