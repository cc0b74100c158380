import { describe, expect, it } from 'vitest';
import type { FeedMessage } from '../../domain/console-api.ts';
import { createStoredFeed } from './stored-feed.ts';

const at = (id: number): FeedMessage => ({
  entry: {
    id,
    callId: 'CON-1',
    receivedAt: 0,
    took: 0,
    method: 'POST',
    requestId: 'r',
    replayed: false,
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
    firstSeenAt: 0,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    lastEntryId: id,
  },
});

/** A log that many servers write to, and the feed of one of them. */
function feedOver(log: number[], fail = () => false) {
  const reads: number[] = [];
  const told: number[] = [];
  const feed = createStoredFeed(async (after, limit) => {
    reads.push(after);
    if (fail()) throw new Error('away');
    return log
      .filter((id) => id > after)
      .slice(0, limit)
      .map(at);
  });
  feed.onStored((messages) => told.push(...messages.map(({ entry }) => entry.id)));
  /** Lets everything happen that can. */
  const settle = () => new Promise(setImmediate);
  return { feed, log, reads, told, settle };
}

describe('the feed of what is stored', () => {
  it('tells at once of what this server stored, without reading it', async () => {
    const { feed, reads, told, settle } = feedOver([]);
    feed.news(0);
    feed.committed(0, 2, () => [at(1), at(2)]);
    feed.committed(2, 3, () => [at(3)]);
    await settle();
    expect(told).toEqual([1, 2, 3]);
    expect(reads).toEqual([]);
  });

  it('begins at the end of the log, be it heard from the store or from the first commit', async () => {
    const read = feedOver([1, 2, 3]);
    read.feed.news(3);
    await read.settle();
    expect(read.told).toEqual([]);
    const written = feedOver([]);
    written.feed.committed(7, 8, () => [at(8)]);
    await written.settle();
    expect(written.told).toEqual([8]);
  });

  it('reads what others stored, before what this server stored after it', async () => {
    const { feed, log, told, settle } = feedOver([1, 2, 3, 4]);
    feed.news(0);
    feed.committed(3, 4, () => [at(4)]);
    await settle();
    expect(told).toEqual([1, 2, 3, 4]);
    log.push(5, 6);
    feed.news(6);
    feed.news(6);
    feed.news(5);
    await settle();
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('tells nothing twice where the news is faster than the end of the own commit', async () => {
    const { feed, told, settle } = feedOver([1, 2]);
    feed.news(0);
    feed.news(2);
    feed.committed(0, 2, () => [at(1), at(2)]);
    await settle();
    feed.committed(2, 2, () => []);
    await settle();
    expect(told).toEqual([1, 2]);
  });

  it('reads a log of any length in pages', async () => {
    const { feed, told, reads, settle } = feedOver(Array.from({ length: 1000 }, (_, index) => index + 1));
    feed.news(0);
    feed.news(1000);
    await settle();
    expect(told).toHaveLength(1000);
    expect(reads.length).toBeGreaterThan(3);
  });

  it('goes on where it was when the store comes back', async () => {
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

  it('goes on with a log that took the place of a longer one', async () => {
    const { feed, told, settle } = feedOver([]);
    feed.news(0);
    feed.committed(0, 3, () => [at(1), at(2), at(3)]);
    feed.committed(0, 1, () => [at(1)]);
    feed.committed(1, 2, () => [at(2)]);
    await settle();
    expect(told).toEqual([1, 2, 3, 1, 2]);
  });

  it('passes by entries that are gone, and listeners that have left', async () => {
    const { feed, told, settle } = feedOver([1, 4]);
    const leave = feed.onStored(() => {
      throw new Error('I have left.');
    });
    leave();
    feed.news(0);
    feed.news(5);
    await settle();
    feed.committed(5, 6, () => [at(6)]);
    await settle();
    expect(told).toEqual([1, 4, 6]);
  });
});
