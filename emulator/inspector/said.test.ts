import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { after } from './fakes.ts';
import { createSaid } from './said.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows the last message for six seconds', () => {
  const { said, say } = createSaid(after);
  say('Copied.');
  vi.advanceTimersByTime(5000);
  say('Cleared.');
  vi.advanceTimersByTime(5999);
  expect(said.value).toBe('Cleared.');
  vi.advanceTimersByTime(1);
  expect(said.value).toBe('');
});
