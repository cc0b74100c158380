import { startThread, type Thread } from './thread.ts';

export type DecodeRequest = Uint8Array<ArrayBuffer>;
export type DecodeReply = { samples: Int16Array } | { error: string };

/** Turns sound files into 48 kHz samples. */
export interface AudioDecoder {
  /** An mp3, or a wav of 16 bits. Rejects with words that say what is wrong with the file. */
  decode(file: Uint8Array<ArrayBuffer>): Promise<Int16Array>;
  /** Why it works no more; undefined while it does. */
  readonly broken: string | undefined;
  close(): Promise<void>;
}

/** How long a file may take, in ms: an hour of mp3 takes some 20 s. */
const PATIENCE = 60_000;

/** A decoder in its own thread, because it would otherwise silence all calls. */
export function startAudioDecoder(): AudioDecoder {
  const program = new URL('./decode-worker.ts', import.meta.url);
  const thread: Thread<DecodeRequest, DecodeReply> = startThread({ program, patienceMs: PATIENCE });
  return {
    async decode(file) {
      const reply = await thread.ask(file);
      if ('error' in reply) throw new Error(reply.error);
      return reply.samples;
    },
    get broken() {
      return thread.broken;
    },
    close: () => thread.close(),
  };
}
