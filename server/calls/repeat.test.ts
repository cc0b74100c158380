import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repeat } from './repeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const times = { firstMs: 10, everyMs: 100 };

describe('a repeated task', () => {
  it('runs soon, and again some time after it ended', async () => {
    const ends: (() => void)[] = [];
    const work = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
    const repeated = repeat(work, times, () => {});
    await vi.advanceTimersByTimeAsync(9);
    expect(work).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).toHaveBeenCalledTimes(1);
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(work).toHaveBeenCalledTimes(2);
    ends.shift()?.();
    await repeated.close();
  });

  it('runs again after a failure', async () => {
    const faults: unknown[] = [];
    const work = vi.fn(async () => Promise.reject(new Error('no')));
    const repeated = repeat(work, times, (error) => faults.push(error));
    await vi.advanceTimersByTimeAsync(10 + 100);
    expect(faults).toHaveLength(2);
    await repeated.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is aborted and awaited on close', async () => {
    let ended = false;
    const repeated = repeat(
      (signal) =>
        new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => {
            ended = true;
            resolve();
          }),
        ),
      times,
      () => {},
    );
    await vi.advanceTimersByTimeAsync(10);
    await repeated.close();
    expect(ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
