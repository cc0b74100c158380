import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogEntry } from '../../domain/calls/log-entry.ts';
import { createApp } from '../app.ts';
import { createContext } from '../context.ts';
import { createLog } from '../log/log.ts';
import { openStore } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { accessFor, configFrom, emptyFolder, realMode, recordedTerminal, testApp } from '../testing.ts';
import { openCallLog } from './call-log.ts';

/** The server with a real log, listening. */
async function served() {
  const config = configFrom();
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
  return { url, log };
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

  it('cannot be marked as replayed from outside', async () => {
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
    ['since=yesterday', 'since must be an ISO time.'],
    ['cursor=1;2', 'cursor must be the `next` of an earlier page.'],
    ['number=1&number=2', 'number must be given once.'],
    [`text=${'x'.repeat(300)}`, 'text is longer than 200 characters.'],
  ])('are not listed by %s', async (query, error) => {
    const response = await request(testApp().app).get(`/api/calls?${query}`).expect(400);
    expect(response.body).toEqual({ error, code: 'bad-request' });
  });

  it('that nobody knows are not found', async () => {
    const response = await request(testApp().app).get('/api/calls/CON-unknown').expect(404);
    expect(response.body).toEqual({ error: 'There is no such call.', code: 'not-found' });
  });

  it('are for people who are signed in', async () => {
    const { app } = testApp(realMode);
    for (const path of ['/api/calls', '/api/calls/CON-1', '/api/feed'])
      await request(app).get(path).expect(401);
    await request(app).post('/api/calls/CON-1/entries/1/replay').expect(401);
    const browser = request.agent(app);
    await browser.post('/api/session').send({ agent: 'Alice', code: 'open sesame' }).expect(200);
    await browser.get('/api/calls').expect(200);
  });

  it('are not replayed for the pages of others', async () => {
    const replay = request(testApp().app).post('/api/calls/CON-1/entries/1/replay');
    await replay.set('Sec-Fetch-Site', 'cross-site').expect(403);
  });

  it('cannot be had while the store is away', async () => {
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

describe('the metrics', () => {
  it('count webhooks by route and answer', async () => {
    const { app } = testApp();
    await request(app).get('/voice/answer').expect(200);
    await request(app).post('/voice/event').send(event('started')).expect(200);
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toContain('switchboard_webhook_seconds_count{route="answer",status="200"} 1');
    expect(text).toContain('switchboard_webhook_seconds_count{route="event",status="200"} 1');
    expect(text).toContain('switchboard_entries_total{outcome="new"} 2');
    expect(text).toContain('switchboard_feed_readers 0');
  });
});
