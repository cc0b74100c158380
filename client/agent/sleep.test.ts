import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchSleep } from './sleep.ts';

const page: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' };
let slept: number;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page.visibilityState = 'visible';
  slept = 0;
  stop = watchSleep(page, Date.now, () => {
    slept += 1;
  });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

function jump(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
  vi.advanceTimersByTime(5_000);
}

it('notices a minute of sleep, once', () => {
  jump(60_000);
  vi.advanceTimersByTime(60_000);
  expect(slept).toBe(1);
});

it('does not mistake slightly late timers for sleep', () => {
  jump(10_000);
  expect(slept).toBe(0);
});

it('does not mistake the slow timers of a hidden page for sleep', () => {
  page.visibilityState = 'hidden';
  jump(60_000);
  jump(60_000);
  page.visibilityState = 'visible';
  jump(60_000);
  expect(slept).toBe(0);
});
