import { frequenciesOf } from '../../media/key-frequencies.ts';

/** Seconds: silence, the tone, silence. ITU-T Q.24 requires 40 ms of each; jitter needs a margin. */
const BEFORE = 0.05;
const TONE = 0.15;
const AFTER = 0.1;
/** Amplitude of each of the two tones: together -12 dBFS. */
const AMPLITUDE = 0.25;

/** A sounding key. */
export interface KeySound<Track> {
  track: Track;
  /** Resolves after the tone and the silence around it. */
  over: Promise<void>;
}

/** The audio sent in a call. */
export interface Voice<Track> {
  replaceTrack(track: Track): Promise<void>;
}

/**
 * Sends keys in band, one after the other, however fast they are pressed. A tone replaces the microphone while it
 * sounds. The returned promise rejects if the connection is gone.
 * @param connected resolves once the far side can hear a key
 */
export function createKeyTones<Track>(
  voice: Voice<Track>,
  microphone: Track,
  sound: (digit: string) => KeySound<Track>,
  connected: Promise<unknown>,
): (digit: string) => Promise<void> {
  let last = connected;

  async function play(digit: string): Promise<void> {
    const { track, over } = sound(digit);
    await voice.replaceTrack(track);
    await over;
    await voice.replaceTrack(microphone);
  }

  return (digit) => {
    const mine = last.then(() => play(digit));
    last = mine.catch(() => {});
    return mine;
  };
}

/** Plays both tones of a key. */
export function soundKey(context: AudioContext, digit: string): KeySound<MediaStreamTrack | null> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const output = new MediaStreamAudioDestinationNode(context);
  const [track = null] = output.stream.getAudioTracks();
  const start = context.currentTime;
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setTargetAtTime(AMPLITUDE, start + BEFORE, 0.002);
  volume.gain.setTargetAtTime(0, start + BEFORE + TONE, 0.002);
  volume.connect(output);
  for (const frequency of frequenciesOf(digit)) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(volume);
    tone.start(start);
    tone.stop(start + BEFORE + TONE + AFTER);
    tone.addEventListener('ended', () => {
      track?.stop();
      resolve();
    });
  }
  return { track, over };
}
