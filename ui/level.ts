/** Reads how loud a stream is, from 0 to 1, whenever it is asked. */
export interface StreamLevel {
  read(): number;
  stop(): void;
}

/** @param floor dB of full scale below which nothing shows */
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
 * How loud samples of -1…1 are to an ear, from 0 (as loud as the floor, or less) to 1 (full scale).
 * @param floor in dB of full scale, below 0
 */
export function loudness(samples: Float32Array, floor: number): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  // Silence has no level in dB; a trillionth is below any floor.
  const level = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 - level / floor));
}
