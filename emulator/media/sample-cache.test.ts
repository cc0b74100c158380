import { describe, expect, it } from 'vitest';
import { createSampleCache } from './sample-cache.ts';

function setUp(limits = { samples: 100, entries: 10 }) {
  const cache = createSampleCache(limits);
  const rendered: string[] = [];
  const get = (key: string, length = 10) =>
    cache.share(key, async () => {
      rendered.push(key);
      return new Int16Array(length);
    });
  return { cache, get, rendered };
}

describe('the sample cache', () => {
  it('renders a key once', async () => {
    const { get, rendered } = setUp();
    expect(await get('a')).toBe(await get('a'));
    expect(rendered).toEqual(['a']);
  });

  it('shares a rendering in progress', async () => {
    const { cache } = setUp();
    const { promise, resolve } = Promise.withResolvers<Int16Array>();
    const first = cache.share('a', () => promise);
    const second = cache.share('a', () => expect.unreachable());
    resolve(new Int16Array(3));
    expect(await first).toBe(await second);
  });

  it('evicts the least recently used when it is full', async () => {
    const { get, rendered } = setUp();
    await get('a', 40);
    await get('b', 40);
    await get('a', 40);
    await get('c', 40);
    expect(rendered).toEqual(['a', 'b', 'c']);
    await get('a', 40);
    await get('b', 40);
    expect(rendered).toEqual(['a', 'b', 'c', 'b']);
  });

  it('holds a limited number, however short', async () => {
    const { get, rendered } = setUp({ samples: 100, entries: 2 });
    for (const key of ['a', 'b', 'c', 'a']) await get(key, 0);
    expect(rendered).toEqual(['a', 'b', 'c', 'a']);
  });

  it('still returns what is larger than the cache', async () => {
    const { get } = setUp();
    expect(await get('a', 1000)).toHaveLength(1000);
    expect(await get('a', 1000)).toHaveLength(1000);
  });

  it('does not cache a failure', async () => {
    const { cache, get } = setUp();
    await expect(cache.share('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await get('a')).toHaveLength(10);
  });
});
