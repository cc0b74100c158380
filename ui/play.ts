import { createScope } from './scope.ts';

/** Generates the samples of a sound, from -1 to 1, at a sample rate. */
export type RenderSound = (sampleRate: number) => Float32Array<ArrayBuffer>;

/** Fade-out time in seconds, to avoid a click. */
const FADE = 0.03;

/** Events that allow a page to play audio. */
const GESTURES = ['pointerup', 'keydown'];

interface PlayOptions {
  onFaded?: () => void;
  volume?: number;
}

/** A sound ready to play in a context. Creating it takes some milliseconds. */
export function renderSound(context: AudioContext, render: RenderSound): AudioBuffer {
  const samples = render(context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

/**
 * Plays a sound once, or in a loop until stopped. Returns a function that fades it out.
 * @param options `onFaded` is called when it was stopped and has faded out; `volume` is from 0 to 1
 */
export function play(
  context: AudioContext,
  buffer: AudioBuffer,
  loop: boolean,
  { onFaded = () => {}, volume: gain = 1 }: PlayOptions = {},
): () => void {
  const source = new AudioBufferSourceNode(context, { buffer, loop });
  const volume = new GainNode(context, { gain });
  source.connect(volume).connect(context.destination);
  source.start();
  return () => {
    volume.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
    source.stop(context.currentTime + FADE * 2);
    if (context.state === 'running') {
      source.addEventListener('ended', onFaded);
      return;
    }
    // Its clock stands still, so a scheduled stop would let the sound be heard when it resumes.
    volume.disconnect();
    onFaded();
  };
}

/** Runs `unblock` whenever the browser may have started to allow audio. Returns a function that stops this. */
export function onGesture(page: EventTarget, unblock: () => void): () => void {
  const scope = createScope();
  for (const type of GESTURES) {
    scope.listen(page, type, unblock);
  }
  return scope.close;
}
