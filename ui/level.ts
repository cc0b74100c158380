/** Measures the level of a stream, from 0 to 1, on demand. */
export interface StreamLevel {
  read(): number;
  stop(): void;
}

/** @param floor dBFS below which the level is 0 */
export function levelOf(context: AudioContext, stream: MediaStream, floor: number): StreamLevel {
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples, floor);
    },
    stop: () => source.disconnect(),
  };
}

/**
 * Perceived loudness of samples from -1 to 1: 0 at the floor or below, 1 at full scale.
 * @param floor in dB of full scale, below 0
 */
export function loudness(samples: Float32Array, floor: number): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  // Silence has no level in dB, so add a trillionth, which is below any floor.
  const level = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 - level / floor));
}
