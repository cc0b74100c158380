import { createScope } from './scope.ts';

/** Makes the samples of a sound, from -1 to 1, for so many of them a second. */
export type RenderSound = (sampleRate: number) => Float32Array<ArrayBuffer>;

/** Time in which a sound is faded away, so that it does not click (seconds). */
const FADE = 0.03;

/** What a browser takes for a wish to hear the page. */
const GESTURES = ['pointerup', 'keydown'];

/** A sound as a context plays it. To make it takes some milliseconds. */
export function renderSound(context: AudioContext, render: RenderSound): AudioBuffer {
  const samples = render(context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

/**
 * Plays a sound, in a loop until it is stopped or once. Returns how to fade it away.
 * @param onFaded it was stopped, and nothing of it is heard any more
 */
export function play(
  context: AudioContext,
  buffer: AudioBuffer,
  loop: boolean,
  onFaded: () => void = () => {},
): () => void {
  const source = new AudioBufferSourceNode(context, { buffer, loop });
  const volume = new GainNode(context);
  source.connect(volume).connect(context.destination);
  source.start();
  return () => {
    volume.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
    source.stop(context.currentTime + FADE * 2);
    if (context.state === 'running') {
      source.addEventListener('ended', onFaded);
      return;
    }
    // Its clock stands still: what is only scheduled to stop would be heard when it goes on.
    volume.disconnect();
    onFaded();
  };
}

/** Runs `unblock` whenever a browser may have begun to let the page sound. Returns how to stop. */
export function onGesture(page: EventTarget, unblock: () => void): () => void {
  const scope = createScope();
  for (const type of GESTURES) {
    scope.listen(page, type, unblock);
  }
  return scope.close;
}
