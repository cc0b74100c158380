import { expect, it } from 'vitest';
import { clock } from './clock.ts';

it.each([
  [0, '0:00'],
  [999, '0:00'],
  [65_000, '1:05'],
  [3_599_999, '59:59'],
  [3_661_000, '1:01:01'],
  [-5_000, '0:00'],
])('%d ms is %s on the clock', (ms, shown) => {
  expect(clock(ms)).toBe(shown);
});
