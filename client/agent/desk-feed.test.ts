import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDeskFeed, type DeskFeed } from './desk-feed.ts';

class Source extends EventTarget {
  isOpen = true;

  close(): void {
    this.isOpen = false;
  }
}

const path = signal<string | null>('feed?a');
let feed: DeskFeed;
let sources: Source[];
let paths: string[];
let told: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  path.value = 'feed?a';
  sources = [];
  paths = [];
  told = [];
  feed = createDeskFeed({
    path,
    random: () => 1,
    onMessage: (data) => told.push(data),
    connect(where) {
      const source = new Source();
      sources.push(source);
      paths.push(where);
      return source;
    },
  });
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const say = (data: string) => sources.at(-1)?.dispatchEvent(new MessageEvent('desk', { data }));
const breakOff = () => sources.at(-1)?.dispatchEvent(new Event('error'));
const open = () => sources.filter(({ isOpen }) => isOpen).length;

it('hands on what it is told, and nothing of an older connection', () => {
  say('1');
  const [first] = sources;
  path.value = 'feed?b';
  first?.dispatchEvent(new MessageEvent('desk', { data: 'old' }));
  say('2');
  expect([told, paths, open()]).toEqual([['1', '2'], ['feed?a', 'feed?b'], 1]);
});

it('is back well within the second that the server waits for it', () => {
  say('1');
  breakOff();
  expect(open()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(open()).toBe(1);
});

it('slows down while the server gives no feed', () => {
  for (let second = 0; second < 60; second += 1) {
    breakOff();
    vi.advanceTimersByTime(1_000);
  }
  expect(sources.length).toBeLessThan(12);
  const before = sources.length;
  breakOff();
  feed.wake();
  expect(sources.length).toBe(before + 1);
});

it('connects again only when it is not connected, unless it must', () => {
  feed.wake();
  expect(sources.length).toBe(1);
  feed.renew();
  expect([sources.length, open()]).toEqual([2, 1]);
});

it('follows nothing while there is no feed', () => {
  path.value = null;
  expect(open()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(sources.length).toBe(1);
});
