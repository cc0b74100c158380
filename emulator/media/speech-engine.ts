import type { SpeechText } from './speech-text.ts';
import type { SpeechReply, SpeechRequest } from './speech-worker.ts';
import { startThread } from './thread.ts';

/** Something that speaks. */
export interface SpeechEngine {
  /** 48 kHz samples, ready to be played. Rejects when it cannot speak this text, or is broken. */
  synthesize(speech: SpeechText, voices: string[]): Promise<Int16Array>;
  /** Why it works no more; undefined while it does. */
  readonly broken: string | undefined;
  close(): Promise<void>;
}

export interface EspeakOptions {
  /** The program of the thread; another one in tests. */
  program?: URL;
  /** How long a text may take, in ms (10 000 when absent); then the thread is ended. */
  patienceMs?: number;
}

/** espeak-ng in its own thread, which renders one text at a time. */
export function startEspeak({
  program = new URL('./speech-worker.ts', import.meta.url),
  patienceMs = 10_000,
}: EspeakOptions = {}): SpeechEngine {
  const thread = startThread<SpeechRequest, SpeechReply>({ program, patienceMs, explain: reasonOf });
  return {
    async synthesize(speech, voices) {
      const reply = await thread.ask({ ...speech, voices });
      if ('error' in reply) throw new Error(reply.error);
      return reply.samples;
    },
    get broken() {
      return thread.broken;
    },
    close: () => thread.close(),
  };
}

function reasonOf(error: Error): string {
  const missing = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return missing ? 'the npm package espeak-ng is not installed' : error.message;
}
