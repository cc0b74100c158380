import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DeskView } from '../../../domain/api/desk-api.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import type { AgentRule } from '../../../emulator/headless/agents.ts';
import type { Caller } from '../../../emulator/headless/people.ts';
import { writeWav } from '../../../emulator/media/wav.ts';
import { createPlatform, type Platform } from '../../../emulator/platform.ts';
import { listen } from '../../../server/http/listen.ts';
import { emptyFolder } from '../../../server/testing.ts';
import { balance } from '../../support/balance.ts';
import { freePort } from '../../support/free-port.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { AGENT_CODE, kill, type RunningServer, signIn, startServer } from '../../support/real-mode.ts';

/*
 * Servers of a desk in processes of their own, which are really killed, on the real clock. What a single server does
 * on a virtual clock is in scenarios.test.ts.
 */

const isSoak = process.env.MODE === 'soak';
/** Seconds for which callers who wait are kept while no server is there. */
const KEPT_SECONDS = 40;
/** The board is right so soon after a start. */
const SOON = { timeout: 2_000 };

/** The environment of a server with the agent Alice, on a port that it takes again when it comes back. */
function environmentOf(
  platform: Platform,
  { PORT, ...others }: { PORT: string; DESK_FILE: string } & Record<string, string>,
): Record<string, string> {
  const { application_id, private_key, number } = platform.credentials;
  return {
    PORT,
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${PORT}`,
    ROUTING: 'desk',
    AGENTS: 'Alice',
    AGENT_CODES: `Alice:${AGENT_CODE}`,
    VONAGE_API_URL: platform.url,
    VONAGE_APPLICATION_ID: application_id,
    VONAGE_PRIVATE_KEY: private_key,
    VONAGE_NUMBER: number,
    ...others,
  };
}

/** Rules with one second of music, so that callers ask for their next turn every few seconds. */
async function deskFile(): Promise<string> {
  const second = writeWav([new Int16Array(8000).fill(1000)], 8000, 1);
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(second);
  });
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const path = join(emptyFolder(), 'desk.yaml');
  writeFileSync(
    path,
    `queues:
  main:
    wrapUpSeconds: 0
    voicemail: false
    nobodyAfterSeconds: 3600
    announce: {position: false, wait: false}
    music: http://127.0.0.1:${port}/second.wav
    musicSeconds: 1
otherNumbers:
  greeting: Hello.
`,
  );
  return path;
}

async function platformFor(base: string, faults: FaultInput[] = []): Promise<Platform> {
  const platform = await createPlatform({
    answerUrl: `${base}/voice/answer`,
    eventUrl: `${base}/voice/event`,
    fallbackUrl: `${base}/voice/fallback`,
    faults,
  });
  onTestFinished(() => platform.close());
  return platform;
}

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

/** A desk with one server, which stores in a folder, or with several behind a load balancer, which share a Postgres. */
async function startDesk(servers: number, faults: FaultInput[] = []) {
  const ports = await Promise.all(Array.from({ length: servers }, async () => String(await freePort())));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const PUBLIC_URL = servers === 1 ? (urls[0] ?? '') : await balance(urls);
  const platform = await platformFor(PUBLIC_URL, faults);
  const place: Record<string, string> =
    servers === 1 ? { DATA_DIR: emptyFolder() } : { DATABASE_URL: await postgres.createDatabase() };
  const shared = { PUBLIC_URL, DESK_FILE: await deskFile(), ...place };
  const startAll = () =>
    Promise.all(ports.map((PORT) => start(environmentOf(platform, { PORT, ...shared }))));
  let running = await startAll();
  return {
    url: PUBLIC_URL,
    platform,
    /** Ends every server as a power cut does. Resolves when they are dead. */
    async kill() {
      await Promise.all(running.map(kill));
    },
    async comeBack() {
      running = await startAll();
    },
  };
}

async function start(environment: Record<string, string>): Promise<RunningServer> {
  const server = await startServer(environment);
  onTestFinished(() => server.program[Symbol.asyncDispose]());
  return server;
}

/** The page of Alice: it beats until the test is over, whether or not the server is there. */
async function openPage(url: string): Promise<{ desk(server?: string): Promise<DeskView> }> {
  const headers = { cookie: await signIn(url), 'content-type': 'application/json' };
  const beat = () =>
    fetch(`${url}/api/presence`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ tab: 'tab', line: 'up', sound: 'on', microphone: 'ready' }),
    }).then(
      ({ status }) => status,
      () => undefined,
    );
  expect(await beat()).toBe(200);
  const beating = setInterval(() => void beat(), 1_000);
  onTestFinished(() => clearInterval(beating));
  return {
    async desk(server = url) {
      const answer = await fetch(`${server}/api/desk`, { headers });
      return JSON.parse(await answer.text());
    },
  };
}

/** Lets Alice treat her calls by a rule. Tells how many legs of hers there were, and how many at once. */
function alice(platform: Platform, rule: AgentRule) {
  const legs = { all: 0, now: 0, most: 0 };
  platform.agent('Alice', ({ over }) => {
    legs.all += 1;
    legs.now += 1;
    legs.most = Math.max(legs.most, legs.now);
    void over.then(() => {
      legs.now -= 1;
    });
    return rule;
  });
  return legs;
}

/** Resolves, when the platform has made a leg of Alice, with whether the server is told. Nobody can know of it before. */
function legMade(platform: Platform): Promise<{ isTold: Promise<boolean> }> {
  return new Promise((made) => {
    const stop = platform.onWebhook(({ kind, payload, outcome }) => {
      if (kind !== 'started' || payload.to !== 'Alice') return;
      stop();
      made({ isTold: outcome.then(({ ok }) => ok) });
    });
  });
}

/** The call of a caller's leg. */
const callOf = (desk: DeskView, { leg }: Caller) => desk.calls.find(({ id }) => id === leg.uuid);

/** No caller hears nothing for longer than three seconds. */
function neverSilent(platform: Platform, ...callers: Caller[]) {
  for (const { leg } of callers) expect(platform.silences(leg.uuid, 3)).toEqual([]);
}

describe.each([
  { servers: 1, where: 'one server' },
  { servers: 2, where: 'two servers on Postgres' },
])('$where', ({ servers }) => {
  test('a leg whose server was killed before it knew of it takes the caller', {
    timeout: 60_000,
  }, async () => {
    const desk = await startDesk(servers);
    const legs = alice(desk.platform, { does: 'answer', after: 12 });
    const made = legMade(desk.platform);
    const page = await openPage(desk.url);
    const caller = desk.platform.call();
    const { isTold } = await made;
    await desk.kill();
    expect(await isTold).toBe(false);
    await desk.comeBack();
    await caller.until('connected');
    await expect.poll(() => page.desk()).toMatchObject({ calls: [{ agent: 'Alice', state: 'talking' }] });
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    neverSilent(desk.platform, caller);
    caller.hangUp();
    await expect.poll(() => legs.now).toBe(0);
  });

  test('a leg that was refused three times, then made without a word, rings once', {
    timeout: 60_000,
  }, async () => {
    const calls = { path: '/v1/calls', method: 'POST' } as const;
    const desk = await startDesk(servers, [
      { fault: 'rate-limit', ...calls, times: 3 },
      { fault: 'rest-lost', ...calls, times: 1 },
      // Otherwise the server would learn of the leg at once.
      { fault: 'drop', webhook: 'started', number: 'Alice', times: 1 },
    ]);
    const legs = alice(desk.platform, { does: 'answer', after: 5 });
    const page = await openPage(desk.url);
    const caller = desk.platform.call();
    await caller.until('connected');
    expect(desk.platform.faults.struck()).toEqual([3, 1, 1]);
    await expect.poll(() => page.desk()).toMatchObject({ calls: [{ agent: 'Alice', state: 'talking' }] });
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    neverSilent(desk.platform, caller);
  });

  for (const seconds of isSoak ? [KEPT_SECONDS] : [8]) {
    test(`callers keep their places while the desk is down for ${seconds} s, and nobody is cut off`, {
      timeout: 120_000 + seconds * 1000,
    }, async () => {
      const { desk, page, first, others, legs, cutOff } = await threeWait(servers);
      const { platform } = desk;
      const before = await page.desk();
      await goDown(desk, seconds);

      const turns = heardTurns(platform, others);
      const places = ({ calls }: DeskView) => calls.map(({ id, agent, queue }) => ({ id, agent, queue }));
      await expect.poll(async () => places(await page.desk()), SOON).toEqual(places(before));
      await turns;
      expect(cutOff).toEqual([]);
      expect(callOf(await page.desk(), first)).toMatchObject({ state: 'talking', agent: 'Alice' });

      // They are served in the order in which they came.
      let talking = first;
      for (const next of others) {
        expect((await page.desk()).agents).toMatchObject([{ name: 'Alice', load: 'talking' }]);
        talking.hangUp();
        await next.until('connected');
        await expect.poll(async () => callOf(await page.desk(), next)?.state).toBe('talking');
        talking = next;
      }
      const all = [first, ...others];
      expect(cutOff).toEqual(others.map((_, index) => String(all[index]?.leg.from)));
      expect(legs).toMatchObject({ now: 1, most: 1 });
      neverSilent(platform, ...all);
    });
  }

  test.runIf(isSoak)(
    'callers are asked for a message while the desk is down for five minutes',
    {
      timeout: 600_000,
    },
    async () => {
      const { desk, page, first, others, cutOff } = await threeWait(servers);
      await goDown(desk, 300);
      expect(cutOff.sort()).toEqual(others.map(({ leg }) => String(leg.from)));
      for (const caller of others) {
        const sounds = caller.heard().map(({ hears, text }) => text ?? hears);
        expect(sounds.filter((sound) => sound !== 'silence').slice(-3)).toEqual([
          expect.stringMatching(/^We are sorry/),
          'tone',
          expect.stringMatching(/^Thank you. We will call you back/),
        ]);
      }
      await expect
        .poll(async () => (await page.desk()).calls, SOON)
        .toMatchObject([{ id: first.leg.uuid, agent: 'Alice', state: 'talking' }]);
      neverSilent(desk.platform, first);
    },
  );
});

/** Alice talks to the first of four callers; three wait. */
async function threeWait(servers: number) {
  const desk = await startDesk(servers);
  const { platform } = desk;
  const legs = alice(platform, { does: 'answer' });
  const page = await openPage(desk.url);
  const first = platform.call({ from: '447700900000' });
  await first.until('connected');
  const others: Caller[] = [];
  for (const from of ['447700900001', '447700900002', '447700900003']) {
    others.push(platform.call({ from }));
    await expect.poll(async () => (await page.desk()).calls.length).toBe(1 + others.length);
  }
  const cutOff: string[] = [];
  for (const { over, leg } of [first, ...others]) void over.then(() => cutOff.push(String(leg.from)));
  return { desk, page, first, others, legs, cutOff };
}

/** Kills all servers, and starts them again when the callers have asked in vain for so many seconds. */
async function goDown(desk: Awaited<ReturnType<typeof startDesk>>, seconds: number): Promise<void> {
  await desk.kill();
  await desk.platform.settled();
  await wait(seconds * 1000);
  await desk.comeBack();
}

/** Resolves when each of these callers has asked for another turn. */
async function heardTurns(platform: Platform, callers: readonly Caller[]): Promise<void> {
  const missing = new Set(callers.map(({ leg }) => leg.uuid));
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = platform.onWebhook(({ kind, payload, outcome }) => {
    if (kind !== 'input') return;
    void outcome.then(({ ok }) => {
      if (ok) missing.delete(String(payload.uuid));
      if (missing.size === 0) resolve();
    });
  });
  await promise;
  stop();
}

describe('two servers', () => {
  test('two callers who arrive on them at the same moment get one agent once', {
    timeout: 60_000,
  }, async () => {
    const ports = [String(await freePort()), String(await freePort())];
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const PUBLIC_URL = await balance(urls, 2);
    const platform = await platformFor(PUBLIC_URL);
    const DATABASE_URL = await postgres.createDatabase();
    const shared = { PUBLIC_URL, DATABASE_URL, DESK_FILE: await deskFile() };
    await Promise.all(ports.map((PORT) => start(environmentOf(platform, { PORT, ...shared }))));
    const legs = alice(platform, { does: 'answer', after: 4 });
    const page = await openPage(urls[0] ?? '');
    const callers = [platform.call({ from: '447700900001' }), platform.call({ from: '447700900002' })];
    await Promise.all(callers.map((caller) => caller.until('answered')));
    await expect.poll(() => legs.now).toBe(1);
    for (const url of urls) {
      const { agents, calls } = await page.desk(url);
      expect(agents).toMatchObject([{ name: 'Alice', load: 'reserved' }]);
      expect(calls.map(({ agent }) => agent).sort()).toEqual(['Alice', null]);
    }
    const [one, other] = callers;
    if (one === undefined || other === undefined) throw new Error('Two callers were to call.');
    const connected = callers.map((caller) => caller.until('connected').then(() => caller));
    const winner = await Promise.race(connected);
    const waiting = winner === one ? other : one;
    for (const url of urls) {
      await expect
        .poll(async () => callOf(await page.desk(url), winner))
        .toMatchObject({ state: 'talking', agent: 'Alice' });
      expect(callOf(await page.desk(url), waiting)).toMatchObject({ agent: null });
    }
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    winner.hangUp();
    await Promise.all(connected);
    expect(legs).toEqual({ all: 2, now: 1, most: 1 });
    neverSilent(platform, one, other);
  });
});
