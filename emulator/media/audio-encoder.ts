import { startThread, type Thread } from './thread.ts';
import { writeWav } from './wav.ts';

/** The formats of a recording that Vonage documents. */
export type AudioFormat = 'mp3' | 'wav' | 'ogg';

/** Sound as it was recorded: parts that follow each other, each with its channels interleaved. */
export interface RecordedSound {
  parts: readonly Int16Array[];
  sampleRate: number;
  channelCount: number;
}

export type EncodeRequest = { sound: RecordedSound; format: Exclude<AudioFormat, 'wav'> };
export type EncodeReply = { file: Uint8Array } | { error: string };

/** Turns sound into files. */
export interface AudioEncoder {
  /** An mp3 or an ogg has one or two channels. Rejects with words when the encoder fails. */
  encode(sound: RecordedSound, format: AudioFormat): Promise<Buffer>;
  close(): Promise<void>;
}

/** How long a file may take, in ms: an hour of sound takes about two minutes. */
const PATIENCE = 15 * 60_000;

/** An encoder with a thread of its own, which starts with the first file that needs it. */
export function createAudioEncoder(): AudioEncoder {
  let thread: Thread<EncodeRequest, EncodeReply> | undefined;
  return {
    async encode(sound, format) {
      const { parts, sampleRate, channelCount } = sound;
      if (format === 'wav') return writeWav(parts, sampleRate, channelCount);
      if (!thread || thread.broken) {
        thread = startThread({
          program: new URL('./encode-worker.ts', import.meta.url),
          patienceMs: PATIENCE,
        });
      }
      const reply = await thread.ask({ sound, format });
      if ('error' in reply) throw new Error(reply.error);
      return Buffer.from(reply.file);
    },
    async close() {
      await thread?.close();
    },
  };
}
