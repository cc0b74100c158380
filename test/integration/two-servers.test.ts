import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newerTables } from '../../server/store/testing.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';
import {
  kill,
  type RunningServer,
  realModeEnvironment,
  sendEvent,
  signIn,
  startServer,
} from '../support/real-mode.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

/** Two servers that start simultaneously on one empty database. */
async function startTwo() {
  const databaseUrl = await postgres.createDatabase();
  const environment = { ...realModeEnvironment(tmpdir()), DATABASE_URL: databaseUrl };
  const servers = await Promise.all([startServer(environment), startServer(environment)]);
  onTestFinished(async () => {
    for (const { program } of servers) await program[Symbol.asyncDispose]();
  });
  return { servers, databaseUrl };
}

/** The feed of a server as a page reads it: the legs of its events, in order. */
async function watch(
  { url }: RunningServer,
  cookie?: string,
): Promise<{ legs: string[]; isOver: () => boolean }> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const headers = { cookie: cookie ?? (await signIn(url)) };
  const answer = await fetch(`${url}/api/feed`, { headers, signal: abort.signal });
  const legs: string[] = [];
  let over = false;
  const read = async () => {
    let text = '';
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (text + part).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data:{')) legs.push(JSON.parse(line.slice(5)).entry.payload.uuid);
      }
    }
  };
  read()
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  return { legs, isOver: () => over };
}

test('a page on one server shows everything that reaches the other, in order, once', async () => {
  const { servers } = await startTwo();
  const [one, other] = servers;
  if (!one || !other) throw new Error('Two servers were to start.');
  const pages = [await watch(one), await watch(other)];
  const sent: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const batch = Array.from({ length: 10 }, () => randomUUID());
    sent.push(...batch);
    const all = batch.map((uuid, index) => sendEvent(index % 2 ? one.url : other.url, uuid));
    expect(await Promise.all(all)).toEqual(batch.map(() => true));
  }
  for (const { legs } of pages) {
    await expect.poll(() => legs.length, { timeout: 10_000 }).toBe(sent.length);
  }
  expect(pages[0]?.legs).toEqual(pages[1]?.legs);
  expect(new Set(pages[0]?.legs)).toEqual(new Set(sent));
});

test('a session is valid on both, and ending it on one ends its feeds on the other', async () => {
  const { servers } = await startTwo();
  const [one, other] = servers;
  if (!one || !other) throw new Error('Two servers were to start.');
  const cookie = await signIn(one.url);
  const [here, there] = [await watch(one, cookie), await watch(other, cookie)];
  const stays = await watch(other);
  const status = async ({ url }: RunningServer) =>
    (await fetch(`${url}/api/calls`, { headers: { cookie } })).status;
  expect([await status(one), await status(other)]).toEqual([200, 200]);
  expect([here.isOver(), there.isOver()]).toEqual([false, false]);
  await fetch(`${one.url}/api/session`, { method: 'DELETE', headers: { cookie } });
  expect(await status(one)).toBe(401);
  await expect.poll(() => here.isOver(), { timeout: 1_000 }).toBe(true);
  await expect.poll(() => there.isOver(), { timeout: 4_000 }).toBe(true);
  expect(await status(other)).toBe(401);
  expect(stays.isOver()).toBe(false);
});

test('a session survives a restart', async () => {
  const databaseUrl = await postgres.createDatabase();
  const environment = { ...realModeEnvironment(tmpdir()), DATABASE_URL: databaseUrl };
  const first = await startServer(environment);
  const cookie = await signIn(first.url);
  await kill(first);
  const second = await startServer(environment);
  onTestFinished(() => second.program[Symbol.asyncDispose]());
  expect((await fetch(`${second.url}/api/calls`, { headers: { cookie } })).status).toBe(200);
});

test('an event that both receive is stored once', async () => {
  const { servers, databaseUrl } = await startTwo();
  const body = JSON.stringify({
    uuid: 'leg-1',
    conversation_uuid: 'CON-1',
    status: 'started',
    timestamp: '2026-01-01T00:00:00.000Z',
  });
  const answers = await Promise.all(
    servers.flatMap(({ url }) =>
      Array.from({ length: 10 }, () =>
        fetch(`${url}/voice/event`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        }),
      ),
    ),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  const { log, close } = await openStoredLog({ databaseUrl, dataDir: tmpdir() });
  onTestFinished(close);
  expect(await storedTimes(log)).toEqual(new Map([['leg-1', 1]]));
});

test('what a server receives whose clock is a minute ahead is stored at the time of the database', async () => {
  const databaseUrl = await postgres.createDatabase();
  const environment = { ...realModeEnvironment(tmpdir()), DATABASE_URL: databaseUrl };
  const ahead = 'data:text/javascript,const{now}=Date;Date.now=()=>now()+60000';
  const servers = await Promise.all([
    startServer(environment),
    startServer({ ...environment, NODE_OPTIONS: `--import=${ahead}` }),
  ]);
  onTestFinished(async () => {
    for (const { program } of servers) await program[Symbol.asyncDispose]();
  });
  const began = Date.now();
  for (const { url } of servers) expect(await sendEvent(url, randomUUID())).toBe(true);
  const { log, close } = await openStoredLog({ databaseUrl, dataDir: tmpdir() });
  onTestFinished(close);
  const times = (await log.entriesAfter(0, 10)).map(({ entry }) => entry.receivedAt - began);
  expect(times).toHaveLength(2);
  expect(times.filter((after) => Math.abs(after) > 30_000)).toEqual([]);
});

test('a newer version takes over the tables: a server of this one connects callers until it is replaced, takes no events, and does not start again', async () => {
  const databaseUrl = await postgres.createDatabase();
  const environment = { ...realModeEnvironment(tmpdir()), DATABASE_URL: databaseUrl };
  const { url, program } = await startServer(environment);
  onTestFinished(() => program[Symbol.asyncDispose]());
  const before = randomUUID();
  expect(await sendEvent(url, before)).toBe(true);
  const newer = await openStoredLog({ databaseUrl, dataDir: tmpdir(), tables: newerTables });
  onTestFinished(newer.close);

  expect(await sendEvent(url, randomUUID())).toBe(false);
  expect(program.printed()).toContain('a newer version of Switchboard has changed its tables');
  const answer = await fetch(`${url}/voice/answer?from=447700900000&to=442038297050`);
  expect(await answer.json()).toContainEqual(expect.objectContaining({ action: 'connect' }));
  expect(await program.stop()).toBe(0);
  expect(await storedTimes(newer.log)).toEqual(new Map([[before, 1]]));

  const again = startProgram('server/main.ts', [], { environment });
  onTestFinished(() => again[Symbol.asyncDispose]());
  await again.prints(
    /cannot start\. The store at DATABASE_URL cannot be used: it was used by a newer version/,
  );
});

test('a server killed under load loses no acknowledged event', async () => {
  const { servers, databaseUrl } = await startTwo();
  const [victim, survivor] = servers;
  if (!victim || !survivor) throw new Error('Two servers were to start.');
  const acknowledged = new Set<string>();
  let over = false;
  const senders = Array.from({ length: 20 }, async (_, index) => {
    while (!over) {
      const uuid = randomUUID();
      // As a load balancer does: to either one, or to the other if one is down.
      const first = index % 2 && victim.program.child.signalCode === null ? victim : survivor;
      const at = new Date().toISOString();
      const done = await sendEvent(first.url, uuid, at).catch(() => sendEvent(survivor.url, uuid, at));
      if (done) acknowledged.add(uuid);
    }
  });
  await expect.poll(() => acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(300);
  await kill(victim);
  const atDeath = acknowledged.size;
  await expect.poll(() => acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(atDeath + 100);
  over = true;
  await Promise.all(senders);
  const { log, close } = await openStoredLog({ databaseUrl, dataDir: tmpdir() });
  onTestFinished(close);
  const stored = await storedTimes(log);
  expect([...acknowledged].filter((uuid) => stored.get(uuid) !== 1)).toEqual([]);
});

test('a server that stalls mid-transaction does not block the other, and continues later', async () => {
  const { servers } = await startTwo();
  const [still, other] = servers;
  if (!still || !other) throw new Error('Two servers were to start.');
  let over = false;
  const send = async ({ url }: RunningServer) => {
    while (!over) await sendEvent(url, randomUUID()).catch(() => {});
  };
  const senders = Array.from({ length: 10 }, () => send(still));
  onTestFinished(() => void still.program.child.kill('SIGCONT'));
  for (let round = 0; round < 3; round += 1) {
    // Most of the time, it is in a transaction or waits for one.
    expect(await sendEvent(still.url, randomUUID())).toBe(true);
    still.program.child.kill('SIGSTOP');
    const stoppedAt = performance.now();
    const sent = async () => {
      const at = new Date().toISOString();
      const uuid = randomUUID();
      await expect.poll(() => sendEvent(other.url, uuid, at), { timeout: 10_000 }).toBe(true);
    };
    await Promise.all([sent(), sent(), sent()]);
    expect(performance.now() - stoppedAt).toBeLessThan(2_500);
    still.program.child.kill('SIGCONT');
    await expect.poll(() => sendEvent(still.url, randomUUID())).toBe(true);
  }
  over = true;
  await Promise.all(senders);
});
