import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRepeatedWarnings } from './repeated-warnings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;

function create() {
  const printed: string[] = [];
  const warnings = createRepeatedWarnings({
    print: (text) => void printed.push(text),
    inWords: (count, kind) => `${count} more of ${kind}`,
  });
  return { ...warnings, printed };
}

test('the first of a kind is printed at once', () => {
  const { warn, printed } = create();
  warn('rain', 'It rains.');
  expect(printed).toEqual(['It rains.']);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(printed).toEqual(['It rains.']);
  expect(vi.getTimerCount()).toBe(0);
});

test('repeats are counted and reported once a minute', () => {
  const { warn, printed } = create();
  for (let count = 0; count < 1000; count += 1) warn('rain', `It rains ${count}.`);
  vi.advanceTimersByTime(MINUTE);
  warn('rain', 'It still rains.');
  vi.advanceTimersByTime(MINUTE);
  expect(printed).toEqual(['It rains 0.', '999 more of rain', '1 more of rain']);
});

test('after a quiet minute, the next one is printed at once again', () => {
  const { warn, printed } = create();
  warn('rain', 'It rains.');
  vi.advanceTimersByTime(MINUTE);
  warn('rain', 'It rains again.');
  expect(printed).toEqual(['It rains.', 'It rains again.']);
});

test('each kind has its own count', () => {
  const { warn, printed } = create();
  for (const kind of ['rain', 'snow', 'rain']) warn(kind, `A first ${kind}.`);
  vi.advanceTimersByTime(MINUTE);
  expect(printed).toEqual(['A first rain.', 'A first snow.', '1 more of rain']);
});

test('closing reports the remaining counts and stops the timers', () => {
  const { warn, close, printed } = create();
  for (const kind of ['rain', 'rain', 'rain', 'snow']) warn(kind, `A first ${kind}.`);
  close();
  expect(printed).toEqual(['A first rain.', 'A first snow.', '2 more of rain']);
  expect(vi.getTimerCount()).toBe(0);
});
