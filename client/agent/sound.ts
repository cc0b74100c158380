import { type ReadonlySignal, signal } from '@preact/signals';
import { levelOf } from '../../ui/level.ts';
import { onGesture, play, type RenderSound, renderSound } from '../../ui/play.ts';
import { createScope } from '../../ui/scope.ts';
import { ringCycle, waitingTone } from './ring-tone.ts';

export type SoundState = 'on' | 'blocked' | 'none';

export interface LevelMeter {
  stop(): void;
}

/** Everything that this page plays or measures itself; the caller's voice is the SDK's. */
export interface Sound {
  /**
   * `blocked`: the browser lets no page sound before somebody has clicked in it; `none`: somebody has, and
   * there is nothing to sound on.
   */
  state: ReadonlySignal<SoundState>;
  unblock(): Promise<void>;
  /** Sounds on another device from now on; on the same one where the browser cannot. */
  use(deviceId: string): Promise<void>;
  /** How loud the next ring is, from 0 to 1. */
  setVolume(volume: number): void;
  /** Rings until the returned function is called. */
  ring(): () => void;
  /** Says once that another call waits. */
  hint(): void;
  /** Shows how loud a stream is, from 0 to 1, about fifteen times a second. */
  measure(stream: MediaStream, show: (level: number) => void): LevelMeter;
  close(): void;
}

const LEVEL_EVERY_MS = 66;

/** Below this nothing shows, in dB of full scale. */
const LEVEL_FLOOR = -60;

/** How long a browser may take to start the sound once it may (milliseconds). */
const START_MS = 1_500;

interface SoundOptions {
  document: Document;
  /** Not every browser can choose where it plays. */
  context: AudioContext & { setSinkId?: (deviceId: string) => Promise<void> };
  /** Whether somebody has clicked or typed in the page, so that the browser lets it sound. */
  wasUsed: () => boolean;
  /** Runs `look` whenever a device comes or goes. Returns how to stop. */
  onDevices: (look: () => void) => () => void;
}

export function createSound({ document, context, wasUsed, onDevices }: SoundOptions): Sound {
  const scope = createScope();
  const state = signal<SoundState>(context.state === 'running' ? 'on' : 'blocked');
  let patience: ReturnType<typeof setTimeout> | undefined;
  let volume = 1;
  const buffers = new Map<RenderSound, AudioBuffer>();

  async function unblock(): Promise<void> {
    if (context.state === 'running' || context.state === 'closed') {
      return;
    }
    if (wasUsed()) {
      clearTimeout(patience);
      // A context without a device says nothing: it just never starts.
      patience = setTimeout(() => {
        state.value = 'none';
      }, START_MS);
    }
    // A browser that still refuses says so, or leaves the promise open.
    await context.resume().catch(() => {});
  }

  function look(): void {
    if (context.state === 'running') {
      clearTimeout(patience);
      state.value = 'on';
    } else if (state.peek() === 'on') {
      state.value = 'blocked';
      void unblock();
    }
  }

  scope.listen(context, 'statechange', look);
  // The device went away, or there never was one.
  scope.listen(context, 'error', () => {
    state.value = 'none';
  });
  scope.add(
    onDevices(() => {
      if (state.peek() === 'none') {
        void unblock();
      }
    }),
  );
  scope.add(() => clearTimeout(patience));
  scope.add(onGesture(document, () => void unblock()));

  /** Each is made once, when it is first heard. */
  function bufferOf(render: RenderSound): AudioBuffer {
    const buffer = buffers.get(render) ?? renderSound(context, render);
    buffers.set(render, buffer);
    return buffer;
  }

  return {
    state,
    unblock,
    async use(deviceId) {
      await context.setSinkId?.(deviceId).catch(() => {});
    },
    setVolume(value) {
      volume = value;
    },
    ring() {
      void unblock();
      return play(context, bufferOf(ringCycle), true, { volume });
    },
    hint() {
      if (context.state === 'running') {
        play(context, bufferOf(waitingTone), false);
      }
    },
    measure(stream, show) {
      const level = levelOf(context, stream, LEVEL_FLOOR);
      const timer = setInterval(() => show(level.read()), LEVEL_EVERY_MS);
      return {
        stop() {
          clearInterval(timer);
          level.stop();
        },
      };
    },
    close() {
      scope.close();
      void context.close();
    },
  };
}
