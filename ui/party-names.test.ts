import { expect, it, vi } from 'vitest';
import { formatNumber } from './numbers.ts';
import { createNames, type NumberWriter } from './party-names.ts';

const words = () => ({ unknownCaller: 'Unknown number', withheld: 'Withheld number' });

it('shows numbers with a plus immediately, and with spaces once the rules are loaded', async () => {
  const { promise, resolve } = Promise.withResolvers<NumberWriter>();
  const nameOf = createNames(() => promise, words);
  expect(nameOf('447700900000')).toBe('+447700900000');
  resolve({ formatNumber });
  await promise;
  expect(nameOf('447700900000')).toBe('+44 7700 900000');
  expect(nameOf(' 447700900000')).toBe('+44 7700 900000');
});

it('formats a number only once', async () => {
  const write = vi.fn(formatNumber);
  const nameOf = createNames(async () => ({ formatNumber: write }), words);
  await vi.waitFor(() => expect(nameOf('447700900000')).toBe('+44 7700 900000'));
  nameOf('447700900000');
  expect(write).toHaveBeenCalledOnce();
});

it('omits spaces if the rules cannot be loaded', async () => {
  const load = Promise.reject(new Error('No network'));
  const nameOf = createNames(() => load, words);
  await load.catch(() => {});
  expect(nameOf('+447700900000')).toBe('+447700900000');
});

it.each([
  ['Alice', 'Alice'],
  ['12345', '12345'],
  ['', 'Unknown number'],
  [null, 'Unknown number'],
  ['anonymous', 'Withheld number'],
  ['\u202e447700900000', '\\u202e447700900000'],
  ['Al\u2067ice\u200f', 'Al\\u2067ice\\u200f'],
])('calls %j %s', (party, name) => {
  expect(createNames(async () => ({ formatNumber }), words)(party)).toBe(name);
});
