import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { realModeEnvironment, sendEvent, startServer } from '../support/real-mode.ts';

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-output-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const residentBytes = (pid: number | undefined) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

async function sendEvents(url: string, count: number, padding = ''): Promise<void> {
  for (let sent = 0; sent < count; sent += 50) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => {
        const uuid = randomUUID();
        return fetch(`${url}/voice/event`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ uuid, conversation_uuid: `CON-${uuid}`, status: 'started', padding }),
          signal: AbortSignal.timeout(10_000),
        });
      }),
    );
    for (const answer of answers) await answer.arrayBuffer();
    expect(answers.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual([]);
  }
}

/** A server with a small heap, whose output pipe is not read after the first lines. */
async function startUnread() {
  const folder = dataDir();
  const out = join(folder, 'first-lines');
  const command = `"$0" server/main.ts 2>&1 > >(head -n 8 >"$1"; exec sleep 600) & echo $!; wait`;
  const child = spawn('bash', ['-c', command, process.execPath, out], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2',
      ...realModeEnvironment(folder),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  // The whole group: the shell, the server and the reader.
  onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
  const pid = await new Promise<number>((done) =>
    child.stdout.once('data', (text: Buffer) => done(Number(text.toString()))),
  );
  const address = () =>
    /Agent page +(http:\/\/127\.0\.0\.1:\d+)/.exec(existsSync(out) ? readFileSync(out, 'utf8') : '')?.[1];
  await expect.poll(address).toBeDefined();
  return { pid, url: address() ?? '' };
}

test('an unread pipe neither blocks the server nor fills its memory', async () => {
  const { pid, url } = await startUnread();
  await sendEvents(url, 3_000, 'x'.repeat(10_000));
  const before = residentBytes(pid);
  // 30 MB of output, twice the allowed growth.
  await sendEvents(url, 3_000, 'x'.repeat(10_000));
  expect(residentBytes(pid) - before).toBeLessThan(15_000_000);
}, 90_000);

test('an unread socket neither blocks the server nor keeps it from stopping', async () => {
  const { program, url } = await startServer(realModeEnvironment(dataDir()));
  program.child.stdout?.pause();
  await sendEvents(url, 1_000, 'x'.repeat(2_000));
  expect(await program.stop()).toBe(0);
});

test('everything printed before a signal is written, in order', async () => {
  const { program, url } = await startServer(realModeEnvironment(dataDir()));
  const uuids = Array.from({ length: 300 }, () => randomUUID());
  for (const uuid of uuids) await sendEvent(url, uuid);
  const read = new Promise((done) => program.child.stdout?.once('end', done));
  expect(await program.stop()).toBe(0);
  await read;
  const printed = [...program.printed().matchAll(/ uuid: '([\w-]+)'/g)].map(([, uuid]) => uuid);
  expect(printed).toEqual(uuids);
});
