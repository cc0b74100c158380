import { type ReadonlySignal, signal } from '@preact/signals';
import type { MicrophoneProblem } from './call-state.ts';
import { messageOf } from './message-of.ts';
import type { LevelMeter } from './sound.ts';

export type MicrophoneState = 'unknown' | 'asking' | 'listening' | 'ready' | MicrophoneProblem;

/** An open microphone, until it is let go. */
export interface HeldMicrophone {
  track: MediaStreamTrack;
  release(): void;
}

export interface Microphone {
  state: ReadonlySignal<MicrophoneState>;
  /** What it hears while it is checked, from 0 to 1. */
  level: ReadonlySignal<number>;
  /** Looks whether a check would ask the agent for anything; if not, checks at once. */
  start(): Promise<void>;
  /** Opens it for some seconds, so that the agent sees that it hears something. */
  check(): Promise<void>;
  /** Opens it for a call; rejects with a `MicrophoneError`, whose problem `state` then names as well. */
  hold(): Promise<HeldMicrophone>;
  /** Runs `look` whenever a device comes or goes. Returns how to stop. */
  onDevices(look: () => void): () => void;
  close(): void;
}

interface MicrophoneOptions {
  /** Absent where the page is not served securely. */
  devices: MediaDevices | undefined;
  permissions: Permissions | undefined;
  /** The id of the device that the agent chose; empty for the system's own choice. */
  chosen: () => string;
  measure: (stream: MediaStream, show: (level: number) => void) => LevelMeter;
  /** Whether `measure` would show anything yet. */
  canMeasure: () => boolean;
}

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, message: string) {
    super(message);
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

/** How long a check listens (milliseconds). */
const LISTEN_MS = 6_000;

export function createMicrophone(options: MicrophoneOptions): Microphone {
  const { devices, measure } = options;
  const state = signal<MicrophoneState>('unknown');
  const level = signal(0);
  let stopChecking = () => {};
  let isGranted = false;
  const stopWatching: (() => void)[] = [];

  async function open(): Promise<MediaStream> {
    if (!devices) {
      state.value = 'insecure';
      throw new MicrophoneError('insecure', 'This page may not use a microphone: it is not served securely.');
    }
    const pending = setTimeout(() => {
      state.value = 'asking';
    }, 150);
    try {
      return await openChosen(devices);
    } catch (error) {
      const problem = problemOf(error);
      state.value = problem;
      throw new MicrophoneError(problem, messageOf(error));
    } finally {
      clearTimeout(pending);
    }
  }

  /** A device that was chosen and has gone meanwhile gives way to any other. */
  async function openChosen(media: MediaDevices): Promise<MediaStream> {
    const id = options.chosen();
    if (id !== '') {
      try {
        return await media.getUserMedia({ audio: { deviceId: { exact: id } } });
      } catch (error) {
        if (problemOf(error) !== 'missing') {
          throw error;
        }
      }
    }
    return media.getUserMedia({ audio: true });
  }

  async function check(): Promise<void> {
    stopChecking();
    let stream: MediaStream;
    try {
      stream = await open();
    } catch {
      return;
    }
    state.value = 'listening';
    const meter = measure(stream, (heard) => {
      level.value = heard;
    });
    const timer = setTimeout(() => stopChecking(), LISTEN_MS);
    stopChecking = () => {
      stopChecking = () => {};
      clearTimeout(timer);
      meter.stop();
      stop(stream);
      level.value = 0;
      state.value = 'ready';
    };
  }

  async function hold(): Promise<HeldMicrophone> {
    stopChecking();
    const stream = await open();
    const [track] = stream.getAudioTracks();
    if (!track) {
      throw new MicrophoneError('missing', 'The microphone has no sound track.');
    }
    state.value = 'ready';
    return { track, release: () => stop(stream) };
  }

  async function tryOnce(): Promise<void> {
    // The state says what went wrong.
    const held = await hold().catch(() => null);
    held?.release();
  }

  /** What stood in the way may be gone, or what worked may be unplugged. */
  async function devicesChanged(): Promise<void> {
    const inputs =
      (await devices?.enumerateDevices())?.filter((device) => device.kind === 'audioinput') ?? [];
    if (inputs.length === 0) {
      stopChecking();
      state.value = 'missing';
    } else if (state.peek() === 'missing' || state.peek() === 'busy') {
      state.value = 'unknown';
      // Nobody is asked, so that the page need not guess.
      if (isGranted) {
        await tryOnce();
      }
    }
  }

  async function start(): Promise<void> {
    if (!devices) {
      state.value = 'insecure';
      return;
    }
    const changed = () => void devicesChanged();
    devices.addEventListener('devicechange', changed);
    stopWatching.push(() => devices.removeEventListener('devicechange', changed));
    await devicesChanged();
    // Not every browser knows this permission; then only the button asks.
    const permission = await options.permissions?.query({ name: 'microphone' }).catch(() => null);
    if (!permission) {
      return;
    }
    const decided = () => {
      isGranted = permission.state === 'granted';
      if (permission.state === 'denied') {
        stopChecking();
        state.value = 'refused';
      } else if (state.peek() === 'refused') {
        state.value = 'unknown';
      }
    };
    permission.addEventListener('change', decided);
    stopWatching.push(() => permission.removeEventListener('change', decided));
    decided();
    if (permission.state === 'granted') {
      await (options.canMeasure() ? check() : tryOnce());
    }
  }

  return {
    state,
    level,
    start,
    check,
    hold,
    onDevices(look) {
      devices?.addEventListener('devicechange', look);
      return () => devices?.removeEventListener('devicechange', look);
    },
    close() {
      stopChecking();
      for (const end of stopWatching) {
        end();
      }
    },
  };
}

/** Whether the microphone stands in the way of a call. */
export function isProblem(state: MicrophoneState): state is MicrophoneProblem {
  return state === 'refused' || state === 'missing' || state === 'busy' || state === 'insecure';
}

/** Names of errors by the Media Capture and Streams specification, section 10.2. */
function problemOf(error: unknown): MicrophoneProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
      return 'refused';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'busy';
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}
