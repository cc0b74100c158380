import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gathered } from './audio.ts';

class FakeConnection extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'new';
  enter(state: RTCIceGatheringState): void {
    this.iceGatheringState = state;
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}

describe('gathering candidates', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function wait(connection: FakeConnection) {
    const done = vi.fn();
    return { done, promise: gathered(connection, 1000).then(done) };
  }

  it('waits for the last candidate, and leaves no timer', async () => {
    const connection = new FakeConnection();
    const { done, promise } = wait(connection);
    connection.enter('gathering');
    await vi.advanceTimersByTimeAsync(999);
    expect(done).not.toHaveBeenCalled();
    connection.enter('complete');
    await promise;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not wait if gathering is complete', async () => {
    const connection = new FakeConnection();
    connection.enter('complete');
    await wait(connection).promise;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('continues with the known candidates after the time limit', async () => {
    const { done } = wait(new FakeConnection());
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toHaveBeenCalledOnce();
  });
});
