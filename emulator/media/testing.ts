import type { Time } from './clock.ts';
import { tonePower } from './key-detector.ts';
import { FRAME_SAMPLES, fromDbfs, SAMPLE_RATE, toDbfs } from './pcm.ts';
import type { MediaPeer, PeerState } from './peer.ts';

/** A sine of a level (RMS, dBFS). */
export function sine(hertz: number, durationMs: number, level = -20, rate = SAMPLE_RATE): Int16Array {
  const amplitude = fromDbfs(level) * Math.SQRT2;
  return new Int16Array(Math.round((durationMs * rate) / 1000)).map((_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );
}

/** The level (RMS, dBFS) of one frequency in the samples. */
export function toneLevel(samples: Int16Array, hertz: number, rate = SAMPLE_RATE): number {
  return toDbfs(Math.sqrt(tonePower(samples, hertz, rate)));
}

/** The largest step from one sample to the next: a click is a step that the sound itself would not take. */
export function largestStep(samples: Int16Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return largest;
}

/** Samples in whole frames; what is left over at the end is dropped. */
export function toFrames(samples: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / FRAME_SAMPLES) }, (_, i) =>
    samples.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
}

/** Frames one after the other. */
export function join(frames: readonly Int16Array[]): Int16Array {
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}

/** A peer without a network, for tests: they are the far side. */
interface FakePeer extends MediaPeer {
  /** What it was sent, oldest first. */
  readonly sent: Int16Array[];
  /** Whether its frames are used. */
  readonly listenedTo: boolean;
  /** The far side says something, in frames of 10 ms. */
  say(...frames: Int16Array[]): void;
  become(state: PeerState): void;
}

export function createFakePeer(): FakePeer {
  const sent: Int16Array[] = [];
  const stateListeners = new Set<() => void>();
  const frameListeners = new Set<(frame: Int16Array) => void>();
  let state: PeerState = 'connected';

  const peer: FakePeer = {
    sent,
    get state() {
      return state;
    },
    get listenedTo() {
      return frameListeners.size > 0;
    },
    onState(fn) {
      stateListeners.add(fn);
      return () => stateListeners.delete(fn);
    },
    onFrame(fn) {
      frameListeners.add(fn);
      return () => frameListeners.delete(fn);
    },
    send(frame) {
      if (frame.length !== FRAME_SAMPLES) throw new Error(`not a frame: ${frame.length} samples`);
      sent.push(frame);
    },
    say(...frames) {
      for (const frame of frames) for (const listener of frameListeners) listener(frame);
    },
    become(next) {
      state = next;
      for (const listener of stateListeners) listener();
    },
    close() {
      peer.become('closed');
    },
  };
  return peer;
}

/** Time that passes when a test says so. */
interface FakeTime extends Time {
  /** Lets time pass; timers fire when they are due. */
  pass(ms: number): void;
  /** Lets time pass in one step, as in a busy process: timers fire late, at its end. */
  stall(ms: number): void;
  readonly timers: number;
}

export function createFakeTime(): FakeTime {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();

  function next(until: number) {
    return [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  }

  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const end = now + ms;
      for (let timer = next(end); timer; timer = next(end)) {
        timers.delete(timer);
        now = timer.at;
        timer.fn();
      }
      now = end;
    },
    stall(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.fn();
      }
    },
    get timers() {
      return timers.size;
    },
  };
}
