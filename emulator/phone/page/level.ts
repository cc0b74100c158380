/** Below this nothing shows: the hiss of a quiet line. In dB of full scale. */
const FLOOR_DB = -54;

/** How loud samples of -1…1 are, as an ear takes it: 0 is silence, 1 is full scale. */
export function loudness(samples: Float32Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  if (squares === 0) return 0;
  const db = 10 * Math.log10(squares / samples.length);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** Reads the loudness of a stream whenever it is asked; the context that it is made in owns it. */
export function meterStream(context: AudioContext, stream: MediaStream): () => number {
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    return loudness(samples);
  };
}
