import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../support/program.ts';

test.each([
  'server/main.ts',
  'server/commands/rebuild.ts',
  'server/commands/doctor/main.ts',
  'server/commands/tunnel/tunnel-main.ts',
  'server/commands/setup/main.ts',
])('%s does not start if it cannot read .env', async (file) => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '.env'));
  await using program = startProgram(file, [], { folder, environment: { PORT: '0', EMULATOR_PORT: '0' } });
  await program.prints(/\.env cannot be read: it is a folder/);
  await expect.poll(() => program.child.exitCode).toBe(1);
  expect(program.printed()).not.toMatch(/\n +at /);
});
