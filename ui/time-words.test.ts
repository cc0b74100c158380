import { describe, expect, it } from 'vitest';
import { clockTime, dayAndTime, preciseTime, shortTime, span, wholeSeconds } from './time-words.ts';

const at = new Date(2026, 2, 29, 21, 20, 5, 82).getTime();

describe('a time', () => {
  it.each([
    [clockTime(at, 'en-GB'), '21:20:05'],
    [clockTime(new Date(2026, 2, 29, 0, 0, 1).getTime(), 'en-US'), '00:00:01'],
    [preciseTime(at, 'en-GB'), '21:20:05.082'],
    [preciseTime(at, 'es'), '21:20:05,082'],
    [dayAndTime(at, 'en-GB'), '29 Mar 2026, 21:20:05'],
    [shortTime(at, at + 1_000, 'en-GB'), '21:20:05'],
    [shortTime(at, at + 86_400_000, 'en-GB'), '29 Mar, 21:20'],
  ])('%#: %s', (written, expected) => {
    expect(written).toBe(expected);
  });
});

it.each([
  [0, '0\u00a0ms'],
  [999, '999\u00a0ms'],
  [6_843, '6.84\u00a0s'],
  [123_000, '2:03'],
  [3_723_000, '1:02:03'],
])('%d ms lasted %s', (ms, expected) => {
  expect(span(ms, 'en')).toBe(expected);
});

it.each([
  [0, '0\u00a0s'],
  [1_499, '1\u00a0s'],
  [9_830, '10\u00a0s'],
  [59_700, '1:00'],
  [123_000, '2:03'],
])('%d ms are %s in whole seconds', (ms, expected) => {
  expect(wholeSeconds(ms)).toBe(expected);
});

it('has the decimal comma of a language', () => {
  expect(span(6_843, 'es')).toBe('6,84\u00a0s');
});
