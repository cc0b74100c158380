/** The ring: two soft bell notes, played twice, then quiet. Times are seconds. */

const CYCLE = 3.2;
const NOTES = [
  { at: 0.0, hz: 659.26 },
  { at: 0.16, hz: 830.61 },
  { at: 0.32, hz: 659.26 },
  { at: 0.48, hz: 830.61 },
  { at: 0.95, hz: 659.26 },
  { at: 1.11, hz: 830.61 },
  { at: 1.27, hz: 659.26 },
  { at: 1.43, hz: 830.61 },
];

/** Overtones of a struck bar: the higher ones are weaker and die sooner. */
const PARTIALS = [
  { ratio: 1, weight: 1, fade: 6 },
  { ratio: 2, weight: 0.28, fade: 10 },
  { ratio: 3.93, weight: 0.1, fade: 18 },
];

const LOUDNESS = 0.34;
const ATTACK = 0.006;
const NOTE_LENGTH = 1.2;

/** Samples of one turn of the ring, from -1 to 1; played in a loop, it rings on. */
export function ringCycle(sampleRate: number): Float32Array<ArrayBuffer> {
  return render(NOTES, CYCLE, sampleRate);
}

/** One short double note: another call waits. */
export function waitingTone(sampleRate: number): Float32Array<ArrayBuffer> {
  const notes = NOTES.slice(0, 2).map((note) => ({ ...note, hz: note.hz / 1.5 }));
  return render(notes, NOTE_LENGTH + 0.2, sampleRate).map((sample) => sample * 0.5);
}

function render(
  notes: readonly { at: number; hz: number }[],
  length: number,
  sampleRate: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(length * sampleRate));
  for (const { at, hz } of notes) {
    const first = Math.round(at * sampleRate);
    const last = Math.min(samples.length, first + Math.round(NOTE_LENGTH * sampleRate));
    for (let index = first; index < last; index += 1) {
      const time = (index - first) / sampleRate;
      samples[index] = (samples[index] ?? 0) + note(time, hz);
    }
  }
  return samples;
}

function note(time: number, hz: number): number {
  const attack = Math.min(1, time / ATTACK);
  const release = Math.min(1, (NOTE_LENGTH - time) / 0.05);
  let sum = 0;
  for (const { ratio, weight, fade } of PARTIALS) {
    sum += weight * Math.exp(-fade * time) * Math.sin(2 * Math.PI * hz * ratio * time);
  }
  return LOUDNESS * attack * release * sum;
}
