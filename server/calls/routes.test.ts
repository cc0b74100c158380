import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LegAccount } from '../../domain/api/console-api.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { createApp } from '../app.ts';
import { createContext } from '../context.ts';
import { createLog } from '../log/log.ts';
import { openStore } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { tables } from '../tables.ts';
import { accessFor, configFrom, emptyFolder, realMode, recordedTerminal, testApp } from '../testing.ts';

/** The server with a real log, listening. */
async function served(env: Record<string, string> = {}) {
  const config = configFrom(env);
  const { terminal } = recordedTerminal();
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  const url = `http://127.0.0.1:${port}`;
  const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
  const log = await createLog(store);
  const context = createContext({ config, terminal, access: accessFor(config), store, log, url });
  server.on('request', createApp(context));
  onTestFinished(async () => {
    context.feed.close();
    server.closeAllConnections();
    server.close();
    await log.close();
    await store.close();
  });
  return { url, log, store };
}

/** The cookie of a signed-in agent. */
async function signedIn(url: string, agent: string, code: string): Promise<string> {
  const answer = await request(url).post('/api/session').send({ agent, code }).expect(200);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The feed as a page reads it: the calls in it, and whether it has ended. */
async function readFeed(url: string, cookie: string, after?: number) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const headers = { cookie, ...(after !== undefined && { 'last-event-id': String(after) }) };
  const answer = await fetch(`${url}/api/feed`, { headers, signal: abort.signal });
  const page = { status: answer.status, calls: [] as string[], isOver: false };
  const read = async () => {
    let text = '';
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (text + part).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines)
        if (line.startsWith('data:{')) page.calls.push(JSON.parse(line.slice(5)).call.id);
    }
    page.isOver = true;
  };
  read().catch(() => {});
  return page;
}

/** A call that rings at an agent. */
async function ring(url: string, call: string, agent: string): Promise<void> {
  const leg = { uuid: `app-of-${call}`, to: agent, direction: 'outbound', conversation_uuid: call };
  await request(url)
    .post('/voice/event')
    .send(event('started', { uuid: `leg-of-${call}`, conversation_uuid: call }))
    .expect(200);
  await request(url).post('/voice/event').send(event('ringing', leg)).expect(200);
}

const event = (status: string, more: object = {}) => ({
  from: '447700900000',
  to: '442038297050',
  uuid: 'leg-1',
  conversation_uuid: 'CON-1',
  status,
  direction: 'inbound',
  timestamp: '2026-01-01T00:00:00.000Z',
  ...more,
});

describe('the calls', () => {
  it('are listed, shown with their entries, and replayed', async () => {
    const { url } = await served();
    await request(url)
      .get('/voice/answer')
      .query({ from: '447700900000', conversation_uuid: 'CON-1' })
      .expect(200);
    for (const status of ['started', 'started', 'answered']) {
      await request(url).post('/voice/event').send(event(status)).expect(200);
    }
    const list = await request(url).get('/api/calls').expect(200);
    expect(list.body).toMatchObject({
      calls: [{ id: 'CON-1', from: '447700900000' }],
      next: null,
      newestEntryId: 4,
    });

    const detail = (await request(url).get('/api/calls/CON-1').expect(200)).body;
    const types = (entries: LogEntry[]) =>
      entries.map((one) => (one.type === 'event' ? one.payload.status : one.type));
    expect(types(detail.entries)).toEqual(['answer', 'started', 'started', 'answered']);

    const [, started] = detail.entries;
    const replay = await request(url).post(`/api/calls/CON-1/entries/${started.id}/replay`).expect(202);
    expect(replay.body).toEqual({ status: 200 });
    const again = (await request(url).get('/api/calls/CON-1').expect(200)).body;
    expect(again.entries.at(-1)).toMatchObject({ replayed: true, payload: started.payload });
    expect(again.call).toEqual(detail.call);
    await request(url).post('/api/calls/CON-1/entries/1/replay').expect(404);
    await request(url).post('/api/calls/CON-1/entries/99/replay').expect(404);
  });

  it('tell of each leg what the webhooks said, and nothing of one that is not named yet', async () => {
    const { url } = await served();
    const called = { uuid: 'leg-2', to: '447700900124', direction: 'outbound' };
    for (const each of [event('started'), event('started'), event('answered'), event('busy', called)]) {
      await request(url).post('/voice/event').send(each).expect(200);
    }
    const told = async (leg: string) => (await request(url).get(`/api/legs/${leg}`).expect(200)).body;
    const statuses = ({ webhooks }: LegAccount) => webhooks.map(({ status }) => status);
    const own: LegAccount = await told('leg-1');
    expect(statuses(own)).toEqual(['started', 'answered']);
    expect(own.called).toBe('busy');
    expect(own.webhooks.every(({ at }) => at <= own.now)).toBe(true);
    expect(await told('leg-3')).toMatchObject({ webhooks: [], called: null });
  });

  it('are exported as files', async () => {
    const { url } = await served();
    await request(url).post('/voice/event').send(event('started')).expect(200);
    for (const format of ['har', 'json']) {
      const { headers } = await request(url).get(`/api/calls/CON-1/export/${format}`).expect(200);
      expect(headers['content-disposition']).toBe(
        `attachment; filename=call-2026-01-01T00-00-00Z-0000.${format}`,
      );
      expect(headers['content-type']).toMatch(/^application\/json/);
    }
    await request(url).get('/api/calls/CON-1/export/pdf').expect(404);
    await request(url).get('/api/calls/CON-2/export/har').expect(404);
  });

  it('cannot be marked as a replay from outside', async () => {
    const { url } = await served();
    await request(url)
      .post('/voice/event')
      .set('X-Switchboard-Replay', 'true')
      .send(event('started'))
      .expect(200);
    const { body } = await request(url).get('/api/calls/CON-1').expect(200);
    expect(body.entries[0].replayed).toBe(false);
  });

  it.each([
    ['limit=0', 'limit must be 1 to 200.'],
    ['limit=x', 'limit must be 1 to 200.'],
    ['status=odd', 'status must be started, ringing, in-call or ended.'],
    [
      'outcome=odd',
      'outcome must be answered, missed, declined, abandoned, voicemail, callback, closed, failed or unknown.',
    ],
    ['direction=up', 'direction must be inbound or outbound.'],
    ['since=yesterday', 'since must be an ISO time.'],
    ['cursor=1;2', 'cursor must be the `next` of an earlier page.'],
    ['number=1&number=2', 'number must be given once.'],
    [`text=${'x'.repeat(300)}`, 'text is longer than 200 characters.'],
  ])('are not listed with invalid %s', async (query, error) => {
    const response = await request(testApp().app).get(`/api/calls?${query}`).expect(400);
    expect(response.body).toEqual({ error, code: 'bad-request' });
  });

  it('that do not exist are not found', async () => {
    const response = await request(testApp().app).get('/api/calls/CON-unknown').expect(404);
    expect(response.body).toEqual({ error: 'There is no such call.', code: 'not-found' });
  });

  it('require sign-in', async () => {
    const { app } = testApp(realMode);
    for (const path of ['/api/calls', '/api/calls/CON-1', '/api/calls/CON-1/export/har', '/api/feed'])
      await request(app).get(path).expect(401);
    await request(app).post('/api/calls/CON-1/entries/1/replay').expect(401);
    const browser = request.agent(app);
    await browser.post('/api/session').send({ agent: 'Alice', code: 'open sesame' }).expect(200);
    await browser.get('/api/calls').expect(200);
  });

  it('are not replayed for pages of another origin', async () => {
    const replay = request(testApp().app).post('/api/calls/CON-1/entries/1/replay');
    await replay.set('Sec-Fetch-Site', 'cross-site').expect(403);
  });

  it('are not available while the store is down', async () => {
    const away = () => Promise.reject(new StoreUnavailable('away'));
    const { log, calls } = testApp().context;
    const { app } = testApp(
      {},
      { log: { ...log, newestEntryId: away }, calls: { ...calls, list: away, detail: away } },
    );
    for (const path of ['/api/calls', '/api/calls/CON-1', '/api/feed'])
      await request(app).get(path).expect(503);
  });
});

describe('visible calls', () => {
  it('are the agent’s own, and all calls for the first agent', async () => {
    const { url } = await served(realMode);
    const [alice, bob] = [
      await signedIn(url, 'Alice', 'open sesame'),
      await signedIn(url, 'Bob', 'correct horse'),
    ];
    const live = await readFeed(url, bob);
    const liveOfAlice = await readFeed(url, alice);
    await ring(url, 'CON-A', 'Alice');
    await ring(url, 'CON-B', 'Bob');
    const get = (path: string, cookie: string) => request(url).get(path).set('Cookie', cookie);
    const listed = async (cookie: string, query = '') =>
      (await get(`/api/calls${query}`, cookie).expect(200)).body.calls.map((call: { id: string }) => call.id);
    expect(await listed(alice)).toEqual(['CON-B', 'CON-A']);
    expect(await listed(bob)).toEqual(['CON-B']);
    expect(await listed(bob, '?agent=Alice')).toEqual([]);
    expect(await listed(bob, '?text=CON-A')).toEqual([]);
    expect(await listed(bob, '?number=447700900000')).toEqual(['CON-B']);

    await get('/api/calls/CON-A', alice).expect(200);
    await get('/api/calls/CON-B', bob).expect(200);
    const foreign = await get('/api/calls/CON-A', bob).expect(404);
    expect(foreign.body).toEqual({ error: 'There is no such call.', code: 'not-found' });
    await get('/api/calls/app-of-CON-A', bob).expect(404);
    await get('/api/calls/CON-A/export/json', bob).expect(404);
    await request(url).post('/api/calls/CON-A/entries/1/replay').set('Cookie', bob).expect(403);

    const missed = await readFeed(url, bob, 0);
    await expect.poll(() => missed.calls).toEqual(['CON-B', 'CON-B']);
    await expect.poll(() => liveOfAlice.calls).toEqual(['CON-A', 'CON-A', 'CON-B', 'CON-B']);
    await expect.poll(() => new Set(live.calls)).toEqual(new Set(['CON-B']));
  });

  it('are all calls with the emulator, which has no sign-in', async () => {
    const { url } = await served({ AGENTS: 'Alice,Bob' });
    await ring(url, 'CON-B', 'Bob');
    expect((await request(url).get('/api/calls').expect(200)).body.calls).toHaveLength(1);
    await request(url).get('/api/calls/CON-B').expect(200);
  });
});

describe('after sign-out', () => {
  it('the cookie is invalid and open feeds end at once', async () => {
    const { url } = await served(realMode);
    const [alice, bob] = [
      await signedIn(url, 'Alice', 'open sesame'),
      await signedIn(url, 'Bob', 'correct horse'),
    ];
    const feeds = [await readFeed(url, alice), await readFeed(url, alice)];
    const other = await readFeed(url, bob);
    await request(url).delete('/api/session').set('Cookie', alice).expect(200);
    await expect.poll(() => feeds.map(({ isOver }) => isOver)).toEqual([true, true]);
    await request(url).get('/api/calls').set('Cookie', alice).expect(401);
    await request(url).get('/api/feed').set('Cookie', alice).expect(401);
    expect((await request(url).get('/api/session').set('Cookie', alice)).body.agent).toBeNull();
    expect(other.isOver).toBe(false);
    await request(url).get('/api/calls').set('Cookie', bob).expect(200);
  });
});

describe('the metrics', () => {
  it('count webhooks by route and status', async () => {
    const { app } = testApp();
    await request(app).get('/voice/answer').expect(200);
    await request(app).post('/voice/event').send(event('started')).expect(200);
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toContain('switchboard_webhook_seconds_count{route="answer",status="200"} 1');
    expect(text).toContain('switchboard_webhook_seconds_count{route="event",status="200"} 1');
    expect(text).toContain('switchboard_entries_total{outcome="new"} 2');
    expect(text).toContain('switchboard_feed_readers{feed="console"} 0');
  });
});
