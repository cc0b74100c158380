import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { createFeed, type StoredLog } from './feed.ts';

/** A log in memory that stores immediately. */
function fakeLog(count = 0) {
  const messages: FeedMessage[] = [];
  const listeners = new Set<(messages: readonly FeedMessage[]) => void>();
  let reads = 0;
  const store = (howMany = 1) => {
    const before = messages.length;
    for (let index = 0; index < howMany; index += 1) add();
    const added = messages.slice(before);
    for (const listener of listeners) listener(added);
  };
  const add = () => messages.push(messageOf(messages.length + 1));
  for (let index = 0; index < count; index += 1) add();
  const log: StoredLog = {
    entriesAfter: async (id, limit) => {
      reads += 1;
      return messages.filter((message) => message.entry.id > id).slice(0, limit);
    },
    newestEntryId: async () => messages.length,
    onStored(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { log, store, reads: () => reads, listeners };
}

function messageOf(id: number): FeedMessage {
  const entry = {
    type: 'event',
    kind: 'status',
    id,
    callId: 'CON-1',
    receivedAt: 1000,
    took: 1,
    method: 'POST',
    requestId: `r${id}`,
    replayed: false,
    route: '/voice/event',
    reply: { status: 200 },
    repeats: null,
    payload: { uuid: 'x', status: 'started' },
  } as const;
  const call = {
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
    lastHeardAt: 1000,
    firstSeenAt: 1000,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    lastEntryId: id,
  } as const;
  return { entry, call };
}

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

async function serve(log: StoredLog) {
  const feed = createFeed({ log, now: () => 1500, random: () => 0.5 });
  const responses: ServerResponse[] = [];
  const opened: Promise<void>[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    opened.push(feed.open(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    feed.close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    feed,
    responses,
    opened,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/feed`,
  };
}

/** A minimal EventSource: reads ids and types until stopped. */
async function read(url: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  cleanUp.push(() => abort.abort());
  const answer = await fetch(url, { headers, signal: abort.signal });
  const ids: number[] = [];
  const types: string[] = [];
  const retries: number[] = [];
  let over = false;
  const reading = (async () => {
    let text = '';
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (/^id: ?\d+$/.test(line)) ids.push(Number(line.slice(3)));
        if (/^retry: ?\d+$/.test(line)) retries.push(Number(line.slice(6)));
        if (line.startsWith('event:')) types.push(line.slice(6).trim());
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  return { ids, types, retries, isOver: () => over, leave: () => abort.abort(), reading };
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the feed', () => {
  test('starts with entries stored after the page connected', async () => {
    const { log, store } = fakeLog(5);
    const { feed, url } = await serve(log);
    const page = await read(url);
    await expect.poll(() => feed.readers).toBe(1);
    store(2);
    await expect.poll(() => page.ids).toEqual([6, 7]);
  });

  test('resumes after the last entry that the page saw, from header or URL, and continues live', async () => {
    const { log, store } = fakeLog(1000);
    const { url } = await serve(log);
    const byHeader = await read(url, { 'last-event-id': '500' });
    const byAddress = await read(`${url}?lastEventId=990`);
    await expect.poll(() => byHeader.ids.length).toBe(500);
    await expect.poll(() => byAddress.ids.length).toBe(10);
    store(3);
    await expect.poll(() => byHeader.ids).toEqual(upTo(1003, 501));
    await expect.poll(() => byAddress.ids).toEqual(upTo(1003, 991));
  });

  test('skips and repeats nothing stored while the page catches up', async () => {
    const { log, store } = fakeLog(1000);
    const slow: StoredLog = {
      ...log,
      async entriesAfter(id, limit) {
        const found = await log.entriesAfter(id, limit);
        store();
        await new Promise(setImmediate);
        return found;
      },
    };
    const { url } = await serve(slow);
    const page = await read(url, { 'last-event-id': '0' });
    await expect.poll(() => page.ids.length).toBeGreaterThanOrEqual(1000);
    store(5);
    const { length } = page.ids;
    await expect.poll(() => page.ids.length).toBeGreaterThanOrEqual(length);
    expect(page.ids).toEqual(upTo(page.ids.length));
  });

  test('ignores an invalid Last-Event-ID', async () => {
    const { log, store } = fakeLog(5);
    const { feed, url } = await serve(log);
    const page = await read(url, { 'last-event-id': '1e9; DROP' });
    await expect.poll(() => feed.readers).toBe(1);
    store();
    await expect.poll(() => page.ids).toEqual([6]);
  });

  test('buffers little for a page that does not read, and sends everything when it reads again', async () => {
    const { log, store } = fakeLog();
    const { feed, url, responses } = await serve(log);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    cleanUp.push(() => socket.destroy());
    socket.write('GET /api/feed HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(() => feed.readers).toBe(1);
    socket.pause();
    for (let round = 0; round < 200; round += 1) {
      store(100);
      await new Promise(setImmediate);
    }
    const waiting = responses[0]?.writableLength ?? 0;
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(1024 * 1024);
    let newest = 0;
    let rest = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      rest += part;
      for (const [, id] of rest.matchAll(/^id: ?(\d+)$/gm)) newest = Number(id);
      rest = rest.slice(-20);
    });
    socket.resume();
    await expect.poll(() => newest, { timeout: 4000 }).toBe(20_000);
  });

  test('starts with the next entry if the page has seen an id that does not exist yet', async () => {
    const { log, store } = fakeLog(5);
    const { feed, url } = await serve(log);
    const page = await read(url, { 'last-event-id': '700' });
    await expect.poll(() => feed.readers).toBe(1);
    store();
    await expect.poll(() => page.ids).toEqual([6]);
  });

  test('forgets a page that disconnected', async () => {
    const { log } = fakeLog();
    const { feed, url } = await serve(log);
    const page = await read(url);
    await expect.poll(() => feed.readers).toBe(1);
    page.leave();
    await expect.poll(() => feed.readers).toBe(0);
  });

  test('sends nothing to pages that are disconnecting', async () => {
    const { log, store } = fakeLog();
    const { feed, url } = await serve(log);
    const pages = await Promise.all(Array.from({ length: 10 }, () => read(url)));
    await expect.poll(() => feed.readers).toBe(10);
    for (const page of pages) {
      page.leave();
      for (let turn = 0; turn < 10; turn += 1) {
        store();
        await new Promise(setImmediate);
      }
    }
    await expect.poll(() => feed.readers).toBe(0);
  });

  test('forgets a page that disconnects before it has started', async () => {
    const { log, store } = fakeLog();
    const begin = Promise.withResolvers<number>();
    const { feed, url, responses, opened } = await serve({ ...log, newestEntryId: () => begin.promise });
    const abort = new AbortController();
    fetch(url, { signal: abort.signal }).catch(() => {});
    await expect.poll(() => responses.length).toBe(1);
    abort.abort();
    await expect.poll(() => responses[0]?.destroyed).toBe(true);
    begin.resolve(0);
    await Promise.all(opened);
    store();
    expect(feed.readers).toBe(0);
  });

  test('writes nothing more to a page that was disconnected before it read everything', async () => {
    const { log, store } = fakeLog(1);
    let reads = 0;
    const failing: StoredLog = {
      ...log,
      async entriesAfter(id, limit) {
        reads += 1;
        if (reads === 2) throw new Error('away');
        const page = await log.entriesAfter(id, limit);
        // More than a connection can buffer.
        const requestId = 'x'.repeat(16_000_000);
        return page.map(({ entry, call }) => ({ entry: { ...entry, requestId }, call }));
      },
    };
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { feed, url, responses } = await serve(failing);
    const page = connect(Number(new URL(url).port), '127.0.0.1');
    cleanUp.push(() => page.destroy());
    page.pause();
    page.write('GET /api/feed HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 0\r\n\r\n');
    await expect.poll(() => responses[0]?.writableEnded).toBe(true);
    const faults: unknown[] = [];
    responses[0]?.on('error', (error) => faults.push(error));
    store();
    vi.advanceTimersByTime(60_000);
    // A write after end throws on the next tick.
    await new Promise(setImmediate);
    expect([responses[0]?.destroyed, feed.readers, faults]).toEqual([false, 0, []]);
  });

  test.each(['a b', '[', 'a:99999', '%'])('rejects the Host header %j', async (host) => {
    const { log } = fakeLog();
    const feed = createFeed({ log, now: Date.now, random: Math.random });
    cleanUp.push(() => feed.close());
    const request = Object.assign(new IncomingMessage(new Socket()), { url: '/api/feed', headers: { host } });
    await expect(feed.open(request, new ServerResponse(request))).rejects.toMatchObject({ status: 400 });
  });

  test('asks pages to reconnect when it closes, and stops listening', async () => {
    const { log, listeners } = fakeLog(7);
    const { feed, url } = await serve(log);
    const page = await read(url);
    await expect.poll(() => feed.readers).toBe(1);
    feed.close();
    await page.reading;
    expect(page.types).toEqual(['reconnect']);
    expect(listeners.size).toBe(0);
    // With these a browser reconnects automatically, after a random delay, and resumes.
    expect(page.retries.at(-1)).toBe(2500);
    expect(page.ids).toEqual([7]);
  });

  test('disconnects a page when the store is down, so that it reconnects and resumes', async () => {
    const { log } = fakeLog(3);
    const away: StoredLog = { ...log, entriesAfter: () => Promise.reject(new Error('away')) };
    const { url } = await serve(away);
    const page = await read(url, { 'last-event-id': '1' });
    await page.reading;
    expect(page.isOver()).toBe(true);
  });
});
