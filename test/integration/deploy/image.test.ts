import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import type { Program } from '../../support/program.ts';
import { AGENT_CODE, realModeEnvironment, sendEvent } from '../../support/real-mode.ts';
import { canContain, type Image, makeImage, USER } from './container.ts';

function untilTestEnds(program: Program): Program {
  onTestFinished(() => program[Symbol.asyncDispose]());
  return program;
}

async function ended({ child }: Program): Promise<unknown> {
  return child.exitCode ?? (await once(child, 'exit'))[0];
}

// It takes a while, and changes with the pages only.
test.runIf(process.env.MODE === 'soak')(
  'the image is built from nothing but what the Dockerfile copies',
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-build-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const copied = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').matchAll(/^!(.+)$/gm);
    for (const [, path = ''] of copied) cpSync(path, join(folder, path), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const run = (...command: [string, ...string[]]) =>
      execFileSync(command[0], command.slice(1), { cwd: folder, stdio: 'ignore' });
    run('npm', 'run', 'build');
    run(process.execPath, 'deploy/image.mjs', join(folder, 'image'));
    expect(existsSync(join(folder, 'image/dist/pages/client_js.html.br'))).toBe(true);
  },
);

/** What the image does not say itself. */
async function settings() {
  const { PORT: _, DATA_DIR: __, ...given } = realModeEnvironment('');
  return { ...given, PORT: String(await freePort()) };
}

describe.skipIf(!canContain)(
  'the image, in a container without rights that can write only its volume',
  () => {
    let image: Image;
    beforeAll(() => {
      image = makeImage();
    }, 60_000);
    afterAll(() => image.remove());

    test('serves the pages, takes webhooks, keeps everything in its volume, and stops cleanly', async () => {
      const volume = image.volume();
      const environment = await settings();
      const url = `http://127.0.0.1:${environment.PORT}`;
      const server = untilTestEnds(image.start(volume, environment));
      await server.prints(/Agent page/);
      expect(await sendEvent(url, 'leg-1')).toBe(true);
      const page = await (await fetch(`${url}/client_js.html`)).text();
      const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
      expect((await fetch(new URL(script, url))).status).toBe(200);
      expect((await fetch(`${url}/voice/answer?from=447700900000&to=442038297050`)).status).toBe(200);
      const session = await fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ agent: 'Alice', code: AGENT_CODE }),
      });
      expect(session.status).toBe(200);
      expect(await image.isHealthy(environment)).toBe(true);

      const added = image.run(
        volume,
        ['/usr/local/bin/node', '/app/server/commands/agents/main.ts', 'add', 'Bob'],
        environment,
      );
      expect([await ended(added), added.printed()]).toEqual([0, expect.stringContaining('Bob')]);

      expect(await server.stop()).toBe(0);
      expect(await image.isHealthy(environment)).toBe(false);
      const file = join(volume, 'switchboard.db');
      expect(statSync(file).uid).toBe(USER);
      expect(server.printed()).not.toMatch(/EROFS|EACCES|EPERM/);
    });

    test('has the driver of Postgres, and connects callers while the database is away', async () => {
      const environment = { ...(await settings()), DATABASE_URL: 'postgres://127.0.0.1:9/none' };
      const server = untilTestEnds(image.start(image.volume(), environment));
      await server.prints(/Agent page/);
      expect(server.printed()).toContain('The store failed: connect ECONNREFUSED');
      const asked = `http://127.0.0.1:${environment.PORT}/voice/answer?from=447700900000&to=442038297050`;
      expect((await fetch(asked)).status).toBe(200);
    });

    test('says what is missing if no Vonage application is set', async () => {
      const server = untilTestEnds(image.start(image.volume(), { PORT: '0' }));
      expect(await ended(server)).toBe(1);
      expect(server.printed()).toContain('Set VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY');
    });

    test('holds nothing but the server and its packages, in less than 30 MB', () => {
      const app = join(image.root, 'app');
      expect(readdirSync(app).sort()).toEqual([
        'LICENSE',
        'dist',
        'domain',
        'node_modules',
        'package.json',
        'server',
      ]);
      const files = globSync('**/*', { cwd: app }).filter((file) => statSync(join(app, file)).isFile());
      expect(files.filter((file) => /\.test\.ts$|\.d\.ts$|\/testing\.ts$/.test(file))).toEqual([]);
      const bytes = files.reduce((sum, file) => sum + statSync(join(app, file)).size, 0);
      expect(bytes / 1e6).toBeLessThan(30);
      const unwanted = ['typescript', 'vite', 'playwright-core', 'socket.io', 'espeak-ng', '@ngrok/ngrok'];
      expect(unwanted.filter((name) => existsSync(join(app, 'node_modules', name)))).toEqual([]);
    });
  },
);
