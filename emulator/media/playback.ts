import { FRAME_SAMPLES, fade } from './pcm.ts';
import type { AudioSource } from './source.ts';

/** Something that is being played. */
export interface Playback {
  /** Fades it out and ends it. */
  stop(): void;
  /** Settles when it ends: by itself, or by `stop` (also that of whom it was played to). */
  readonly ended: Promise<'finished' | 'stopped'>;
}

/** What is played at one place, all at once. */
export interface Playbacks {
  play(source: AudioSource): Playback;
  /** The next 10 ms of each; when nobody listens they only move on, and the result is empty. */
  advance(audible: boolean): Int16Array[];
  readonly empty: boolean;
  /** Ends all at once, without a fade; what is played later ends before it begins. */
  close(): void;
}

interface Playing {
  source: AudioSource;
  stopping: boolean;
  started: boolean;
  end(how: 'finished' | 'stopped'): void;
}

/** Sources without listeners are read into here, to move them on. */
const unheard = new Int16Array(FRAME_SAMPLES);

export function createPlaybacks(): Playbacks {
  const all = new Set<Playing>();
  let closed = false;

  function next(playing: Playing, audible: boolean): Int16Array {
    const frame = audible ? new Int16Array(FRAME_SAMPLES) : unheard;
    const more = playing.source.read(frame);
    const fadingIn = !playing.started;
    playing.started = true;
    if (playing.stopping || !more) {
      all.delete(playing);
      playing.end(playing.stopping ? 'stopped' : 'finished');
    }
    if (!audible || !(fadingIn || playing.stopping)) return frame;
    return fade(frame, fadingIn ? 0 : 1, playing.stopping ? 0 : 1);
  }

  return {
    play(source) {
      const { promise, resolve } = Promise.withResolvers<'finished' | 'stopped'>();
      const playing: Playing = { source, stopping: false, started: false, end: resolve };
      if (closed) resolve('stopped');
      else all.add(playing);
      return {
        stop() {
          playing.stopping = true;
        },
        ended: promise,
      };
    },
    advance(audible) {
      const frames: Int16Array[] = [];
      for (const playing of all) {
        const frame = next(playing, audible);
        if (audible) frames.push(frame);
      }
      return frames;
    },
    get empty() {
      return all.size === 0;
    },
    close() {
      closed = true;
      for (const playing of all) playing.end('stopped');
      all.clear();
    },
  };
}
