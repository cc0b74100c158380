import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPlatform } from '../../emulator/platform.ts';
import { freePort } from '../support/free-port.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/examples');
const SECRET = 'the signature secret of the examples';

const programs: [language: string, command: string, argsFor: (port: string) => string[]][] = [
  ['Express', process.execPath, () => ['express.mjs']],
  ['Python', 'python3', () => ['server.py']],
  ['PHP', 'php', (port) => ['-S', `127.0.0.1:${port}`, 'server.php']],
];

/** What a program prints. The program ends with the test. */
function start(command: string, args: string[], port: string): { printed: () => string } {
  const child: ChildProcess = spawn(command, args, {
    cwd: FOLDER,
    env: { ...process.env, PORT: port, VONAGE_SIGNATURE_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return { printed: () => text };
}

for (const [language, command, argsFor] of programs) {
  const isThere = spawnSync(command, ['--version']).status === 0;
  test.runIf(isThere)(`the ${language} application takes a call and rejects unsigned webhooks`, async () => {
    const port = String(await freePort());
    const { printed } = start(command, argsFor(port), port);
    const webhooks = `http://127.0.0.1:${port}/webhooks`;
    const unsigned = () => fetch(`${webhooks}/answer?from=1`).then(({ status }) => status);
    await expect.poll(() => unsigned().catch(() => 0), { timeout: 10_000 }).toBe(401);

    await using platform = await createPlatform({
      answerUrl: `${webhooks}/answer`,
      eventUrl: `${webhooks}/event`,
      signatureSecret: SECRET,
    });
    platform.agent('Alice', { does: 'answer', hangUpAfter: 1 });
    const caller = platform.call({ from: '447700900000' });
    expect(await caller.over).toMatchObject({ cause: 'hung-up-there' });
    await platform.settled();
    for (const line of [
      'call from 447700900000',
      'answered Alice',
      'completed Alice',
      'completed 442038297050',
    ]) {
      await expect.poll(printed).toContain(line);
    }
  });
}
