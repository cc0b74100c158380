import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { createFollower } from './follow.ts';

const at = (id: number): FeedMessage => ({
  entry: {
    id,
    callId: 'CON-1',
    receivedAt: 0,
    took: 0,
    method: 'POST',
    requestId: 'r',
    replayed: false,
    route: '/voice/event',
    reply: { status: 200 },
    repeats: null,
    type: 'event',
    kind: 'status',
    payload: {},
  },
  call: {
    id: 'CON-1',
    from: null,
    to: null,
    agent: null,
    status: 'started',
    end: null,
    hungUpBy: null,
    direction: null,
    queue: null,
    exit: null,
    aliases: [],
    lastHeardAt: 0,
    firstSeenAt: 0,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    lastEntryId: id,
  },
});

/** A log that many servers write to, and the follower of one server. */
function feedOver(log: number[], fail = () => false) {
  const reads: number[] = [];
  const told: number[] = [];
  const feed = createFollower(async (after, limit) => {
    reads.push(after);
    if (fail()) throw new Error('away');
    return log
      .filter((id) => id > after)
      .slice(0, limit)
      .map(at);
  });
  const leave = feed.onStored((messages) => told.push(...messages.map(({ entry }) => entry.id)));
  /** Runs all pending work. */
  const settle = () => new Promise(setImmediate);
  return { feed, log, reads, told, leave, settle };
}

describe('following the log', () => {
  it('starts at the end of the log and delivers new entries in order', async () => {
    const { feed, log, told, settle } = feedOver([1, 2, 3]);
    feed.news(3);
    await settle();
    expect(told).toEqual([]);
    log.push(4, 5, 6);
    feed.news(6);
    feed.news(6);
    feed.news(5);
    await settle();
    expect(told).toEqual([4, 5, 6]);
  });

  it('reads a long log in batches', async () => {
    const { feed, told, reads, settle } = feedOver(Array.from({ length: 1000 }, (_, index) => index + 1));
    feed.news(0);
    feed.news(1000);
    await settle();
    expect(told).toHaveLength(1000);
    expect(reads.length).toBeGreaterThan(3);
  });

  it('continues where it was when the store is available again', async () => {
    let away = true;
    const { feed, told, settle } = feedOver([1, 2, 3], () => away);
    feed.news(0);
    feed.news(2);
    await settle();
    expect(told).toEqual([]);
    away = false;
    feed.news(3);
    await settle();
    expect(told).toEqual([1, 2, 3]);
  });

  it('retries what it could not read, even if no new entry follows', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let away = true;
    const { feed, told, reads, settle } = feedOver([1, 2, 3], () => away);
    feed.news(0);
    feed.news(2);
    feed.news(3);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(reads).toEqual([0, 0, 0]);
    away = false;
    await vi.advanceTimersByTimeAsync(500);
    await settle();
    expect(told).toEqual([1, 2, 3]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveLength(4);
  });

  it('skips deleted entries and removed listeners', async () => {
    const { feed, log, told, settle } = feedOver([1, 4]);
    const leave = feed.onStored(() => {
      throw new Error('I have left.');
    });
    leave();
    feed.news(0);
    feed.news(5);
    await settle();
    log.push(6);
    feed.news(6);
    await settle();
    expect(told).toEqual([1, 4, 6]);
  });

  it('reads nothing without listeners', async () => {
    const { feed, log, reads, told, leave, settle } = feedOver([1, 2, 3]);
    leave();
    feed.news(0);
    feed.news(3);
    await settle();
    expect(reads).toEqual([]);
    feed.onStored((messages) => told.push(...messages.map(({ entry }) => entry.id)));
    log.push(4);
    feed.news(4);
    await settle();
    expect(told).toEqual([4]);
  });
});
