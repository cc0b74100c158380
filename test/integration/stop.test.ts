import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerIn, openRaw, type RawConnection } from '../../server/testing.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';
import { type RunningServer, realModeEnvironment, signIn, startServer } from '../support/real-mode.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 });

async function start() {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-stop-'));
  const server = await startServer(realModeEnvironment(dataDir));
  onTestFinished(async () => {
    await server.program[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true });
  });
  return { ...server, dataDir, port: Number(new URL(server.url).port) };
}

/** A webhook whose headers have arrived but whose body has not. */
async function beginEvent(port: number) {
  const connection = await openRaw(port);
  const uuid = randomUUID();
  const body = JSON.stringify({ uuid, conversation_uuid: `CON-${uuid}`, status: 'started' });
  connection.write(
    `POST /voice/event HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await eventually(connection.received).toContain('100 Continue');
  return { uuid, connection, finish: () => connection.write(body) };
}

/** A keep-alive connection with one response, as a load balancer keeps it. */
async function keptConnection(port: number): Promise<RawConnection> {
  const connection = await openRaw(port);
  connection.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(connection.received).toContain('"ok"');
  return connection;
}

async function openFeed({ url, port }: RunningServer & { port: number }): Promise<RawConnection> {
  const feed = await openRaw(port);
  feed.write(`GET /api/feed HTTP/1.1\r\nHost: a\r\nCookie: ${await signIn(url)}\r\n\r\n`);
  await eventually(feed.received).toContain('retry:1000');
  return feed;
}

test('on SIGTERM the server answers what is in progress, disconnects pages, accepts nothing new and loses nothing', async () => {
  const server = await start();
  const { program, port, url, dataDir } = server;
  const feed = await openFeed(server);
  const idle = await keptConnection(port);
  const probe = await keptConnection(port);
  const underWay = await Promise.all(Array.from({ length: 20 }, () => beginEvent(port)));
  const ended = once(program.child, 'exit');

  probe.write('GET /readyz HTTP/1.1\r\nHost: a\r\n');
  // Some are being stored right now.
  for (const each of underWay.slice(0, 10)) each.finish();
  program.child.kill('SIGTERM');

  expect(await feed.closed).toMatch(/retry: ?\d{4}\nevent: ?reconnect\nid: ?\d+\ndata: ?\n\n\r\n0\r\n\r\n$/);
  await idle.closed;
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  probe.write('\r\n');
  expect(await probe.closed).toMatch(/HTTP\/1\.1 503 .*Connection: close.*\{"status":"stopping"\}$/s);
  for (const each of underWay.slice(10)) each.finish();
  for (const { connection } of underWay) {
    const [, answer = ''] = (await connection.closed).split('100 Continue\r\n\r\n');
    expect(answerIn(answer)).toEqual({ status: 200, body: '' });
  }
  expect(await ended).toEqual([0, null]);
  // Everything is in the one file, so that copying it is enough.
  expect(readdirSync(dataDir).filter((name) => name.startsWith('switchboard.db'))).toEqual([
    'switchboard.db',
  ]);

  const { log, close } = await openStoredLog({ dataDir });
  onTestFinished(close);
  expect(await storedTimes(log)).toEqual(new Map(underWay.map(({ uuid }) => [uuid, 1])));
});

test('a server that still waits for its platform stops cleanly, too', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const [platformPort, port] = [portOf(silent), await freePort()];
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-stop-'));
  const program = startProgram('server/main.ts', [], {
    environment: {
      ...realModeEnvironment(dataDir),
      PORT: String(port),
      VONAGE_API_URL: `http://127.0.0.1:${platformPort}`,
    },
  });
  onTestFinished(async () => {
    await program[Symbol.asyncDispose]();
    silent.close();
    rmSync(dataDir, { recursive: true });
  });
  const isServing = () =>
    fetch(`http://127.0.0.1:${port}/healthz`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await eventually(isServing).toBe(true);
  const { connection, finish } = await beginEvent(port);
  const ended = once(program.child, 'exit');
  program.child.kill('SIGTERM');
  await eventually(isServing).toBe(false);
  finish();
  expect(await connection.closed).toContain('HTTP/1.1 200');
  expect(await ended).toEqual([0, null]);
  expect(program.printed()).not.toContain('is ready');
});

test('a request that never completes does not keep the process alive', async () => {
  const { program, port } = await start();
  const { connection } = await beginEvent(port);
  const ended = once(program.child, 'exit');
  program.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await connection.closed).not.toContain('HTTP/1.1 200');
});

test.each([
  ['SIGTERM', 'SIGTERM', 143],
  ['SIGTERM', 'SIGINT', 130],
  ['SIGINT', 'SIGINT', 130],
] as const)('%s followed by %s ends the process immediately', async (first, second, code) => {
  const { program, port, url } = await start();
  // Something that a clean stop waits for.
  await beginEvent(port);
  const ended = once(program.child, 'exit');
  program.child.kill(first);
  await eventually(() => fetch(url).catch(() => 'refused')).toBe('refused');
  // For a moment, the same signal counts as repeated by npm.
  const again = setInterval(() => program.child.kill(second), 100);
  onTestFinished(() => clearInterval(again));
  expect(await ended).toEqual([code, null]);
});
