/** The thread that decodes sound files: one `DecodeRequest` at a time, answered with a `DecodeReply`. */
import { parentPort } from 'node:worker_threads';
import type { DecodeReply, DecodeRequest } from './audio-decoder.ts';
import { decodeMp3 } from './mp3.ts';
import { toMono48k } from './raw-audio.ts';
import { isWav, readWav } from './wav.ts';

async function decode(file: DecodeRequest): Promise<DecodeReply> {
  try {
    return { samples: toMono48k(isWav(file) ? readWav(file) : await decodeMp3(file)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', async (file: DecodeRequest) => {
  const reply = await decode(file);
  parentPort?.postMessage(reply);
});
