import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSound, type Sound } from './sound.ts';

/** A browser's sound, as far as its start goes. */
class FakeContext extends EventTarget {
  state: AudioContextState = 'suspended';
  hasDevice = true;
  mayStart = false;

  async resume(): Promise<void> {
    if (this.mayStart && this.hasDevice) {
      this.state = 'running';
      this.dispatchEvent(new Event('statechange'));
    }
  }
}

let context: FakeContext;
let devices: EventTarget;
let sound: Sound;

beforeEach(() => {
  vi.useFakeTimers();
  context = new FakeContext();
  devices = new EventTarget();
  const page: Document = Object.assign(Object.create({}), eventsOf(new EventTarget()));
  const played: AudioContext = Object.create({});
  sound = createSound({
    document: page,
    context: Object.defineProperties(
      Object.assign(played, eventsOf(context), { resume: () => context.resume() }),
      {
        state: { get: () => context.state },
      },
    ),
    wasUsed: () => context.mayStart,
    onDevices(look) {
      devices.addEventListener('change', look);
      return () => devices.removeEventListener('change', look);
    },
  });
});

afterEach(() => vi.useRealTimers());

function eventsOf(target: EventTarget) {
  return {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
}

async function click(): Promise<void> {
  context.mayStart = true;
  void sound.unblock();
  await vi.advanceTimersByTimeAsync(1_500);
}

describe('the sound of a fresh page', () => {
  it('is blocked until a click, however long that takes', async () => {
    void sound.unblock();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sound.state.value).toBe('blocked');
    await click();
    expect(sound.state.value).toBe('on');
  });

  it('is unavailable if a click does not help', async () => {
    context.hasDevice = false;
    await click();
    expect(sound.state.value).toBe('none');
  });

  it('is available as soon as a device is plugged in', async () => {
    context.hasDevice = false;
    await click();
    context.hasDevice = true;
    devices.dispatchEvent(new Event('change'));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(sound.state.value).toBe('on');
  });
});

it('reports a device that is removed later', async () => {
  await click();
  context.dispatchEvent(new Event('error'));
  expect(sound.state.value).toBe('none');
});

it('reports a later suspension by the browser', async () => {
  await click();
  context.hasDevice = false;
  context.state = 'suspended';
  context.dispatchEvent(new Event('statechange'));
  expect(sound.state.value).toBe('blocked');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(sound.state.value).toBe('none');
});
