import { describe, expect, it } from 'vitest';
import {
  clockTime,
  dayAndTime,
  minuteTime,
  preciseTime,
  shortTime,
  span,
  wholeSeconds,
} from './time-words.ts';

const at = new Date(2026, 2, 29, 21, 20, 5, 82).getTime();
const midnight = new Date(2026, 2, 29, 0, 0, 1).getTime();
const nextDay = at + 86_400_000;

describe('a time', () => {
  it.each([
    [minuteTime(at, 'en-GB'), '21:20'],
    [minuteTime(at, 'en-US'), '09:20 PM'],
    [clockTime(at, 'en-GB'), '21:20:05'],
    [preciseTime(at, 'en-GB'), '21:20:05.082'],
    [preciseTime(at, 'en-US'), '09:20:05.082 PM'],
    [preciseTime(at, 'es'), '21:20:05,082'],
    [dayAndTime(at, 'en-GB'), '29 Mar 2026, 21:20:05'],
    [dayAndTime(at, 'en-US'), 'Mar 29, 2026, 09:20:05 PM'],
    [shortTime(at, at + 1_000, 'en-GB'), '21:20:05'],
    [shortTime(at, at + 1_000, 'en-US'), '09:20:05 PM'],
    [shortTime(midnight, midnight, 'en-GB'), '00:00:01'],
    [shortTime(midnight, midnight, 'en-US'), '12:00:01 AM'],
    [shortTime(at, nextDay, 'en-GB'), '29 Mar, 21:20'],
    [shortTime(at, nextDay, 'en-US'), 'Mar 29, 09:20 PM'],
  ])('follows its locale: %#: %s', (written, expected) => {
    // ICU puts a narrow space before AM and PM.
    expect(written.replaceAll('\u202f', ' ')).toBe(expected);
  });
});

it.each([
  [0, '0\u00a0ms'],
  [999, '999\u00a0ms'],
  [6_843, '6.84\u00a0s'],
  [123_000, '2:03'],
  [3_723_000, '1:02:03'],
])('%d ms as a duration is %s', (ms, expected) => {
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

it('uses the decimal separator of the language', () => {
  expect(span(6_843, 'es')).toBe('6,84\u00a0s');
});
