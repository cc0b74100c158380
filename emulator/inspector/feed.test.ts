import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, fakePlatform, fakeSummary } from './fakes.ts';
import { openFeed } from './feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen() {
  const platform = fakePlatform();
  const told: unknown[] = [];
  const feed = openFeed({
    connect: platform.connect,
    after,
    onBegin: (isResumed) => told.push(isResumed),
    onEntry: ({ id }) => told.push(id),
  });
  return { platform, told, feed };
}

describe('the feed', () => {
  it('is live once it starts, and delivers each entry', () => {
    const { platform, told, feed } = listen();
    expect(feed.state.value).toBe('connecting');
    platform.begin();
    expect(feed.state.value).toBe('live');
    platform.source.tell('entry', fakeSummary({ id: 7 }));
    expect(told).toEqual([false, 7]);
  });

  it('lets the browser resume after an interruption', () => {
    const { platform, told, feed } = listen();
    platform.begin();
    platform.source.fail(0);
    expect(feed.state.value).toBe('lost');
    vi.advanceTimersByTime(60_000);
    expect(platform.connections).toBe(1);
    platform.begin(true);
    expect(feed.state.value).toBe('live');
    expect(told).toEqual([false, true]);
  });

  it('retries on its own if the browser has given up', () => {
    const { platform, feed } = listen();
    platform.source.fail(2);
    vi.advanceTimersByTime(1999);
    expect(platform.connections).toBe(1);
    vi.advanceTimersByTime(1);
    expect(platform.connections).toBe(2);
    platform.begin();
    expect(feed.state.value).toBe('live');
  });

  it('ends when it is closed', () => {
    const { platform, feed } = listen();
    platform.source.fail(2);
    feed.close();
    vi.advanceTimersByTime(60_000);
    expect(platform.connections).toBe(1);
    expect(platform.source.isClosed).toBe(true);
  });
});
