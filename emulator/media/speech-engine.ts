import { Worker } from 'node:worker_threads';
import type { SpeechText } from './speech-text.ts';
import type { SpeechReply, SpeechRequest } from './speech-worker.ts';

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

/** espeak-ng in a thread of its own, which takes one text after the other. */
export function startEspeak({
  program = new URL('./speech-worker.ts', import.meta.url),
  patienceMs = 10_000,
}: EspeakOptions = {}): SpeechEngine {
  const worker = new Worker(program);
  let broken: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let settle: ((reply: SpeechReply) => void) | undefined;

  function fail(reason: string): void {
    broken ??= reason;
    settle?.({ error: broken });
  }

  worker.on('message', (reply: SpeechReply) => settle?.(reply));
  worker.on('error', (error: Error) => fail(reasonOf(error)));
  worker.on('exit', () => fail('its thread ended'));
  // Last, for listening to its messages holds the process again: an idle thread does not, and for one that is
  // waited for the timer of `ask` does.
  worker.unref();

  async function ask(request: SpeechRequest): Promise<Int16Array> {
    if (broken) throw new Error(broken);
    const { promise, resolve } = Promise.withResolvers<SpeechReply>();
    settle = resolve;
    const timer = setTimeout(() => {
      fail(`no speech within ${patienceMs / 1000} s`);
      worker.terminate();
    }, patienceMs);
    worker.postMessage(request);
    const reply = await promise;
    clearTimeout(timer);
    if ('error' in reply) throw new Error(reply.error);
    return reply.samples;
  }

  return {
    synthesize(speech, voices) {
      const result = turn.then(() => ask({ ...speech, voices }));
      turn = result.catch(() => {});
      return result;
    },
    get broken() {
      return broken;
    },
    async close() {
      fail('it was closed');
      await worker.terminate();
    },
  };
}

function reasonOf(error: Error): string {
  const missing = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return missing ? 'the npm package espeak-ng is not installed' : error.message;
}
