import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const NAME = 'vonage-voice-emulator';

/** An empty folder into which the package was installed from its tarball, with what it depends on and no more. */
let folder = '';
let bin = '';

beforeAll(async () => {
  const { stdout } = await run(process.execPath, ['scripts/build-emulator.mjs'], { cwd: ROOT });
  folder = await mkdtemp(join(tmpdir(), 'emulator-package-'));
  const own = join(folder, 'node_modules', NAME);
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', join(ROOT, stdout.trim()), '-C', own, '--strip-components', '1']);
  const manifest = JSON.parse(await readFile(join(own, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
  bin = join(own, manifest.bin[NAME]);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Without what npm, which runs these tests, has put into the environment. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME };
const node = (args: string[]) => run(process.execPath, args, { cwd: folder, env });

test('from its tarball in an empty folder, the emulator makes a call by itself', async () => {
  const scenario = {
    name: 'One call',
    application: {
      answer: [
        { action: 'record' },
        { action: 'talk', text: 'Hello' },
        { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] },
      ],
    },
    agents: { Alice: { does: 'answer', after: 1, hangUpAfter: 5 } },
    calls: [{ expect: { Alice: { status: 'completed', duration: 5 } } }],
  };
  await writeFile(join(folder, 'call.json'), JSON.stringify(scenario));
  const { stdout } = await node([bin, 'run', 'call.json']);
  expect(stdout).toContain('All as expected.');
});

test('it says how it is started', async () => {
  expect((await node([bin, '--help'])).stdout).toContain(`npx ${NAME} run FILE`);
});

test('another test runner starts a platform with it, its voice and its pages', async () => {
  const code = `
    import assert from 'node:assert/strict';
    import { test } from 'node:test';
    import { createPlatform } from '${NAME}';

    test('a phone answers', async () => {
      await using vonage = await createPlatform({ tls: true });
      const pages = vonage.url.replace('https:', 'http:');
      assert.match(await (await fetch(pages)).text(), /<script/);
      assert.match(await (await fetch(pages + '/inspector/')).text(), /<script/);
      const phone = vonage.phone('447700900123', { does: 'answer' });
      const caller = vonage.call({ to: phone.number });
      await caller.until('answered');
      caller.hangUp();
      assert.equal((await caller.over).cause, 'hung-up-here');
    });
  `;
  await writeFile(join(folder, 'phone.test.mjs'), code);
  const { stdout } = await node(['--test', 'phone.test.mjs']);
  expect(stdout).toMatch(/pass 1\b/);
});

test('its types are those of createPlatform', async () => {
  const code = `
    import { createPlatform, type Platform } from '${NAME}';
    const platform: Platform = await createPlatform({ limits: 'carriers', virtual: { seed: 1, start: 0 } });
    const url: string = platform.url;
    // @ts-expect-error: a port is a number
    await createPlatform({ port: url });
  `;
  await writeFile(join(folder, 'types.mts'), code);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'esnext'];
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
  await node([join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, ...types, 'types.mts']);
}, 60_000);
