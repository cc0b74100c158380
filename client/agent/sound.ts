import { type ReadonlySignal, signal } from '@preact/signals';
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
  /** Rings until the returned function is called. */
  ring(): () => void;
  /** Says once that another call waits. */
  hint(): void;
  /** Shows how loud a stream is, from 0 to 1, about fifteen times a second. */
  measure(stream: MediaStream, show: (level: number) => void): LevelMeter;
  close(): void;
}

const LEVEL_EVERY_MS = 66;

/** Time in which a sound is faded away, so that it does not click (seconds). */
const FADE = 0.03;

/** How long a browser may take to start the sound once it may (milliseconds). */
const START_MS = 1_500;

export interface SoundOptions {
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
  const buffers = new Map<typeof ringCycle, AudioBuffer>();

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
  for (const type of ['pointerup', 'keydown']) {
    scope.listen(document, type, () => void unblock());
  }

  /** The samples are made once: they take some milliseconds. */
  function bufferOf(render: typeof ringCycle): AudioBuffer {
    const known = buffers.get(render);
    if (known) {
      return known;
    }
    const samples = render(context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    buffers.set(render, buffer);
    return buffer;
  }

  function play(render: typeof ringCycle, loop: boolean): () => void {
    const source = new AudioBufferSourceNode(context, { buffer: bufferOf(render), loop });
    const volume = new GainNode(context);
    source.connect(volume).connect(context.destination);
    source.start();
    return () => {
      volume.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
      source.stop(context.currentTime + FADE * 2);
      if (context.state !== 'running') {
        // Its clock stands still: what is only scheduled to stop would be heard when it goes on.
        volume.disconnect();
      }
    };
  }

  return {
    state,
    unblock,
    async use(deviceId) {
      await context.setSinkId?.(deviceId).catch(() => {});
    },
    ring() {
      void unblock();
      return play(ringCycle, true);
    },
    hint() {
      if (context.state === 'running') {
        play(waitingTone, false);
      }
    },
    measure(stream, show) {
      const source = context.createMediaStreamSource(stream);
      const analyser = new AnalyserNode(context, { fftSize: 1024 });
      source.connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        show(loudness(samples));
      }, LEVEL_EVERY_MS);
      return {
        stop() {
          clearInterval(timer);
          source.disconnect();
        },
      };
    },
    close() {
      scope.close();
      void context.close();
    },
  };
}

/** How loud samples are to an ear, from 0 (-60 dB and less) to 1 (full scale). */
export function loudness(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibel = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 + decibel / 60));
}
