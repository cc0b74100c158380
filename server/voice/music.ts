/** Samples a second; more than a telephone carries. */
const RATE = 16_000;
/** Four bars of five seconds. */
const BAR_SECONDS = 5;

/** Notes in semitones from A4: four calm chords, each as a broken pattern that rises and falls. */
const BARS = [
  [-21, -14, -9, -5, -2, -5, -9, -14], // C major seventh
  [-24, -17, -12, -9, -5, -9, -12, -17], // A minor seventh
  [-28, -16, -12, -9, -5, -9, -12, -16], // F major seventh
  [-26, -14, -9, -7, -2, -7, -9, -14], // G, suspended
] as const;

/** Loudness of a note, of 32,767. */
const LOUDNESS = 3_500;

let made: Buffer | undefined;

/** The music for callers who wait: a loop of twenty seconds, made here and free of rights. A WAV of 16 bits. */
export function holdMusic(): Buffer {
  made ??= wav(loop());
  return made;
}

/** Notes ring on over the end of the loop into its beginning, so that it has no seam. */
function loop(): Int16Array {
  const total = BARS.length * BAR_SECONDS * RATE;
  const mixed = new Float64Array(total);
  for (const [bar, notes] of BARS.entries()) {
    const step = (BAR_SECONDS * RATE) / notes.length;
    for (const [index, semitones] of notes.entries()) {
      const start = Math.round(bar * BAR_SECONDS * RATE + index * step);
      ring(mixed, start, 440 * 2 ** (semitones / 12), index === 0 ? 1 : 0.6);
    }
  }
  return Int16Array.from(mixed, (value) => Math.round(Math.max(-1, Math.min(1, value)) * LOUDNESS * 2));
}

/** A soft note with two overtones that fades within three seconds. */
function ring(mixed: Float64Array, start: number, frequency: number, weight: number): void {
  const length = 3 * RATE;
  for (let index = 0; index < length; index += 1) {
    const time = index / RATE;
    const envelope = Math.min(1, time / 0.02) * Math.exp(-1.6 * time) * (1 - index / length);
    const angle = 2 * Math.PI * frequency * time;
    const tone = Math.sin(angle) + 0.35 * Math.sin(2 * angle) + 0.12 * Math.sin(3 * angle);
    const at = (start + index) % mixed.length;
    mixed[at] = (mixed[at] ?? 0) + tone * envelope * weight * 0.4;
  }
}

function wav(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44);
  const bytes = samples.length * 2;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
