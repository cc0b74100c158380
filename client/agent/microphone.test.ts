import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMicrophone, type Microphone } from './microphone.ts';

interface Track {
  live: boolean;
}

/** A browser's devices, as far as the microphone needs them. */
class FakeDevices extends EventTarget {
  tracks: Track[] = [];
  inputs = 1;
  error: string | null = null;
  asked: unknown[] = [];
  /** The chosen device is not there. */
  gone = false;
  asking: Promise<void> = Promise.resolve();
  ondevicechange = null;

  async getUserMedia({ audio }: MediaStreamConstraints = {}): Promise<MediaStream> {
    await this.asking;
    this.asked.push(audio);
    if (this.gone && typeof audio === 'object') {
      throw new DOMException('No such device.', 'OverconstrainedError');
    }
    if (this.error) {
      throw new DOMException('No microphone.', this.error);
    }
    const track: Track = { live: true };
    this.tracks.push(track);
    const stop = () => {
      track.live = false;
    };
    const tracks = () => [fake<MediaStreamTrack>({ stop })];
    return fake<MediaStream>({ getTracks: tracks, getAudioTracks: tracks });
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Array.from({ length: this.inputs }, () => fake<MediaDeviceInfo>({ kind: 'audioinput' }));
  }

  getDisplayMedia = never;
  getSupportedConstraints = never;

  get open(): number {
    return this.tracks.filter((track) => track.live).length;
  }
}

/** Just the part of a browser's object that is used here; any other part fails the test. */
function fake<T extends object>(part: Partial<T>): T {
  const whole: T = Object.create({});
  return Object.assign(whole, part);
}

class FakePermission extends EventTarget {
  name = 'microphone';
  state: PermissionState = 'prompt';
  onchange = null;

  become(state: PermissionState): void {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

function never(): never {
  throw new Error('not used');
}

let devices: FakeDevices;
let permission: FakePermission;
let microphone: Microphone;
let canMeasure: boolean;
let chosen: string;
let measured: ((level: number) => void) | null;

function create(secure = true): Microphone {
  const measure = (_stream: MediaStream, show: (level: number) => void) => {
    measured = show;
    return {
      stop: () => {
        measured = null;
      },
    };
  };
  return createMicrophone({
    devices: secure ? devices : undefined,
    permissions: { query: async () => permission },
    chosen: () => chosen,
    measure,
    canMeasure: () => canMeasure,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeDevices();
  permission = new FakePermission();
  canMeasure = true;
  chosen = '';
  measured = null;
  microphone = create();
});

afterEach(() => {
  microphone.close();
  vi.useRealTimers();
});

describe('a check', () => {
  it('listens for some seconds, shows the level, and lets go', async () => {
    await microphone.check();
    expect(microphone.state.value).toBe('listening');
    measured?.(0.4);
    expect(microphone.level.value).toBe(0.4);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(microphone.state.value).toBe('ready');
    expect([devices.open, microphone.level.value, measured]).toEqual([0, 0, null]);
  });

  it('takes the device that was chosen, and any other while that is gone', async () => {
    chosen = 'b2';
    await microphone.check();
    devices.gone = true;
    await microphone.check();
    const b2 = { deviceId: { exact: 'b2' } };
    expect(devices.asked).toEqual([b2, b2, true]);
    expect(microphone.state.value).toBe('listening');
  });

  it('gives way to a call', async () => {
    await microphone.check();
    const held = await microphone.hold();
    expect(measured).toBeNull();
    expect(devices.open).toBe(1);
    held.release();
    expect(devices.open).toBe(0);
  });

  it('says that the browser is asking only when it really waits', async () => {
    const answer = Promise.withResolvers<void>();
    devices.asking = answer.promise;
    const checked = microphone.check();
    expect(microphone.state.value).toBe('unknown');
    await vi.advanceTimersByTimeAsync(200);
    expect(microphone.state.value).toBe('asking');
    answer.resolve();
    await checked;
    expect(microphone.state.value).toBe('listening');
  });
});

describe('what stands in the way', () => {
  it.each([
    ['NotAllowedError', 'refused'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['SecurityError', 'insecure'],
  ])('%s means %s', async (error, state) => {
    devices.error = error;
    await microphone.check();
    expect(microphone.state.value).toBe(state);
    await expect(microphone.hold()).rejects.toThrow();
  });

  it('is the page itself where it is not served securely', async () => {
    microphone = create(false);
    await microphone.start();
    expect(microphone.state.value).toBe('insecure');
    await expect(microphone.hold()).rejects.toThrow();
  });
});

describe('at the start of the page', () => {
  it('nothing is opened that the browser would ask about', async () => {
    await microphone.start();
    expect(devices.tracks).toHaveLength(0);
    expect(microphone.state.value).toBe('unknown');
  });

  it('a machine without a microphone is known without asking', async () => {
    devices.inputs = 0;
    await microphone.start();
    expect(microphone.state.value).toBe('missing');
  });

  it('a refusal is known without asking, and so is that it was lifted', async () => {
    permission.state = 'denied';
    await microphone.start();
    expect(microphone.state.value).toBe('refused');
    permission.become('granted');
    expect(microphone.state.value).toBe('unknown');
  });

  it('an allowed microphone is checked at once', async () => {
    permission.state = 'granted';
    await microphone.start();
    expect(microphone.state.value).toBe('listening');
  });

  it('it is tried without a level while the browser lets no sound be measured', async () => {
    permission.state = 'granted';
    canMeasure = false;
    await microphone.start();
    expect(microphone.state.value).toBe('ready');
    expect(devices.tracks).toEqual([{ live: false }]);
  });
});

describe('afterwards', () => {
  beforeEach(() => microphone.start());

  const plug = async (inputs: number) => {
    devices.inputs = inputs;
    devices.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(0);
  };

  it('unplugging is noticed, and plugging in again', async () => {
    await plug(0);
    expect(microphone.state.value).toBe('missing');
    await plug(1);
    expect(microphone.state.value).toBe('unknown');
  });

  it('plugging in again is tried at once where nobody is asked', async () => {
    permission.become('granted');
    await plug(0);
    await plug(1);
    expect(microphone.state.value).toBe('ready');
    expect(devices.open).toBe(0);
  });

  it('a refusal is noticed, also in the middle of a check', async () => {
    await microphone.check();
    permission.become('denied');
    expect(microphone.state.value).toBe('refused');
    expect(devices.open).toBe(0);
  });

  it('nothing is watched any more once it is closed', async () => {
    microphone.close();
    await plug(0);
    expect(microphone.state.value).toBe('unknown');
  });
});
