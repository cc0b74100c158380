/**
 * The thread that speaks: synthesis blocks for some 100 ms. It answers one `SpeechRequest`
 * at a time with a `SpeechReply`. When espeak-ng is not installed the thread ends with the error of its import.
 */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import espeak from 'espeak-ng';
import { levelSpeech } from './loudness.ts';
import { SAMPLE_RATE } from './pcm.ts';
import { resample } from './resample.ts';
import type { SpeechText } from './speech-text.ts';

export interface SpeechRequest extends SpeechText {
  /** espeak's names, tried in this order. */
  voices: string[];
}

export type SpeechReply = { samples: Int16Array } | { error: string };

const WAV_HEADER_BYTES = 44;
const WAV_RATE_OFFSET = 24;

// Compiled once here, because the package would compile it for each text (about 100 ms).
const program = await WebAssembly.compile(
  await readFile(new URL('espeak-ng.wasm', import.meta.resolve('espeak-ng'))),
);

/** Speaks the text with one voice; undefined when espeak has no such voice. */
async function synthesize({ text, ssml }: SpeechText, voice: string): Promise<Int16Array | undefined> {
  const { FS } = await espeak({
    // The text is passed in a file, because an argument could be read as an option.
    arguments: ['-v', voice, '-b', '1', ...(ssml ? ['-m'] : []), '-f', 'text', '-w', 'speech.wav'],
    preRun: [({ FS }) => FS.writeFile('text', text)],
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(program, imports).then((instance) => done(instance, program));
      return {};
    },
  });
  const wav = readIfThere(() => FS.readFile('speech.wav'));
  if (!wav) return undefined;
  const rate = new DataView(wav.buffer, wav.byteOffset).getUint32(WAV_RATE_OFFSET, true);
  const samples = new Int16Array(wav.slice(WAV_HEADER_BYTES).buffer, 0, (wav.length - WAV_HEADER_BYTES) >> 1);
  return levelSpeech(resample(samples, rate, SAMPLE_RATE));
}

function readIfThere(read: () => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function answer({ voices, ...speech }: SpeechRequest): Promise<SpeechReply> {
  try {
    for (const voice of voices) {
      const samples = await synthesize(speech, voice);
      if (samples) return { samples };
    }
    return { error: `none of the voices ${voices.join(', ')} spoke` };
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort?.on('message', async (request: SpeechRequest) => {
  const reply = await answer(request);
  parentPort?.postMessage(reply);
});
