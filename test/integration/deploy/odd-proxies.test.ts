import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkPublicUrl } from '../../../server/commands/doctor/checks.ts';
import { reach } from '../../../server/commands/setup/reach.ts';
import { listen } from '../../../server/http/listen.ts';
import {
  type RunningServer,
  realModeEnvironment,
  sendEvent,
  signIn,
  startServer,
} from '../../support/real-mode.ts';
import { openFeed } from './site.ts';

/*
 * Proxies that do what docs/deploy.md says they must not: either it works all the same, or `npm run doctor` says what is
 * wrong. Those of `deploy/` are in proxies.test.ts.
 */

let folder: string;
let server: RunningServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-odd-proxies-'));
  server = await startServer(realModeEnvironment(folder));
}, 60_000);
afterAll(async () => {
  await server.program[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** What a proxy does that it should not. */
interface Oddity {
  /** Milliseconds of silence after which it cuts a response. */
  cutsAfter?: number;
  /** Passes on a response only when all of it is there. */
  buffers?: boolean;
  /** Milliseconds for which it keeps the beginning of a feed. */
  keepsFor?: number;
  /** Milliseconds after which it answers 504 in place of a feed that is not over. */
  givesUpAfter?: number;
  /** Headers of requests that it removes. */
  removes?: readonly string[];
}

/** Starts a proxy in front of the server, until the test is over. Resolves with its address. */
async function startProxy(oddity: Oddity): Promise<string> {
  const { cutsAfter, buffers = false, keepsFor, givesUpAfter, removes = [] } = oddity;
  const http = createServer((asked, response) => {
    const headers = Object.fromEntries(
      Object.entries(asked.headers).filter(([name]) => !removes.includes(name)),
    );
    const passed = request(new URL(asked.url ?? '', server.url), { method: asked.method, headers });
    passed.on('response', async (answer: IncomingMessage) => {
      if (cutsAfter !== undefined) answer.setTimeout(cutsAfter, () => asked.socket.destroy());
      const isFeed = answer.headers['content-type'] === 'text/event-stream';
      if (isFeed && givesUpAfter !== undefined) {
        await pause(givesUpAfter);
        passed.destroy();
        return void response.writeHead(504).end();
      }
      if (isFeed && keepsFor !== undefined) await pause(keepsFor);
      const parts: Buffer[] = [];
      if (buffers) for await (const part of answer) parts.push(part);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      if (buffers) response.end(Buffer.concat(parts));
      else answer.pipe(response);
    });
    passed.on('error', () => asked.socket.destroy());
    response.once('close', () => passed.destroy());
    asked.pipe(passed);
  });
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${port}`;
}

/** What `npm run doctor` says of the way to the server, where it is not as it must be. */
async function doctorSays(url: string): Promise<string[]> {
  const findings = checkPublicUrl(url, await reach(url));
  return findings.filter(({ state }) => state !== 'good').map(({ words }) => words);
}

test('a page behind a proxy that cuts silent connections is told of everything, once', async () => {
  const url = await startProxy({ cutsAfter: 300 });
  const told: string[] = [];
  const site = { request: (path: string, init = {}) => fetch(url + path, init) };
  const feed = openFeed(site, '/api/feed?lastEventId=0', { cookie: await signIn(url) }, (data) => {
    told.push(JSON.parse(data).entry.payload.uuid);
  });
  const sent: string[] = [];
  const send = async () => {
    const uuid = randomUUID();
    expect(await sendEvent(url, uuid)).toBe(true);
    sent.push(uuid);
  };
  await expect.poll(() => feed.isOpen()).toBe(true);
  await send();
  for (let round = 0; round < 2; round += 1) {
    await expect.poll(() => feed.isOpen()).toBe(false);
    await send();
    await expect.poll(() => feed.isOpen()).toBe(true);
    await send();
  }
  await expect.poll(() => told).toEqual(sent);
});

test('doctor says that a proxy holds feeds back, or which headers it removes, and nothing of one that passes on everything', async () => {
  const removes = ['authorization', 'last-event-id', 'range', 'origin'];
  const oddities = [{ buffers: true }, { keepsFor: 3_500 }, { givesUpAfter: 100 }, { removes }, {}];
  const proxies = await Promise.all(oddities.map(startProxy));
  const heldBack = [expect.stringMatching(/^it holds feeds back: pages show calls late/)];
  expect(await Promise.all(proxies.map(doctorSays))).toEqual([
    heldBack,
    heldBack,
    [expect.stringMatching(/cannot be read \(status 504\): pages may show calls late/)],
    [
      'it removes Authorization: signed webhooks are refused',
      expect.stringMatching(/^the header last-event-id does not arrive: a console/),
      expect.stringMatching(/^the header range does not arrive/),
    ],
    [],
  ]);
});
