// @vitest-environment happy-dom
import { type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { everything, type Filter } from './filter.ts';
import { keepAddress } from './keep-address.ts';

let filter: Signal<Filter>;
let id: Signal<string | null>;
let left: number;
let stop: () => void;
const pushed = vi.spyOn(history, 'pushState');

function start(search = ''): void {
  history.replaceState(null, '', `/console.html${search}`);
  pushed.mockClear();
  stop = keepAddress(
    window,
    {
      calls: { filter },
      openCall: {
        id,
        open: (wanted) => {
          id.value = wanted;
        },
      },
    },
    {
      leave: () => {
        left += 1;
      },
    },
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  filter = signal(everything);
  id = signal(null);
  left = 0;
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

it('has the filter and the call once they settle', () => {
  start();
  filter.value = { ...everything, text: 'd' };
  filter.value = { ...everything, text: 'de' };
  expect(location.search).toBe('');
  vi.advanceTimersByTime(200);
  expect(location.search).toBe('?text=de');
  id.value = 'CON-1';
  vi.advanceTimersByTime(200);
  expect(location.search).toBe('?text=de&call=CON-1');
});

it('adds one history entry for a call, and none for the next', () => {
  start();
  for (const wanted of ['CON-1', 'CON-2', null]) {
    id.value = wanted;
    vi.advanceTimersByTime(200);
  }
  expect([pushed.mock.calls.length, location.search]).toEqual([1, '']);
});

it('leaves a URL unchanged that already matches', () => {
  id.value = 'CON-1';
  start('?call=CON-1');
  vi.advanceTimersByTime(200);
  expect(pushed).not.toHaveBeenCalled();
});

it('goes back to the list, and forward to the call', () => {
  id.value = 'CON-1';
  start('?call=CON-1');
  history.replaceState(null, '', '/console.html');
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect([id.value, left]).toEqual([null, 1]);
  history.replaceState(null, '', '/console.html?call=CON-2');
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect([id.value, left]).toEqual(['CON-2', 1]);
});

it('writes nothing after it was stopped', () => {
  start();
  id.value = 'CON-1';
  stop();
  vi.advanceTimersByTime(1_000);
  expect(location.search).toBe('');
});
