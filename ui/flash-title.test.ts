import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { flashTitle } from './flash-title.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('alternates between the message and the page’s title, and restores it', () => {
  const page = { title: 'Test phone' };
  const stop = flashTitle(page, 'Incoming call');
  const seen = [page.title];
  for (let second = 0; second < 3; second += 1) {
    vi.advanceTimersByTime(1000);
    seen.push(page.title);
  }
  expect(seen).toEqual(['Incoming call', 'Test phone', 'Incoming call', 'Test phone']);
  vi.advanceTimersByTime(1000);
  stop();
  expect(page.title).toBe('Test phone');
  expect(vi.getTimerCount()).toBe(0);
});
