import { expect, it } from 'vitest';
import { formatDuration } from './call-timer.tsx';

it.each([
  [-5, '0:00'],
  [999, '0:00'],
  [7_000, '0:07'],
  [59_999, '0:59'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03'],
])('writes %i ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
