import { MPEGDecoder } from 'mpg123-decoder';
import { toSample } from './pcm.ts';
import type { RawAudio } from './raw-audio.ts';

/**
 * Decodes an mp3, of any rate and of one or two channels.
 * @throws Error when there is no mp3 in the file.
 */
export async function decodeMp3(file: Uint8Array): Promise<RawAudio> {
  const decoder = new MPEGDecoder();
  try {
    await decoder.ready;
    const { channelData, sampleRate, samplesDecoded } = decoder.decode(file);
    const channelCount = channelData.length;
    if (samplesDecoded === 0 || channelCount === 0) throw new Error('is neither an mp3 nor a 16-bit wav');
    const samples = new Int16Array(samplesDecoded * channelCount);
    for (const [channel, values] of channelData.entries()) {
      for (let i = 0; i < samplesDecoded; i++) {
        samples[i * channelCount + channel] = toSample((values[i] ?? 0) * 32_768);
      }
    }
    return { samples, sampleRate, channelCount };
  } finally {
    decoder.free();
  }
}
