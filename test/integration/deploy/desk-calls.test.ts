import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { AgentDesk, DeskView } from '../../../domain/api/desk-api.ts';
import type { Heard } from '../../../emulator/calls/hearing.ts';
import type { Caller } from '../../../emulator/headless/people.ts';
import { writeWav } from '../../../emulator/media/wav.ts';
import { createPlatform, type Platform } from '../../../emulator/platform.ts';
import { listen } from '../../../server/http/listen.ts';
import { emptyFolder } from '../../../server/testing.ts';
import { freePort } from '../../support/free-port.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { type Program, startProgram } from '../../support/program.ts';
import { AGENT_CODE } from '../../support/real-mode.ts';
import { rounds } from '../../support/soak.ts';
import { openStoredLog } from '../../support/stored-log.ts';
import { storedTimes } from '../support/stored.ts';
import { PROXIES } from './proxies.ts';
import { openFeed, type Site, startSite } from './site.ts';

/*
 * A desk with its agents and callers, on the real clock, whose two servers are replaced in turn behind a proxy with the
 * configuration of `deploy/`. Direct routing is in proxies.test.ts, servers that are killed in desk/survival.test.ts.
 */

/** Callers at the same time. */
const CALLERS = rounds({ usual: 6, soak: 200 });
const AGENTS = Array.from({ length: rounds({ usual: 3, soak: 40 }) }, (_, index) => `agent-${index + 1}`);
/** Seconds that agents let a call ring at most, and that callers talk. */
const RINGS = rounds({ usual: 1, soak: 4 });
const TALKS = rounds({ usual: 1, soak: 8 });
/** Seconds of music between two turns of a caller who waits. */
const MUSIC = rounds({ usual: 1, soak: 6 });
/** Seconds that the least patient callers wait. */
const PATIENCE = rounds({ usual: 4, soak: 30 });

/** Seconds that a caller may hear nothing. */
const SILENCE = 3;

/** On a busy machine, with hundreds of calls. */
const PATIENCE_MS = 90_000;

const SECRET = 'the signature secret of the tests';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

/** Rules with little music, so that callers ask for their next turn every few seconds. */
async function deskFile(folder: string): Promise<string> {
  const music = writeWav([new Int16Array(8000 * MUSIC).fill(1000)], 8000, 1);
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(music);
  });
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const path = join(folder, 'desk.yaml');
  writeFileSync(
    path,
    `queues:
  main:
    wrapUpSeconds: 0
    nobodyAfterSeconds: 3600
    announce: {position: false, wait: false}
    music: http://127.0.0.1:${port}/music.wav
    musicSeconds: ${MUSIC}
otherNumbers:
  greeting: Hello.
`,
  );
  return path;
}

/** Lets the clock of a server be a minute ahead. */
const AHEAD = '--import=data:text/javascript,const{now}=Date;Date.now=()=>now()+60000';

/** Two servers of a desk behind a proxy, which can be replaced. Their clocks differ by a minute. */
async function startDesk(proxy: (typeof PROXIES)[number]) {
  const folder = emptyFolder();
  const [port, ...ports]: [number, number, number] = [await freePort(), await freePort(), await freePort()];
  const url = `https://localhost:${port}`;
  const platform = await createPlatform({
    answerUrl: `${url}/voice/answer`,
    eventUrl: `${url}/voice/event`,
    fallbackUrl: `${url}/voice/fallback`,
    signatureSecret: SECRET,
  });
  onTestFinished(() => platform.close());
  const { application_id, private_key, number } = platform.credentials;
  const place = { databaseUrl: await postgres.createDatabase(), dataDir: folder };
  const environment = {
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATA_DIR: place.dataDir,
    DATABASE_URL: place.databaseUrl,
    DRAIN_SECONDS: '2',
    ROUTING: 'desk',
    DESK_FILE: await deskFile(folder),
    AGENTS: AGENTS.join(','),
    AGENT_CODES: AGENTS.map((agent) => `${agent}:${AGENT_CODE}`).join(','),
    VONAGE_API_URL: platform.url,
    VONAGE_APPLICATION_ID: application_id,
    VONAGE_PRIVATE_KEY: private_key,
    VONAGE_SIGNATURE_SECRET: SECRET,
    VONAGE_NUMBER: number,
  };
  async function start(at: number): Promise<Program> {
    const program = startProgram('server/main.ts', [], {
      environment: { ...environment, PORT: String(at), ...(at === ports[0] && { NODE_OPTIONS: AHEAD }) },
    });
    await program.prints(/Agent page/);
    return program;
  }
  const running = new Map<number, Program>();
  await Promise.all(ports.map(async (each) => running.set(each, await start(each))));
  onTestFinished(async () => {
    await Promise.all([...running.values()].map((program) => program[Symbol.asyncDispose]()));
  }, PATIENCE_MS);
  const site = await startSite(proxy, { folder, port, servers: ports });
  return {
    platform,
    site,
    place,
    /** Replaces one server after the other. */
    async restart(): Promise<void> {
      for (const each of ports) {
        expect(await running.get(each)?.stop()).toBe(0);
        running.set(each, await start(each));
      }
    },
  };
}

/** The page of an agent: it shows her feed and beats. Tells whether the desk ever took it for lost. */
async function openPage(site: Site, agent: string) {
  const { headers } = await site.signIn(agent);
  const tab = randomUUID();
  const beat = () =>
    site
      .request('/api/presence', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ tab, line: 'up', sound: 'on', microphone: 'ready' }),
      })
      .then((answer) => answer.arrayBuffer())
      .catch(() => {});
  await beat();
  const beating = setInterval(() => void beat(), 3_000);
  onTestFinished(() => clearInterval(beating));
  const lines = new Set<string>();
  const feed = openFeed(site, `/api/desk/feed?tab=${tab}`, headers, (data) => {
    const { me }: AgentDesk = JSON.parse(data);
    lines.add(me.line);
  });
  return {
    ...feed,
    lines,
    async desk(): Promise<DeskView> {
      return JSON.parse(await (await site.request('/api/desk', { headers })).text());
    },
  };
}

/** What became of a caller who is gone, as the caller tells it. */
type Fate = 'talked to an agent' | 'left a message' | 'hung up' | 'was cut off';

/** Callers who come one after another. */
function createCallers(platform: Platform) {
  const here = new Set<Caller>();
  const fates: Fate[] = [];
  const silences: Heard[] = [];
  let count = 0;

  /** Waits until the condition holds, an agent is there, or the caller is cut off. */
  async function waits(caller: Caller, isOver: () => boolean): Promise<'agent' | 'cut off' | 'over'> {
    const connected = caller.until('connected').then(
      () => 'agent' as const,
      () => 'cut off' as const,
    );
    for (;;) {
      const end = await Promise.race([connected, pause(250)]);
      if (end !== undefined) return end;
      if (isOver()) return 'over';
    }
  }

  /** Who is connected talks, and hangs up: nobody else may end the call. */
  async function behaves(caller: Caller, kind: number): Promise<Fate> {
    const began = performance.now();
    const hearsTone = () => caller.heard().some(({ hears }) => hears === 'tone');
    const [isPatient, wantsMessage] = [kind < 2, kind === 2];
    const end = await waits(caller, () => {
      if (isPatient) return false;
      if (!wantsMessage) return performance.now() - began > PATIENCE * 1000;
      if (caller.leg.answeredAt !== undefined && !hearsTone()) caller.press('2');
      return hearsTone();
    });
    if (end === 'cut off') return 'was cut off';
    if (end === 'agent') await pause(TALKS * 1000);
    else if (wantsMessage) {
      caller.say('Please call me back.');
      await pause(1_000);
    }
    if (caller.leg.end !== undefined) return 'was cut off';
    caller.hangUp();
    if (end === 'agent') return 'talked to an agent';
    return wantsMessage ? 'left a message' : 'hung up';
  }

  async function comes(): Promise<void> {
    count += 1;
    const caller = platform.call({ from: `4479110${String(count).padStart(5, '0')}` });
    here.add(caller);
    fates.push(await behaves(caller, count % 4));
    here.delete(caller);
    silences.push(...platform.silences(caller.leg.uuid, SILENCE));
  }

  return {
    here,
    fates,
    /** When callers heard nothing for too long. */
    silences,
    /** Lets somebody call, and somebody else each time a call is over, until there are enough. */
    async keepComing(enough: () => boolean): Promise<void> {
      while (!enough()) await comes();
    },
  };
}

/** What the platform sent, and which requests were not answered as they should be. */
function watchWebhooks(platform: Platform) {
  const sent = new Map<string, number>();
  const failed: string[] = [];
  platform.onWebhook(({ kind, target, payload, outcome }) => {
    if (kind === 'fallback') failed.push(`fallback for ${JSON.stringify(payload.original_request)}`);
    const leg = String(payload.uuid);
    if (kind !== 'answer') sent.set(leg, (sent.get(leg) ?? 0) + 1);
    void outcome.then((end) => {
      if (!end.ok) failed.push(`${kind} to ${target.address}: ${JSON.stringify(end)}`);
    });
  });
  return { sent, failed };
}

const installed = PROXIES.filter(({ isInstalled }) => isInstalled);
/** In a long test each proxy has its turn; in a short one, the first stands for all. */
const tried = CALLERS > 50 ? installed : installed.slice(0, 1);

for (const proxy of tried) {
  test(`behind ${proxy.name}, two servers of a desk, whose clocks differ by a minute, restart in turn under ${CALLERS} callers: none is cut off or hears nothing, no webhook fails, and agents are called all the time`, {
    timeout: 300_000,
  }, async () => {
    const { platform, site, place, restart } = await startDesk(proxy);
    const webhooks = watchWebhooks(platform);
    for (const agent of AGENTS) platform.agent(agent, { does: 'answer', after: [0, RINGS] });
    // One after the other: the first beat of each is a write.
    const pages: Awaited<ReturnType<typeof openPage>>[] = [];
    for (const agent of AGENTS) pages.push(await openPage(site, agent));
    const [page] = pages;
    if (page === undefined) throw new Error('There are no agents.');
    await expect.poll(() => pages.every(({ isOpen }) => isOpen())).toBe(true);

    const callers = createCallers(platform);
    let isOver = false;
    const calls = Array.from({ length: CALLERS }, async (_, index) => {
      await pause(index * 50);
      await callers.keepComing(() => isOver);
    });
    await expect
      .poll(() => callers.fates.includes('talked to an agent'), { timeout: PATIENCE_MS })
      .toBe(true);
    await restart();
    isOver = true;
    await expect
      .poll(async () => {
        const known = new Set((await page.desk()).calls.map(({ id }) => id));
        return [...callers.here].filter(({ leg }) => !known.has(leg.uuid));
      })
      .toEqual([]);
    // Whoever still waits for an agent gets one.
    await Promise.all(calls);
    expect(callers.fates).not.toContain('was cut off');
    expect(callers.silences).toEqual([]);
    expect([...new Set(pages.flatMap(({ lines }) => [...lines]))]).toEqual(['up']);
    for (const each of pages) expect(each.longestGapMs()).toBeLessThan(5_000);

    await platform.settled();
    await expect.poll(async () => (await page.desk()).calls).toEqual([]);
    expect(webhooks.failed).toEqual([]);
    const { log, close } = await openStoredLog(place);
    onTestFinished(close);
    const times = await storedTimes(log);
    const lost = [...webhooks.sent].filter(([leg, count]) => times.get(leg) !== count);
    expect(lost).toEqual([]);
  });
}
