import { frequenciesOf } from './key-frequencies.ts';
import { fromDbfs, SAMPLE_RATE, toSample } from './pcm.ts';
import { type AudioSource, samplesSource } from './source.ts';

/** Whose tones a caller is used to. */
type TonePlan = 'uk' | 'us';

const LEVEL_DBFS = -20;
/** Attack and release of a tone, in seconds. */
const EDGE = 0.01;

interface Tone {
  hertz: readonly number[];
  /** Seconds, sounding and silent in turn. */
  cadence: readonly number[];
}

/** Tones of the public networks: BT SIN 350 for the UK, the Precise Tone Plan for the US. */
const RINGBACK: Record<TonePlan, Tone> = {
  uk: { hertz: [400, 450], cadence: [0.4, 0.2, 0.4, 2] },
  us: { hertz: [440, 480], cadence: [2, 4] },
};
const BUSY: Record<TonePlan, Tone> = {
  uk: { hertz: [400], cadence: [0.375, 0.375] },
  us: { hertz: [480, 620], cadence: [0.5, 0.5] },
};

/** The sound of the far phone ringing, without end. */
export function ringback(plan: TonePlan): AudioSource {
  return samplesSource(rendered(RINGBACK[plan]), { loop: 0 });
}

/** The sound of an engaged line, without end. */
export function busyTone(plan: TonePlan): AudioSource {
  return samplesSource(rendered(BUSY[plan]), { loop: 0 });
}

/** The sound of pressed keys, 100 ms each; what is no key (`p`, a pause) is silent. */
export function keyTones(digits: string): AudioSource {
  return samplesSource(
    render(
      [...digits].flatMap((digit) => [
        { hertz: frequenciesOf(digit), seconds: 0.1 },
        { hertz: [], seconds: 0.1 },
      ]),
    ),
  );
}

/** The sound after which a recording begins. */
export function beep(): AudioSource {
  return samplesSource(render([{ hertz: [1000], seconds: 0.2 }]));
}

/** Stands in for speech where no engine is: a short soft tone for each word, 5 s at most. */
export function toneWords(text: string): AudioSource {
  return samplesSource(renderToneWords(text));
}

const WORD_TONE = 0.12;
const WORD_GAP = 0.08;
const MAX_WORDS = Math.floor(5 / (WORD_TONE + WORD_GAP));
/** A pentatonic scale: any order of its notes sounds friendly. */
const NOTES = [392, 440, 523.25, 587.33, 659.25];

/** The samples of `toneWords`; none for a text without words. */
export function renderToneWords(text: string): Int16Array {
  const words = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
  return render(
    words.flatMap((word, i) => [
      { hertz: [NOTES[(word.length + i) % NOTES.length] ?? 440], seconds: WORD_TONE },
      { hertz: [], seconds: WORD_GAP },
    ]),
  );
}

const cycles = new Map<Tone, Int16Array>();

/** One cycle of a tone's cadence; rendered once, shared by all that play it. */
function rendered(tone: Tone): Int16Array {
  const known = cycles.get(tone);
  if (known) return known;
  const samples = render(
    tone.cadence.map((seconds, i) => ({ hertz: i % 2 === 0 ? tone.hertz : [], seconds })),
  );
  cycles.set(tone, samples);
  return samples;
}

/** A chord, or silence when it has no frequencies. */
interface Note {
  hertz: readonly number[];
  seconds: number;
}

function render(notes: readonly Note[]): Int16Array {
  const parts = notes.map(renderNote);
  const samples = new Int16Array(parts.reduce((total, part) => total + part.length, 0));
  let position = 0;
  for (const part of parts) {
    samples.set(part, position);
    position += part.length;
  }
  return samples;
}

function renderNote({ hertz, seconds }: Note): Int16Array {
  const length = Math.round(seconds * SAMPLE_RATE);
  // n sines of amplitude a have an RMS of a·√(n/2).
  const amplitude = fromDbfs(LEVEL_DBFS) * Math.sqrt(2 / Math.max(1, hertz.length));
  return new Int16Array(length).map((_, i) => {
    let sum = 0;
    for (const frequency of hertz) sum += Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE);
    const edge = Math.min(1, i / (EDGE * SAMPLE_RATE), (length - i) / (EDGE * SAMPLE_RATE));
    return toSample(amplitude * sum * (0.5 - 0.5 * Math.cos(Math.PI * edge)));
  });
}
