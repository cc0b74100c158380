import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../support/program.ts';
import { realModeEnvironment, sendEvent, startServer } from '../support/real-mode.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

test('calls are rebuilt while a server receives events, and every event is kept', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-rebuild-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const environment = realModeEnvironment(dataDir);
  const { url, program } = await startServer(environment);
  onTestFinished(() => program[Symbol.asyncDispose]());
  const answered: boolean[] = [];
  const acknowledged: string[] = [];
  const send = async () => {
    const uuid = randomUUID();
    const done = await sendEvent(url, uuid);
    answered.push(done);
    if (done) acknowledged.push(uuid);
  };
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 100 }, send));
  let over = false;
  const senders = Array.from({ length: 10 }, async () => {
    while (!over) await send();
  });
  const rebuilds = [1, 2].map(() => startProgram('server/commands/rebuild.ts', [], { environment }));
  for (const rebuild of rebuilds) {
    onTestFinished(() => rebuild[Symbol.asyncDispose]());
    await rebuild.prints(/Rebuilt all \d{4,} calls/);
  }
  over = true;
  await Promise.all(senders);
  expect(answered).not.toContain(false);
  await program.stop();
  const { log, close } = await openStoredLog({ dataDir });
  onTestFinished(close);
  const stored = await storedTimes(log);
  expect(acknowledged.filter((uuid) => stored.get(uuid) !== 1)).toEqual([]);
});
