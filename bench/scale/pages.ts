import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import type { TestPostgres } from '../../test/support/postgres.ts';
import { realModeEnvironment } from '../../test/support/real-mode.ts';
import { type ServerProcess, startServer } from '../servers.ts';
import { processorTime, residentMemory, watchDatabase } from './machine.ts';

/** Agent pages, on all servers together. */
const PAGES = 1_000;
/** Seconds of each measurement, and between two beats of a page. */
const SECONDS = 12;
const BEAT_SECONDS = 3;
/** Agents who change their status, a second. */
const CHANGES = 10;
/** Sign-ins at a time: each is slow on purpose. A server that is too busy is asked up to five times. */
const AT_ONCE = 4;
const TRIES = 5;

const NAMES = Array.from({ length: PAGES }, (_, index) => `Agent${index + 1}`);
const codeOf = (name: string) => `the code of ${name}`;

/** Open agent pages: what they cost while nothing happens, and how soon they show what happened on another server. */
export async function measurePages(postgres: TestPostgres, counts: readonly number[]): Promise<void> {
  console.log(`\nFeeds: ${PAGES} agent pages that beat each ${BEAT_SECONDS} s and read their feed`);
  console.log(`(then ${CHANGES} agents a second change their status on another server than their page’s)\n`);
  console.log(
    `${'processes'.padEnd(12)}${'memory of each, MB'.padEnd(28)}${'at rest, cores: servers, Postgres, load'.padEnd(42)}with changes      change → page, ms: p50, p95, max`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-scale-'));
  try {
    const databaseUrl = await postgres.createDatabase();
    let cookies: readonly string[] = [];
    for (const count of counts) {
      const servers: ServerProcess[] = [];
      // One after the other: they bring the same tables up to date.
      for (let index = 0; index < count; index += 1) servers.push(await start(folder, databaseUrl, index));
      if (cookies.length === 0) cookies = await signInAll(servers[0]?.url ?? '');
      await measure(servers, cookies, databaseUrl);
      await Promise.all(servers.map((server) => server.stop()));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(folder: string, databaseUrl: string, index: number): Promise<ServerProcess> {
  const port = await freePort();
  const environment = {
    ...realModeEnvironment(folder),
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    LOG_FORMAT: 'json',
    ROUTING: 'desk',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    AGENTS: NAMES.join(),
    AGENT_CODES: NAMES.map((name) => `${name}:${codeOf(name)}`).join(),
  };
  return startServer({ port, folder, output: join(folder, `server-${index}.log`), environment });
}

/** The cookies of all agents. */
async function signInAll(url: string): Promise<string[]> {
  const cookies: string[] = [];
  const left = [...NAMES.entries()];
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [index, agent] = next;
      cookies[index] = await signIn(url, agent, addressOf(index));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return cookies;
}

async function signIn(url: string, agent: string, address: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ agent, code: codeOf(agent) }),
    });
    await answer.arrayBuffer();
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie !== undefined) return cookie;
    if (answer.status !== 503 || tries === TRIES)
      throw new Error(`${agent} cannot sign in: ${answer.status}`);
    await wait(1_000);
  }
}

/** Each page has an address of its own: the servers limit what comes from one. */
const addressOf = (index: number) => `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`;

async function measure(
  servers: readonly ServerProcess[],
  cookies: readonly string[],
  databaseUrl: string,
): Promise<void> {
  const over = new AbortController();
  const memoryBefore = servers.map(({ pid }) => residentMemory(pid));
  const pages = cookies.map((cookie, index) => {
    const url = servers[index % servers.length]?.url ?? '';
    const headers = { cookie, 'x-forwarded-for': addressOf(index), 'content-type': 'application/json' };
    return {
      url,
      other: servers[(index + 1) % servers.length]?.url ?? '',
      headers,
      tab: `tab-${index}`,
      shown: 0,
      next: () => {},
    };
  });
  type Page = (typeof pages)[number];
  let failed = 0;

  function openFeed(page: Page): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const request = get(`${page.url}/api/desk/feed?tab=${page.tab}`, {
      headers: page.headers,
      signal: over.signal,
      agent: false,
    });
    request.on('response', (answer) => {
      answer.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes('data:')) return;
        page.shown += 1;
        resolve();
        page.next();
      });
      answer.on('error', () => {});
    });
    request.on('error', () => {});
    return promise;
  }

  async function send(page: Page, url: string, method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(url + path, { method, headers: page.headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
    if (!answer.ok) failed += 1;
  }

  const beat = (page: Page) =>
    send(page, page.url, 'POST', '/api/presence', {
      tab: page.tab,
      line: 'up',
      sound: 'on',
      microphone: 'ready',
    });

  async function beatAll(): Promise<void> {
    const began = performance.now();
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const page = pages[turn % pages.length];
      if (page !== undefined) void beat(page).catch(() => {});
      const early = began + (1000 * BEAT_SECONDS * (turn + 1)) / pages.length - performance.now();
      if (early > 0) await wait(early);
    }
  }

  for (let first = 0; first < pages.length; first += 50) {
    await Promise.all(pages.slice(first, first + 50).map(openFeed));
  }
  const beating = beatAll();
  await wait(2 * BEAT_SECONDS * 1000);

  const used = () => servers.reduce((sum, { pid }) => sum + processorTime(pid), 0);
  async function cores(work: () => Promise<void>): Promise<string> {
    const watch = await watchDatabase(databaseUrl);
    const [before, own, began] = [used(), process.cpuUsage(), performance.now()];
    await work();
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(own);
    const { processor } = await watch.stop();
    return [used() - before, processor, (user + system) / 1e6]
      .map((each) => (each / seconds).toFixed(2))
      .join('  ');
  }

  const atRest = await cores(() => wait(SECONDS * 1000));
  const lags = createHistogram();
  const withChanges = await cores(async () => {
    const changes: Promise<void>[] = [];
    for (let index = 0; index < CHANGES * SECONDS; index += 1) {
      const page = pages[(index * 37) % pages.length];
      if (page === undefined) continue;
      const began = performance.now();
      const shown = new Promise<void>((done) => {
        page.next = () => {
          lags.record(Math.max(1, Math.round(performance.now() - began)));
          page.next = () => {};
          done();
        };
      });
      const choice = index % 2 === 0 ? 'away' : 'offline';
      // What she said before, in an earlier measurement, would be no change.
      const reason = `${servers.length}-${index}`;
      changes.push(send(page, page.other, 'PUT', '/api/choice', { choice, reason }), shown);
      await wait(1000 / CHANGES);
    }
    await Promise.race([Promise.all(changes), wait(5_000)]);
  });
  const memory = servers.map(
    ({ pid }, index) => `${memoryBefore[index]?.toFixed(0)}→${residentMemory(pid).toFixed(0)}`,
  );
  console.log(
    [
      String(servers.length).padEnd(12),
      memory.join(' ').padEnd(28),
      atRest.padEnd(42),
      withChanges.padEnd(18),
      [lags.percentile(50), lags.percentile(95), lags.max].join(', '),
      failed > 0 ? `   ${failed} requests failed` : '',
      lags.count < CHANGES * SECONDS ? `   ${CHANGES * SECONDS - lags.count} changes not shown` : '',
    ].join(''),
  );
  over.abort();
  await beating;
}
