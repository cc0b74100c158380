import { SAMPLE_RATE } from './pcm.ts';
import { createSampleCache } from './sample-cache.ts';
import { type SpeechEngine, startEspeak } from './speech-engine.ts';
import { speechText, voicesFor, wordsOf } from './speech-text.ts';
import { renderToneWords } from './tones.ts';

interface SpeakOptions {
  /** BCP-47; what is absent or unknown is spoken in English. */
  language?: string;
}

/** Turns texts into samples. */
export interface Speaker {
  /**
   * The text spoken, in 48 kHz samples to be left unchanged, for others share them; none when there is
   * nothing to say. Never rejects: where speech fails, tones stand for the words.
   */
  speak(text: string, options?: SpeakOptions): Promise<Int16Array>;
  /** Starts the engine before the first text needs it. */
  warm(): void;
  /** Ends the engine; what it had not spoken yet becomes tones. */
  close(): Promise<void>;
}

interface SpeakerOptions {
  /** Told once, in a line of words, when tones have to stand for speech. */
  log?: (line: string) => void;
  /** Starts the engine, at first use and after it broke; espeak-ng when absent. */
  startEngine?: () => SpeechEngine;
}

/** 5 minutes of speech: 29 MB. */
const KEPT_SAMPLES = 5 * 60 * SAMPLE_RATE;
const KEPT_TEXTS = 500;

/** A speaker with one engine and a cache: each text is rendered once. */
export function createSpeaker({ log = () => {}, startEngine = startEspeak }: SpeakerOptions = {}): Speaker {
  const cache = createSampleCache({ samples: KEPT_SAMPLES, entries: KEPT_TEXTS });
  let engine: SpeechEngine | undefined;
  let engineSpoke = false;
  let warned = false;
  let closed = false;

  async function render(text: string, language: string | undefined): Promise<Int16Array> {
    const speech = speechText(text);
    if (speech.text === '') return new Int16Array();
    try {
      const samples = await currentEngine().synthesize(speech, voicesFor(language));
      engineSpoke = true;
      return samples;
    } catch (error) {
      warn(error);
      return renderToneWords(wordsOf(speech));
    }
  }

  /** An engine that broke is replaced, unless it never spoke: the next would not either. */
  function currentEngine(): SpeechEngine {
    if (closed) throw new Error('the speaker is closed');
    if (engine?.broken && engineSpoke) {
      engine = undefined;
      engineSpoke = false;
    }
    engine ??= startEngine();
    return engine;
  }

  function warn(error: unknown): void {
    if (warned || closed) return;
    warned = true;
    const reason = error instanceof Error ? error.message : String(error);
    log(`Spoken texts are played as short tones: no speech (${reason}).`);
  }

  return {
    speak(text, { language } = {}) {
      return cache.share(`${language ?? ''}\n${text}`, () => render(text, language));
    },
    warm() {
      try {
        currentEngine();
      } catch {
        // Closed, or no thread to be had: the first text will say so.
      }
    },
    async close() {
      closed = true;
      await engine?.close();
    },
  };
}
