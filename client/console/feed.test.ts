import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeFeedServer, type FakeFeedServer } from './fake-feed-server.ts';
import { message, summary } from './fake-messages.ts';
import { createFeed, type Feed } from './feed.ts';

let server: FakeFeedServer;
let feed: Feed;
let told: number[][];
let painting: (() => void)[];
const onFresh = vi.fn();
const onRefused = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onFresh.mockClear();
  onRefused.mockClear();
  server = createFakeFeedServer();
  told = [];
  painting = [];
  feed = createFeed({
    connect: server.connect,
    onFresh,
    onRefused,
    onMessages: (messages) => told.push(messages.map(({ entry }) => entry.id)),
    beforePaint(run) {
      painting.push(run);
      return () => {
        painting = painting.filter((each) => each !== run);
      };
    },
    random: () => 0.5,
  });
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const tell = (...ids: number[]) => {
  for (const id of ids) {
    server.tell(message(summary(id)));
  }
};

function paint(): void {
  for (const run of painting.splice(0)) {
    run();
  }
}

describe('the feed', () => {
  it('is connecting, then live, and earlier entries must be loaded', () => {
    expect(feed.state.value).toBe('connecting');
    expect(server.paths).toEqual(['api/feed']);
    server.open();
    expect(feed.state.value).toBe('live');
    expect(onFresh).toHaveBeenCalledOnce();
  });

  it('delivers messages between two paints together', () => {
    server.open();
    tell(1, 2);
    expect(told).toEqual([]);
    paint();
    tell(3);
    paint();
    paint();
    expect(told).toEqual([[1, 2], [3]]);
  });

  it('ignores invalid messages', () => {
    server.open();
    server.send('entry', 'not JSON');
    server.send('entry', '{"entry":{"id":"x"}}');
    paint();
    expect(told).toEqual([]);
  });

  it('delivers nothing after it is closed', () => {
    server.open();
    tell(1);
    feed.close();
    paint();
    vi.advanceTimersByTime(3_600_000);
    expect(told).toEqual([]);
    expect(server.connections).toBe(0);
    expect(server.paths).toHaveLength(1);
  });
});

describe('a broken connection', () => {
  beforeEach(() => {
    server.open();
    tell(7);
    paint();
    onFresh.mockClear();
  });

  it('is restored by the browser, and resumes after the last entry', () => {
    server.break();
    expect(feed.state.value).toBe('reconnecting');
    server.open();
    expect(feed.state.value).toBe('live');
    expect(server.paths).toHaveLength(1);
    expect(onFresh).not.toHaveBeenCalled();
  });

  it('is reopened if the browser gives up, with growing delays', () => {
    const gaps = [1_500, 2_500, 4_500];
    for (const [index, gap] of gaps.entries()) {
      server.refuse();
      vi.advanceTimersByTime(gap - 1);
      expect(server.paths).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(server.paths).toHaveLength(index + 2);
    }
    expect(new Set(server.paths.slice(1))).toEqual(new Set(['api/feed?lastEventId=7']));
    expect(onRefused).toHaveBeenCalledTimes(3);
    server.open();
    expect(onFresh).not.toHaveBeenCalled();
  });

  it('reloads everything after a long time', () => {
    server.break();
    vi.advanceTimersByTime(60_000);
    expect(server.paths.at(-1)).toBe('api/feed');
    server.open();
    expect(feed.state.value).toBe('live');
    expect(onFresh).toHaveBeenCalledOnce();
  });

  it('reloads everything if there was no entry to resume from', () => {
    feed.slept();
    server.open();
    server.break();
    onFresh.mockClear();
    server.open();
    expect(onFresh).toHaveBeenCalledOnce();
  });

  it('is retried immediately when the page wakes', () => {
    server.refuse();
    feed.wake();
    expect(server.paths).toEqual(['api/feed', 'api/feed?lastEventId=7']);
    expect(server.connections).toBe(1);
  });
});

describe('a connection that seems to work', () => {
  beforeEach(() => {
    server.open();
    tell(7);
    paint();
    onFresh.mockClear();
  });

  it('is left alone when the page wakes', () => {
    feed.wake();
    expect(server.paths).toHaveLength(1);
  });

  it('is reopened after the machine slept, and still delivers the last messages', () => {
    tell(8);
    feed.slept();
    expect(told).toEqual([[7], [8]]);
    expect(server.paths).toEqual(['api/feed', 'api/feed']);
    server.open();
    expect(onFresh).toHaveBeenCalledOnce();
  });

  it('is reopened without a gap after a long silence', () => {
    vi.advanceTimersByTime(119_999);
    expect(server.paths).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(server.paths).toEqual(['api/feed', 'api/feed?lastEventId=7']);
    server.open();
    expect([feed.state.value, onFresh.mock.calls.length, server.connections]).toEqual(['live', 0, 1]);
  });

  it('is reopened shortly after the server disconnects it', () => {
    server.send('reconnect', '');
    expect([feed.state.value, server.connections]).toEqual(['reconnecting', 0]);
    vi.advanceTimersByTime(500);
    expect(server.paths.at(-1)).toBe('api/feed?lastEventId=7');
    expect(onRefused).not.toHaveBeenCalled();
  });

  it('starts over if the IDs restart, because the log was replaced', () => {
    tell(3);
    paint();
    expect(told).toEqual([[7]]);
    expect(server.paths.at(-1)).toBe('api/feed');
    server.open();
    expect(onFresh).toHaveBeenCalledOnce();
  });
});
