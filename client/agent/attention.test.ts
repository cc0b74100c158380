// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { flashTitle, warnBeforeLeaving } from './attention.ts';

beforeEach(() => {
  vi.useFakeTimers();
  document.title = 'Switchboard';
});

afterEach(() => {
  vi.useRealTimers();
});

it('lets the title alternate, and gives it back', () => {
  const stop = flashTitle(document, 'Alice is calling');
  const seen = [document.title];
  for (let second = 0; second < 3; second += 1) {
    vi.advanceTimersByTime(1_000);
    seen.push(document.title);
  }
  expect(seen).toEqual(['Alice is calling', 'Switchboard', 'Alice is calling', 'Switchboard']);
  vi.advanceTimersByTime(1_000);
  stop();
  expect(document.title).toBe('Switchboard');
  vi.advanceTimersByTime(10_000);
  expect(document.title).toBe('Switchboard');
});

it('asks before the page is left, until it is stopped', () => {
  const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const stop = warnBeforeLeaving(window);
  expect(leave()).toBe(false);
  stop();
  expect(leave()).toBe(true);
});
