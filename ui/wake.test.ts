// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchWake } from './wake.ts';

const onWake = vi.fn();
const onSlept = vi.fn();
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  onWake.mockClear();
  onSlept.mockClear();
  stop = watchWake({ window, onWake, onSlept });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

it.each([
  ['online', () => window],
  ['pageshow', () => window],
  ['visibilitychange', () => document],
  ['resume', () => document],
])('wakes on %s', (type, target) => {
  target().dispatchEvent(new Event(type));
  expect(onWake).toHaveBeenCalledOnce();
});

it('does not mistake the slow timers of a hidden page for sleep', () => {
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(5_000);
  expect(onSlept).not.toHaveBeenCalled();
});

it('notices that the machine slept', () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(onSlept).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(onSlept).toHaveBeenCalledOnce();
});

it('does nothing after it was stopped', () => {
  stop();
  window.dispatchEvent(new Event('online'));
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect([onWake.mock.calls.length, onSlept.mock.calls.length]).toEqual([0, 0]);
});
