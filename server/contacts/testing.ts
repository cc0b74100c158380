import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { onTestFinished } from 'vitest';
import { createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { type Context, createContext } from '../context.ts';
import { createLog } from '../log/log.ts';
import { createCommit } from '../routing/append.ts';
import { openStore } from '../store/store.ts';
import { tables } from '../tables.ts';
import { accessFor, agreeableVonage, configFrom, emptyFolder, recordedTerminal } from '../testing.ts';

/** The server with a real store and direct routing, listening. */
export async function served(env: Record<string, string> = {}, parts: Partial<Context> = {}) {
  const config = configFrom({ DATA_DIR: emptyFolder(), ...env });
  const { terminal, text } = recordedTerminal();
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  const url = `http://127.0.0.1:${port}`;
  const store = await openStore({ dataDir: config.dataDir, tables, log: () => {} });
  const log = await createLog(store, createCommit({ store, clock: systemClock, onRecordings: () => {} }));
  const access = accessFor(config);
  const context = createContext({
    config,
    terminal,
    access,
    store,
    log,
    url,
    vonage: agreeableVonage,
    ...parts,
  });
  server.on('request', createApp(context));
  onTestFinished(async () => {
    context.feed.close();
    context.lookUp?.close();
    server.closeAllConnections();
    server.close();
    await log.close();
    await store.close();
  });
  return { url, store, context, printed: text };
}

/** The cookie of a signed-in agent. */
export async function signedIn(url: string, agent: string, code: string): Promise<string> {
  const answer = await request(url).post('/api/session').send({ agent, code }).expect(200);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** An event of the one leg of a call. */
export async function tellEvent(url: string, status: string, more: object = {}): Promise<void> {
  await request(url)
    .post('/voice/event')
    .send({
      from: '447700900000',
      to: '442038297050',
      uuid: 'leg-1',
      conversation_uuid: 'CON-1',
      status,
      direction: 'inbound',
      timestamp: '2026-01-01T00:00:00.000Z',
      ...more,
    })
    .expect(200);
}
