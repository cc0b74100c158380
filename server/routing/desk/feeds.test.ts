import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDesk } from '../../../domain/desk/testing.ts';
import type { Clock } from '../../clock.ts';
import { createDeskFeed, createWallFeed, type WallFeed } from './feeds.ts';

/** More than a connection buffers in a few messages. */
const LONG = 'x'.repeat(4_000_000);

/** Only timers of the feed itself pass. */
const clock: Clock = {
  now: Date.now,
  after(_ms, fn) {
    const soon = setImmediate(fn);
    return () => clearImmediate(soon);
  },
  during: (work) => work,
};

/** What the feeds show: a text that the test changes. */
function createNews() {
  const listeners = new Set<() => void>();
  const news = { version: 0, readVersion: 0, change, onChange, text };
  function text(): string {
    news.readVersion = news.version;
    return `${news.version} ${LONG}`;
  }
  function change(): void {
    news.version += 1;
    for (const listener of listeners) listener();
  }
  function onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  return news;
}

const wallFeed = (news: ReturnType<typeof createNews>) => {
  const queue = {
    agents: [],
    ready: 0,
    callbacks: 0,
    waiting: 0,
    waitingSince: null,
    longestWaitSeconds: 1,
    unattendedSince: null,
  };
  return createWallFeed({
    // No look without news.
    clock: { ...clock, after: (ms, fn) => (ms < 1_000 ? clock.after(ms, fn) : () => {}) },
    onChange: news.onChange,
    read: async () => ({
      now: 0,
      agents: [],
      queues: [{ ...queue, name: news.text() }],
      calls: [],
      voicemails: { unheard: 0, oldest: null },
    }),
  });
};

const agentFeed = (news: ReturnType<typeof createNews>) => {
  const { desk } = createTestDesk();
  const alice = desk.agents.get('Alice');
  if (alice === undefined) throw new Error('no Alice');
  const feed = createDeskFeed({
    clock,
    onChange: news.onChange,
    pagesOpened: async () => {},
    pageClosed: async () => {},
    read: async () => ({
      ...desk,
      agents: new Map([['Alice', { ...alice, chosen: { choice: 'away', reason: news.text() } }]]),
    }),
  });
  return {
    open: (...[request, response, , onEnd]: Parameters<WallFeed['open']>) =>
      feed.open(request, response, { agent: 'Alice', tab: 'tab' }, onEnd),
    get readers() {
      return feed.readers;
    },
    close: feed.close,
  };
};

describe.each([
  ['the wall', wallFeed],
  ['the agent page', agentFeed],
])('the feed of %s', (_, createFeed) => {
  async function open() {
    const news = createNews();
    const feed = createFeed(news);
    const end = new Set<() => void>();
    const faults: unknown[] = [];
    const responses: ServerResponse[] = [];
    const server = createServer((request, response) => {
      responses.push(response);
      response.on('error', (error) => faults.push(error));
      void feed.open(request, response, null, (listener) => {
        end.add(listener);
        return () => end.delete(listener);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const page: Socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    onTestFinished(() => {
      page.destroy();
      feed.close();
      server.closeAllConnections();
      server.close();
    });
    page.pause();
    page.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => feed.readers).toBe(1);
    const [response] = responses;
    if (response === undefined) throw new Error('no response');
    /** Changes what is shown until the page has more to read than its connection takes, however its buffers grow. */
    async function fill(): Promise<void> {
      let waiting = 0;
      await expect
        .poll(
          () => {
            const before = waiting;
            waiting = response?.writableLength ?? 0;
            news.change();
            return waiting > 0 && waiting === before;
          },
          { interval: 50 },
        )
        .toBe(true);
    }
    function endSession(): void {
      for (const each of [...end]) each();
    }
    return { news, feed, page, response, faults, fill, endSession };
  }

  test('keeps nothing for a page that reads slowly but the newest state', async () => {
    const { news, page, response, fill } = await open();
    await fill();
    const waiting = response.writableLength;
    for (let index = 0; index < 20; index += 1) {
      news.change();
      await new Promise(setImmediate);
    }
    await expect.poll(() => news.readVersion).toBe(news.version);
    await new Promise(setImmediate);
    expect(response.writableLength).toBeLessThanOrEqual(waiting);
    let received = '';
    page.setEncoding('utf8').on('data', (part: string) => {
      received = (received + part).replace(/x{2,}/g, 'x');
    });
    page.resume();
    await expect.poll(() => received, { timeout: 10_000 }).toContain(`${news.version} x`);
    expect(received.match(/\d+ x/g)?.length).toBeLessThan(news.version);
  });

  test('writes nothing more to a page whose session ended before it read everything', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { news, feed, response, faults, fill, endSession } = await open();
    await fill();
    endSession();
    expect([response.writableEnded, feed.readers]).toEqual([true, 0]);
    news.change();
    vi.advanceTimersByTime(60_000);
    // A write after the end is an error on the next tick, which would stop the server.
    await new Promise(setImmediate);
    expect([response.destroyed, faults]).toEqual([false, []]);
  });

  test('writes nothing more to a page when it was closed before it read everything', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { feed, response, faults, fill } = await open();
    await fill();
    feed.close();
    vi.advanceTimersByTime(60_000);
    await new Promise(setImmediate);
    expect([response.writableEnded, faults]).toEqual([true, []]);
  });
});

test('feeds that open together are told in one transaction, and again until it is stored, while they are open', async () => {
  const told: string[][] = [];
  const { desk } = createTestDesk();
  const feed = createDeskFeed({
    clock,
    onChange: () => () => {},
    pageClosed: async () => {},
    read: async () => desk,
    async pagesOpened(tabs) {
      told.push(tabs.map(({ tab }) => tab));
      if (told.length === 1) throw new Error('the store is down');
    },
  });
  const server = createServer(
    (request, response) =>
      void feed.open(request, response, { agent: 'Alice', tab: request.url ?? '' }, () => () => {}),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    feed.close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const open = (path: string) => {
    const page = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    page.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    return page;
  };
  const pages = ['/a', '/b'].map(open);
  onTestFinished(() => {
    for (const page of pages) page.destroy();
  });
  await expect.poll(() => told.at(-1)?.toSorted()).toEqual(['/a', '/b']);
  const count = told.length;
  await new Promise((done) => setTimeout(done, 50));
  expect(told).toHaveLength(count);
});
