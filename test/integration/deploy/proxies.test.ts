import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { composeWebhook } from '../../../emulator/webhooks/compose.ts';
import { checkPublicUrl } from '../../../server/commands/doctor/checks.ts';
import { reach } from '../../../server/commands/setup/reach.ts';
import { holdMusic } from '../../../server/voice/music.ts';
import { freePort } from '../../support/free-port.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import type { Program } from '../../support/program.ts';
import { realModeEnvironment, startServer } from '../../support/real-mode.ts';
import { rounds } from '../../support/soak.ts';
import { openStoredLog } from '../../support/stored-log.ts';
import { storedTimes } from '../support/stored.ts';
import { PROXIES } from './proxies.ts';
import { openFeed, startSite } from './site.ts';

/** Behind each proxy at the same time. */
const CALLS = rounds({ usual: 4, soak: 200 });
/** Milliseconds between the webhooks of a call. */
const PACE_MS = rounds({ usual: 50, soak: 1_000 });

const SECRET = 'the signature secret of the tests';
const VOICEMAIL = 'a-message';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

/** Two servers on one database and one data folder, each of which can be stopped and started again. */
async function startPair() {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-proxies-'));
  const place = { databaseUrl: await postgres.createDatabase(), dataDir: join(folder, 'data') };
  await leaveMessage(place);
  const ports: [number, number] = [await freePort(), await freePort()];
  const { VONAGE_APPLICATION_ID: applicationId = '', ...environment } = realModeEnvironment(place.dataDir);
  const start = async (port: number) =>
    (
      await startServer({
        ...environment,
        VONAGE_APPLICATION_ID: applicationId,
        VONAGE_SIGNATURE_SECRET: SECRET,
        DATABASE_URL: place.databaseUrl,
        DRAIN_SECONDS: '2',
        PORT: String(port),
      })
    ).program;
  const running = new Map<number, Program>();
  for (const [index, program] of (await Promise.all(ports.map(start))).entries()) {
    running.set(ports[index] ?? 0, program);
  }
  onTestFinished(async () => {
    for (const program of running.values()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    place,
    ports,
    identity: { signatureSecret: SECRET, applicationId, apiKey: 'abcd1234' },
    async restart(port: number): Promise<void> {
      expect(await running.get(port)?.stop()).toBe(0);
      running.set(port, await start(port));
    },
  };
}

type Pair = Awaited<ReturnType<typeof startPair>>;

/** A voicemail that is kept already. */
async function leaveMessage(place: Pair['place']): Promise<void> {
  const folder = join(place.dataDir, 'voicemails');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${VOICEMAIL}.wav`), holdMusic());
  const { store, close } = await openStoredLog(place);
  const row = { id: VOICEMAIL, state: 'kept' as const, offered_at: 1, attempts: 0, due_at: 0 };
  await store.write((transaction) => transaction.insertInto('voicemails').values(row).execute());
  await close();
}

/** A proxy in front of the pair, with Alice signed in, and Vonage, which sends it webhooks. */
async function startBehind({ folder, ports, identity }: Pair, proxy: (typeof PROXIES)[number]) {
  const site = await startSite(proxy, { folder, port: await freePort(), servers: ports });
  // Vonage sends webhooks by HTTP/1.1.
  const vonage = new Agent({ connect: { ca: site.authority }, allowH2: false });
  onTestFinished(() => vonage.destroy());

  /** Sends a signed webhook as Vonage does, and resolves with the status and the text of its answer. */
  async function webhook(method: 'GET' | 'POST', path: string, payload: Record<string, string>) {
    const sent = composeWebhook({ method, address: site.url + path }, payload, identity);
    const { status, text } = await fetch(sent.url, {
      method,
      dispatcher: vonage,
      headers: sent.headers,
      ...(sent.body !== undefined && { body: sent.body }),
    }).then(
      async (answer) => ({ status: answer.status, text: await answer.text() }),
      (error: Error) => ({ status: 0, text: String(error.cause ?? error) }),
    );
    return status === 200 ? 'taken' : `${proxy.name}: ${method} ${path}: ${status} ${text}`;
  }
  return { ...site, webhook, ...(await site.signIn('Alice')) };
}

type SignedInSite = Awaited<ReturnType<typeof startBehind>>;

/** The legs that a page reads of in its feed. */
function watchLegs(site: SignedInSite) {
  const legs: string[] = [];
  const feed = openFeed(site, '/api/feed', site.headers, (data) => {
    const { entry } = JSON.parse(data);
    if (entry?.payload?.uuid !== undefined) legs.push(entry.payload.uuid);
  });
  return { ...feed, legs };
}

/** The webhooks of one call, one after the other, until the test says that calls may end. */
async function call(site: SignedInSite, mayEnd: () => boolean, sent: Set<string>): Promise<string[]> {
  const [uuid, conversation] = [randomUUID(), `CON-${randomUUID()}`];
  const base = { from: '447700900000', to: '442038297050', uuid, conversation_uuid: conversation };
  const failed: string[] = [];
  const check = (outcome: string) => {
    if (outcome !== 'taken') failed.push(outcome);
  };
  check(await site.webhook('GET', '/voice/answer', base));
  const event = async (status: string, index: number) => {
    sent.add(`${uuid} ${index}`);
    check(
      await site.webhook(index % 2 ? 'GET' : 'POST', '/voice/event', {
        ...base,
        status,
        direction: 'inbound',
        timestamp: new Date(Date.UTC(2026, 0, 1) + index).toISOString(),
      }),
    );
  };
  let index = 0;
  for (const status of ['started', 'ringing', 'answered']) await event(status, index++);
  // What goes on in a call: recordings, keys, transfers.
  while (!mayEnd()) {
    await pause(PACE_MS);
    await event('answered', index++);
    check(
      await site.webhook('POST', '/voice/answer', { ...base, region_url: `https://api-${index}.example` }),
    );
  }
  await event('completed', index);
  return failed;
}

const installed = PROXIES.filter((proxy) => proxy.isInstalled);
/** In a long test each proxy has the machine for itself; in a short one they share the servers. */
const groups = CALLS > 50 ? installed.map((proxy) => [proxy]) : installed.length > 0 ? [installed] : [];
const named = (proxies: typeof PROXIES) => proxies.map(({ name }) => name).join(', ');

for (const { name } of PROXIES.filter((proxy) => !proxy.isInstalled)) {
  test.skip(`behind ${name}, which is not installed`, () => {});
}

for (const proxies of groups) {
  test(`behind ${named(proxies)}, two servers serve pages, feeds, sound and signed webhooks, and restart in turn under ${CALLS} calls without a failed answer or a lost event`, {
    timeout: 180_000,
  }, async () => {
    const pair = await startPair();
    const sites = await Promise.all(proxies.map((proxy) => startBehind(pair, proxy)));
    await Promise.all(sites.map(serves));

    const feeds = sites.map(watchLegs);
    await expect.poll(() => feeds.every((feed) => feed.isOpen())).toBe(true);
    let mayEnd = false;
    const sent = new Set<string>();
    const calls = sites.flatMap((site) =>
      Array.from({ length: CALLS }, () => call(site, () => mayEnd, sent)),
    );
    for (const port of pair.ports) await pair.restart(port);
    mayEnd = true;
    expect((await Promise.all(calls)).flat()).toEqual([]);

    const { log, calls: stored, close } = await openStoredLog(pair.place);
    onTestFinished(close);
    const times = await storedTimes(log);
    const legs = new Set([...sent].map((each) => each.split(' ', 1)[0] ?? ''));
    const lost = [...legs].filter(
      (leg) => times.get(leg) !== [...sent].filter((each) => each.startsWith(leg)).length,
    );
    expect(lost).toEqual([]);
    // All have ended but the one of `serves`, which no event is about.
    expect(await stored.countsByStatus()).toEqual({ started: 1, ringing: 0, 'in-call': 0 });
    for (const feed of feeds) {
      await expect.poll(() => legs.difference(new Set(feed.legs)).size).toBe(0);
      expect(feed.longestGapMs()).toBeLessThan(5_000);
    }
  });
}

/** What a browser and Vonage need of a site. */
async function serves({ url, request, webhook, setCookie, headers }: SignedInSite): Promise<void> {
  expect(checkPublicUrl(url, await reach(url)).map(({ words }) => words)).toEqual([
    `${url} reaches this server`,
    'feeds arrive at once, and so do all headers',
  ]);

  const page = await request('/client_js.html');
  const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? [];
  const code = await request(new URL(script, url).pathname, { headers: { 'accept-encoding': 'br' } });
  expect([page.status, code.status, code.headers.get('content-encoding')]).toEqual([200, 200, 'br']);
  await code.arrayBuffer();
  expect(setCookie).toContain('Secure');

  const sound = await request(`/api/voicemails/${VOICEMAIL}/audio`, {
    headers: { ...headers, range: 'bytes=44-143' },
  });
  expect([sound.status, sound.headers.get('content-type')]).toEqual([206, 'audio/wav']);
  expect(Buffer.from(await sound.arrayBuffer())).toEqual(holdMusic().subarray(44, 144));

  // The signature covers what is sent: a proxy that changes it would be noticed.
  const odd = { from: '447700900000', to: '442038297050', uuid: 'odd', SipHeader_X: 'a+b c%2Fd/é&=' };
  expect(await webhook('GET', '/voice/answer', odd)).toBe('taken');
  expect(await webhook('POST', '/voice/answer', odd)).toBe('taken');
  const forged = await request('/voice/event?uuid=odd', { headers: { authorization: 'Bearer a.b.c' } });
  await forged.arrayBuffer();
  expect(forged.status).toBe(401);
  const metrics = await request('/metrics');
  await metrics.arrayBuffer();
  expect(metrics.status).toBe(401);
}
