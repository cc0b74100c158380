/** Samples louder than this, of 32,767, are more than noise on the line. */
const LOUD = 600;
/** Seconds of voice, all together, from which a recording is a message. */
const LEAST_SECONDS = 0.4;
/** Seconds over which loudness is measured. */
const WINDOW_SECONDS = 0.05;

/** Whether somebody speaks in a WAV of 16 bits. What cannot be read counts as spoken: nothing may be lost. */
export function isSpoken(file: Buffer): boolean {
  const format = readWav(file);
  if (format === undefined) return true;
  const { rate, samples } = format;
  const window = Math.max(1, Math.round(rate * WINDOW_SECONDS));
  let loud = 0;
  for (let start = 0; start + window <= samples.length; start += window) {
    let sum = 0;
    for (let at = start; at < start + window; at += 1) sum += (samples[at] ?? 0) ** 2;
    if (Math.sqrt(sum / window) > LOUD) loud += 1;
  }
  return loud * WINDOW_SECONDS >= LEAST_SECONDS;
}

/** The samples of all channels, one after the other, and how many there are a second. */
function readWav(file: Buffer): { rate: number; samples: Int16Array } | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let rate: number | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'fmt ' && start + 16 <= file.length) {
      if (file.readUInt16LE(start) !== 1 || file.readUInt16LE(start + 14) !== 16) return undefined;
      rate = file.readUInt32LE(start + 4) * file.readUInt16LE(start + 2);
    }
    if (name === 'data' && rate !== undefined) {
      const end = Math.min(start + length, file.length);
      const samples = new Int16Array(Math.floor((end - start) / 2));
      for (let index = 0; index < samples.length; index += 1)
        samples[index] = file.readInt16LE(start + index * 2);
      return { rate, samples };
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

/** How the files of sound begin that platforms record: WAV, MP3 with and without tags, and Ogg. */
const BEGINNINGS = [/^RIFF/, /^ID3/, /^\xff[\xe0-\xff]/, /^OggS/];

/** Whether a file may be a recording, rather than the page of a proxy or an error in words. */
export function isSound(file: Buffer): boolean {
  const start = file.toString('latin1', 0, 4);
  return BEGINNINGS.some((beginning) => beginning.test(start));
}
