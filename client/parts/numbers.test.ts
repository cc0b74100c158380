import { expect, it } from 'vitest';
import { formatNumber } from './numbers.ts';

it.each([
  ['447700900000', '+44 7700 900000'],
  ['442038297050', '+44 20 3829 7050'],
  ['+14155550100', '+1 415 555 0100'],
  ['34912345678', '+34 912 34 56 78'],
  // No country has this code.
  ['99912345678', '+99912345678'],
  ['12345', '12345'],
  ['Alice', 'Alice'],
  ['sip:alice@example.com', 'sip:alice@example.com'],
  ['', ''],
])('%s is written %s', (digits, written) => {
  expect(formatNumber(digits)).toBe(written);
});
