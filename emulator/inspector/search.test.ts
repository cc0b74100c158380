import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../traffic/body.ts';
import { fakeEntry } from '../traffic/testing.ts';
import { after, fakePlatform } from './fakes.ts';
import { createSearch } from './search.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entryWith = (id: number, text: string) =>
  fakeEntry({ id, request: { headers: [], body: bodyOf(text) } });

function begin() {
  const platform = fakePlatform([entryWith(3, 'pear'), entryWith(2, 'apple'), entryWith(1, 'pear')]);
  const parts = { text: signal(''), rows: signal({}), epoch: signal<string | undefined>('first') };
  const search = createSearch({ api: platform.api, after, ...parts });
  return { platform, search, found: () => [...search.found.value].sort(), ...parts };
}

describe('a search', () => {
  it('asks the platform when typing pauses', async () => {
    const { platform, text, found } = begin();
    text.value = 'pea';
    await vi.advanceTimersByTimeAsync(100);
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(149);
    expect(platform.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(platform.asked).toEqual(['list with pear']);
    expect(found()).toEqual([1, 3]);
  });

  it('goes through all pages', async () => {
    const { platform, text, found } = begin();
    platform.pageSize = 1;
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(150);
    expect(platform.asked).toEqual(['list with pear', 'list before 3 with pear']);
    expect(found()).toEqual([1, 3]);
  });

  it('finds nothing without a text', async () => {
    const { text, found } = begin();
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(150);
    text.value = '';
    expect(found()).toEqual([]);
  });

  it('searches new requests, however steadily they arrive, and only on the newest page', async () => {
    const { platform, text, rows, found } = begin();
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(150);
    platform.asked.length = 0;
    platform.pageSize = 1;
    platform.entries = [entryWith(4, 'pear'), ...platform.entries];
    for (let step = 0; step < 10; step += 1) {
      rows.value = {};
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(platform.asked).toEqual(['list with pear']);
    expect(found()).toEqual([1, 3, 4]);
  });

  it('requests nothing if only rows change', async () => {
    const { platform, rows } = begin();
    rows.value = {};
    await vi.advanceTimersByTimeAsync(1000);
    expect(platform.asked).toEqual([]);
  });

  it('forgets its results if the platform restarted', async () => {
    const { platform, text, epoch, found } = begin();
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(150);
    platform.entries = [entryWith(2, 'pear')];
    epoch.value = 'second';
    expect(found()).toEqual([]);
    await vi.advanceTimersByTimeAsync(150);
    expect(found()).toEqual([2]);
  });

  it('works without the platform', async () => {
    const { platform, text, found } = begin();
    text.value = 'pear';
    await vi.advanceTimersByTimeAsync(150);
    platform.fault = 'away';
    text.value = 'apple';
    await vi.advanceTimersByTimeAsync(150);
    expect(found()).toEqual([]);
  });

  it('requests nothing after it is closed', async () => {
    const { platform, text, search } = begin();
    text.value = 'pear';
    search.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(platform.asked).toEqual([]);
  });
});
