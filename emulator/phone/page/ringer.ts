import { type ReadonlySignal, signal } from '@preact/signals';
import { ringCycle } from './ring-tone.ts';

/** The bell of the phone. */
export interface Ringer {
  /** It rings, but the browser lets nothing be heard before somebody has clicked in the page. */
  readonly blocked: ReadonlySignal<boolean>;
  /** Rings until the returned function is called. */
  ring(): () => void;
}

/** Seconds in which the ring is faded away, so that it does not click. */
const FADE = 0.03;
/** What a browser takes for a wish to hear the page. */
const GESTURES = ['pointerup', 'keydown'];

/** @param page where gestures are listened for. */
export function createRinger(page: Pick<Document, 'addEventListener'>): Ringer {
  const blocked = signal(false);
  return {
    blocked,
    ring() {
      const ending = new AbortController();
      const { signal: over } = ending;
      const context = new AudioContext({ latencyHint: 'interactive' });
      const samples = ringCycle(context.sampleRate);
      const buffer = context.createBuffer(1, samples.length, context.sampleRate);
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer, loop: true });
      const volume = new GainNode(context);
      source.connect(volume).connect(context.destination);
      source.start();

      const look = () => {
        blocked.value = !over.aborted && context.state === 'suspended';
      };
      // A browser that still refuses says so, or leaves the promise open; the hint stays then.
      const unblock = () => void context.resume().catch(() => {});
      context.addEventListener('statechange', look, { signal: over });
      for (const gesture of GESTURES) page.addEventListener(gesture, unblock, { signal: over });
      look();

      return () => {
        ending.abort();
        blocked.value = false;
        if (context.state !== 'running') return void context.close();
        volume.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
        source.stop(context.currentTime + FADE * 2);
        source.addEventListener('ended', () => void context.close());
      };
    },
  };
}
