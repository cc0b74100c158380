import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPlatform } from '../../emulator/platform.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';

test('with the real Client SDK in a browser, the same steps see the same', async () => {
  await using platform = await createPlatform();
  const out = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const port = await freePort();
  const only = 'invite-from,connect-ends-both,stream-while-earmuffed,custom-data';
  const args = ['--real', '--yes', '--port', String(port), '--out', out, '--only', only];
  await using run = startProgram('conformance/main.ts', args, {
    environment: {
      VONAGE_API_URL: platform.url,
      VONAGE_API_KEY: platform.credentials.api_key,
      VONAGE_API_SECRET: platform.credentials.api_secret,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DEBUG: '*',
      ...(process.env.CHROMIUM_PATH && { CHROMIUM_PATH: process.env.CHROMIUM_PATH }),
    },
  });
  await once(run.child, 'exit');
  expect(run.printed()).toContain('4 same, 0 different, 0 not tried.');
  expect(run.printed()).toContain('Removed 3 users and the application');
  expect(run.child.exitCode).toBe(0);
  const written = run.printed() + readFileSync(join(out, 'real.json'), 'utf8');
  expect(written).not.toContain(platform.credentials.api_secret);
  expect(written).not.toMatch(/eyJ|PRIVATE KEY/);
});
