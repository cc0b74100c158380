/** The ringtone of an electronic phone: two quickly alternating notes. Times are in seconds. */

const NOTES = [853, 960];
/** Duration of each note before the other follows. */
const TURN = 0.05;
/** Alternating sound and silence: two rings, then a pause. */
const CADENCE = [0.4, 0.2, 0.4, 2];
const LOUDNESS = 0.25;
const EDGE = 0.012;

/** Samples of one cycle of the ringtone, from -1 to 1, to be played in a loop. */
export function ringCycle(sampleRate: number): Float32Array<ArrayBuffer> {
  const length = CADENCE.reduce((sum, seconds) => sum + seconds, 0);
  const samples = new Float32Array(Math.round(length * sampleRate));
  let begin = 0;
  for (const [index, seconds] of CADENCE.entries()) {
    if (index % 2 === 0) ringFor(samples, begin, seconds, sampleRate);
    begin += seconds;
  }
  return samples;
}

function ringFor(samples: Float32Array, begin: number, seconds: number, rate: number): void {
  const first = Math.round(begin * rate);
  const count = Math.round(seconds * rate);
  // The phase continues from note to note, so that the changes do not click.
  let phase = 0;
  for (let index = 0; index < count; index += 1) {
    const time = index / rate;
    const edge = Math.min(1, time / EDGE, (seconds - time) / EDGE);
    phase += (2 * Math.PI * (NOTES[Math.floor(time / TURN) % NOTES.length] ?? 0)) / rate;
    samples[first + index] = LOUDNESS * edge * (Math.sin(phase) + 0.2 * Math.sin(2 * phase));
  }
}
