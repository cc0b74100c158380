import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { emptyFolder } from '../../server/testing.ts';
import { startProgram } from '../support/program.ts';

const run = promisify(execFile);
const view = z.object({
  agents: z.array(z.object({ name: z.string(), load: z.string() })),
  calls: z.array(z.object({ state: z.string() })),
});

/** Ports that are free, and a place of its own for what it writes. */
const environment = (folder: string) => ({ PORT: '0', EMULATOR_PORT: '0', TMPDIR: folder });

/** Processes that have a text in their environment or their command. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['axewwo', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('axewwo'));
}

test('npm run demo shows a team at work, and leaves nothing behind', { timeout: 120_000 }, async () => {
  const folder = emptyFolder();
  await using demo = startProgram('server/commands/demo/main.ts', ['--speed', '8'], {
    environment: environment(folder),
  });
  const [, url] = await demo.prints(/Agent page +(http:\/\/127\.0\.0\.1:\d+)\/client_js\.html/);
  const seen = new Set<string>();
  const look = async () => {
    const { agents, calls } = view.parse(await (await fetch(`${url}/api/desk`)).json());
    for (const { load } of agents) seen.add(load);
    for (const { state } of calls) seen.add(state);
    return [...seen];
  };
  await expect
    .poll(look, { timeout: 90_000, interval: 100 })
    // Whether a caller has to wait is left to chance.
    .toEqual(expect.arrayContaining(['talking', 'wrap-up', 'greeting']));
  expect(demo.printed()).toContain(`${url}/console.html`);
  expect(demo.printed()).toContain('You are Alice');
  expect(readdirSync(folder)).toHaveLength(1);
  const [data = ''] = readdirSync(folder);
  expect(await processesWith(data)).not.toEqual([]);

  expect(await demo.stop()).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  expect(await processesWith(data)).toEqual([]);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('the server of npm run demo ends when the demo is killed', { timeout: 60_000 }, async () => {
  const folder = emptyFolder();
  await using demo = startProgram('server/commands/demo/main.ts', [], { environment: environment(folder) });
  await demo.prints(/DESK: /);
  const [data = ''] = readdirSync(folder);
  demo.child.kill('SIGKILL');
  await expect.poll(() => processesWith(data), { timeout: 30_000 }).toEqual([]);
});

test('npm run demo refuses options that it does not have', async () => {
  for (const args of [
    ['--sped', '2'],
    ['--speed', 'fast'],
    ['--speed', '100'],
  ]) {
    await using demo = startProgram('server/commands/demo/main.ts', args);
    await demo.prints(/Usage: npm run demo/);
    await expect.poll(() => demo.child.exitCode).toBe(2);
  }
});
