import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningServer, realModeEnvironment, sendEvent, startServer } from '../support/real-mode.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

/** A platform that only answers, so that the store alone decides whether a server is ready. */
const platform = createServer((_request, response) => void response.writeHead(404).end());

beforeAll(async () => {
  await new Promise<void>((done) => platform.listen(0, '127.0.0.1', done));
});
afterAll(() => void platform.close());

function environment(dataDir: string): Record<string, string> {
  const address = platform.address();
  if (typeof address !== 'object' || address === null) throw new Error('The platform does not listen.');
  return { ...realModeEnvironment(dataDir), VONAGE_API_URL: `http://127.0.0.1:${address.port}` };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataDir: string, limits?: string): Promise<RunningServer> {
  const server = await startServer(environment(dataDir), limits === undefined ? {} : { limits });
  onTestFinished(() => server.program[Symbol.asyncDispose]());
  return server;
}

async function answers(url: string): Promise<void> {
  const answer = await fetch(`${url}/voice/answer?from=447700900000&to=442038297050`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toContainEqual(expect.objectContaining({ action: 'connect' }));
}

const readiness = async (url: string) => (await fetch(`${url}/readyz`)).status;

/** Callers are connected, and every health check says that the server does not work. */
async function onlyConnects(url: string): Promise<void> {
  await answers(url);
  expect(await sendEvent(url, randomUUID())).toBe(false);
  expect(await readiness(url)).toBe(503);
  await answers(url);
}

async function worksAgain({ url, program }: RunningServer): Promise<void> {
  await expect.poll(() => readiness(url)).toBe(200);
  expect(await sendEvent(url, 'after')).toBe(true);
  expect(program.child.exitCode).toBeNull();
  expect(program.printed()).toContain('The store is available again.');
}

async function storedIn(dataDir: string): Promise<Map<string, number>> {
  const { log, close } = await openStoredLog({ dataDir });
  try {
    return await storedTimes(log);
  } finally {
    await close();
  }
}

/** Limits the file size of a running process, like a full disk. */
function limitFiles({ program }: RunningServer, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', [`--pid=${program.child.pid}`, `--fsize=${bytes}:`]);
}

// Only Linux can change the limits of a running process.
describe.runIf(process.platform === 'linux')('a server whose files cannot grow', () => {
  test.each([0, 8, 40, 120])('from the start (%i blocks) waits for space', async (blocks) => {
    const dataDir = join(newFolder(), 'data');
    const server = await start(dataDir, `-S -f ${blocks}`);
    expect(server.program.printed()).toMatch(/The store failed: .+ Until it works, events are answered/);
    await onlyConnects(server.url);
    limitFiles(server, 'unlimited');
    await worksAgain(server);
    await server.program.stop();
    expect((await storedIn(dataDir)).get('after')).toBe(1);
  });

  test('while it runs keeps running, and loses no acknowledged event', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const acknowledged: string[] = [];
    const send = async () => {
      const uuid = randomUUID();
      const done = await sendEvent(server.url, uuid);
      if (done) acknowledged.push(uuid);
      return done;
    };
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 20 }, send));
      // Space for a few more events, or for none.
      limitFiles(server, round === 0 ? 0 : 1_000_000 * round);
      await expect
        .poll(async () => (await Promise.all(Array.from({ length: 50 }, send))).includes(false))
        .toBe(true);
      // A single event may still fit where many did not.
      limitFiles(server, 0);
      await onlyConnects(server.url);
      limitFiles(server, 'unlimited');
      await worksAgain(server);
    }
    await server.program.stop();
    const stored = await storedIn(dataDir);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(acknowledged.filter((uuid) => stored.get(uuid) !== 1)).toEqual([]);
  });
});

/** A disk in memory, if this process may mount one. */
function mount(options: string): string {
  const folder = newFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return mounted;
})();

function fill(disk: string): () => void {
  const file = join(disk, 'other-files');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(file, Buffer.alloc(bavail * bsize));
  return () => rmSync(file);
}

const remount = (disk: string, as: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${as}`, disk]);

describe.runIf(canMount)('a server on a disk', () => {
  test('that is full, at the start or later, waits for space', async () => {
    const disk = mount('size=4m');
    const makeRoom = fill(disk);
    const server = await start(join(disk, 'data'));
    await onlyConnects(server.url);
    makeRoom();
    await worksAgain(server);
    const makeRoomAgain = fill(disk);
    await expect.poll(() => sendEvent(server.url, randomUUID())).toBe(false);
    await onlyConnects(server.url);
    makeRoomAgain();
    await worksAgain(server);
  });

  test('that has no space for another file waits for it', async () => {
    const disk = mount('size=4m,nr_inodes=8');
    const first = await start(disk);
    expect(await sendEvent(first.url, 'before')).toBe(true);
    await first.program.stop();
    const others: string[] = [];
    for (let index = 0; ; index += 1) {
      const other = join(disk, `other-${index}`);
      if (spawnSync('touch', [other]).status !== 0) break;
      others.push(other);
    }
    const server = await start(disk);
    expect(server.program.printed()).toContain('ENOSPC');
    await onlyConnects(server.url);
    for (const other of others) rmSync(other);
    await worksAgain(server);
  });

  test.each([
    ['with a store', true],
    ['without one', false],
  ])('that is read-only, %s, waits until it is writable', async (_, hasStore) => {
    const disk = mount('size=4m');
    const dataDir = join(disk, 'some/data');
    if (hasStore) await (await start(dataDir)).program.stop();
    remount(disk, 'ro');
    const server = await start(dataDir);
    expect(server.program.printed()).toMatch(/The store failed: EROFS/);
    await onlyConnects(server.url);
    remount(disk, 'rw');
    await worksAgain(server);
  });
});

const PAGE = 4_096;

function fileIn(dataDir: string): string {
  return join(dataDir, 'switchboard.db');
}

/** Overwrites pages of a store's file, counted from 1, as a broken disk does. */
function damage(dataDir: string, first: number, last = statSync(fileIn(dataDir)).size / PAGE): void {
  const handle = openSync(fileIn(dataDir), 'r+');
  const bytes = (last - first + 1) * PAGE;
  writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, (first - 1) * PAGE);
  closeSync(handle);
}

/** The page that holds the oldest calls. */
function pageOfOldestCalls(dataDir: string): number {
  const database = new DatabaseSync(fileIn(dataDir), { readOnly: true });
  const page = database
    .prepare(`select pageno from dbstat where name = 'calls' and pagetype = 'leaf' order by path limit 1`)
    .get();
  database.close();
  return Number(page?.pageno);
}

/** The folder of an unused store with the events of these legs. */
async function storeWith(legs: readonly string[]): Promise<string> {
  const dataDir = newFolder();
  const { url, program } = await start(dataDir);
  for (const leg of legs) expect(await sendEvent(url, leg)).toBe(true);
  await program.stop();
  return dataDir;
}

const LEGS = Array.from({ length: 100 }, (_, index) => `leg-${index}`);

async function saysThatItIsDamaged({ url, program }: RunningServer): Promise<void> {
  await onlyConnects(url);
  expect(program.printed().split('The store is damaged. Restore a backup')).toHaveLength(2);
  expect(program.printed()).not.toContain('works again');
}

describe('a server whose store is damaged', () => {
  test.each([
    ['from its first page on', 1],
    ['at its tables', 2],
    ['further on', 15],
  ])('%s, connects callers and is not ready', async (_, page) => {
    const dataDir = await storeWith(LEGS);
    damage(dataDir, page);
    await saysThatItIsDamaged(await start(dataDir));
  });

  test('while it runs connects callers and is not ready', async () => {
    const dataDir = await storeWith(LEGS);
    const server = await start(dataDir);
    expect(await readiness(server.url)).toBe(200);
    damage(dataDir, 2);
    await saysThatItIsDamaged(server);
  });

  test('with only some calls damaged is not ready once an event needs one of them', async () => {
    const dataDir = await storeWith(LEGS);
    const page = pageOfOldestCalls(dataDir);
    damage(dataDir, page, page);
    const server = await start(dataDir);
    expect(await sendEvent(server.url, 'a new call')).toBe(true);
    expect(await readiness(server.url)).toBe(200);
    expect(await sendEvent(server.url, 'leg-0')).toBe(false);
    expect(await readiness(server.url)).toBe(503);
    await server.program.prints(/The store is damaged\./);
    expect(await sendEvent(server.url, 'another new call')).toBe(true);
    expect(await readiness(server.url)).toBe(503);
    expect(server.program.printed()).not.toContain('works again');
  });
});
