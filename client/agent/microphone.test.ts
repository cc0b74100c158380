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
  it('listens for some seconds, shows the level, and releases the microphone', async () => {
    await microphone.check();
    expect(microphone.state.value).toBe('listening');
    measured?.(0.4);
    expect(microphone.level.value).toBe(0.4);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(microphone.state.value).toBe('ready');
    expect([devices.open, microphone.level.value, measured]).toEqual([0, 0, null]);
  });

  it('uses the selected device, or any other while that is missing', async () => {
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

  it('says that the browser is asking only if it really is', async () => {
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

describe('the reason why it does not work', () => {
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

  it('is the page itself if it is not served securely', async () => {
    microphone = create(false);
    await microphone.start();
    expect(microphone.state.value).toBe('insecure');
    await expect(microphone.hold()).rejects.toThrow();
  });
});

describe('when the page starts', () => {
  it('no permission prompt is opened', async () => {
    await microphone.start();
    expect(devices.tracks).toHaveLength(0);
    expect(microphone.state.value).toBe('unknown');
  });

  it('a missing microphone is known without a prompt', async () => {
    devices.inputs = 0;
    await microphone.start();
    expect(microphone.state.value).toBe('missing');
  });

  it('a blocked microphone, and its unblocking, is known without a prompt', async () => {
    permission.state = 'denied';
    await microphone.start();
    expect(microphone.state.value).toBe('refused');
    permission.become('granted');
    expect(microphone.state.value).toBe('unknown');
  });

  it('an allowed microphone is checked immediately', async () => {
    permission.state = 'granted';
    await microphone.start();
    expect(microphone.state.value).toBe('listening');
  });

  it('it is checked without a level while the browser blocks audio', async () => {
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

  it('unplugging and plugging in again are noticed', async () => {
    await plug(0);
    expect(microphone.state.value).toBe('missing');
    await plug(1);
    expect(microphone.state.value).toBe('unknown');
  });

  it('a microphone plugged in again is checked immediately if that needs no prompt', async () => {
    permission.become('granted');
    await plug(0);
    await plug(1);
    expect(microphone.state.value).toBe('ready');
    expect(devices.open).toBe(0);
  });

  it('blocking is noticed, even during a check', async () => {
    await microphone.check();
    permission.become('denied');
    expect(microphone.state.value).toBe('refused');
    expect(devices.open).toBe(0);
  });

  it('nothing is watched after it is closed', async () => {
    microphone.close();
    await plug(0);
    expect(microphone.state.value).toBe('unknown');
  });
});
