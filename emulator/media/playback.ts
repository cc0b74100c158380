import { FRAME_SAMPLES, fade } from './pcm.ts';
import type { AudioSource } from './source.ts';

/** What it is that is played, for those who ask what is heard. */
export interface Played {
  hears: 'text' | 'music' | 'ringback' | 'tone';
  /** The words of a text. */
  text?: string;
  /** Where the sound came from. */
  url?: string;
}

/** Something that is being played. */
export interface Playback {
  /** Fades it out and ends it. */
  stop(): void;
  /** Settles when it ends, on its own or by `stop` (of itself or of its listener). */
  readonly ended: Promise<'finished' | 'stopped'>;
}

/** All playbacks at one place, mixed. */
interface Playbacks {
  play(source: AudioSource, what?: Played): Playback;
  /** What of it is known, oldest first; not what is stopping. */
  readonly playing: readonly Played[];
  /** The next 10 ms of each. */
  advance(): Int16Array[];
  /** Skips a number of frames. */
  skip(frames: number): void;
  /** Frames until the first of them ends; Infinity when none does. */
  readonly rest: number;
  readonly empty: boolean;
  /** Ends all playbacks without a fade; later ones end before they start. */
  close(): void;
}

interface Playing {
  source: AudioSource;
  what: Played | undefined;
  stopping: boolean;
  started: boolean;
  end(how: 'finished' | 'stopped'): void;
}

interface PlaybacksOptions {
  /** Called before and after each change of what is played. */
  wake?: () => void;
  /** Called after each change of what is played. */
  changed?: () => void;
  /** Called when a playback reaches its end. */
  finished?: () => void;
}

export function createPlaybacks({
  wake = () => {},
  changed = () => {},
  finished = () => {},
}: PlaybacksOptions = {}): Playbacks {
  const all = new Set<Playing>();
  let closed = false;

  function next(playing: Playing): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    const more = playing.source.read(frame);
    const fadingIn = !playing.started;
    playing.started = true;
    if (playing.stopping || !more) finish(playing);
    if (!(fadingIn || playing.stopping)) return frame;
    return fade(frame, fadingIn ? 0 : 1, playing.stopping ? 0 : 1);
  }

  function finish(playing: Playing): void {
    all.delete(playing);
    playing.end(playing.stopping ? 'stopped' : 'finished');
    changed();
    if (!playing.stopping) finished();
  }

  return {
    play(source, what) {
      const { promise, resolve } = Promise.withResolvers<'finished' | 'stopped'>();
      const playing: Playing = { source, what, stopping: false, started: false, end: resolve };
      wake();
      if (closed) resolve('stopped');
      else all.add(playing);
      wake();
      changed();
      return {
        stop() {
          wake();
          playing.stopping = true;
          wake();
          changed();
        },
        ended: promise,
      };
    },
    get playing() {
      return [...all].flatMap(({ what, stopping }) => (what && !stopping ? what : []));
    },
    advance: () => [...all].map(next),
    skip(frames) {
      for (const playing of all) {
        playing.started = true;
        playing.source.skip(frames * FRAME_SAMPLES);
        if (playing.stopping || playing.source.left === 0) finish(playing);
      }
    },
    get rest() {
      const samples = Array.from(all, ({ stopping, source }) => (stopping ? 0 : source.left));
      // Whatever is played takes a frame at least.
      return Math.max(1, Math.ceil(Math.min(Number.POSITIVE_INFINITY, ...samples) / FRAME_SAMPLES));
    },
    get empty() {
      return all.size === 0;
    },
    close() {
      closed = true;
      for (const playing of all) playing.end('stopped');
      all.clear();
      changed();
    },
  };
}
