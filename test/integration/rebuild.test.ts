import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../support/program.ts';
import { realModeEnvironment, sendEvent, startServer } from '../support/real-mode.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

// Three programs, one after the other, beside a server at work.
const TIMEOUT = { timeout: 90_000 };

test(
  'calls are rebuilt and backed up while a server receives events, and every event is kept',
  TIMEOUT,
  async () => {
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
    const before = [...acknowledged];
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-backup-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'backup');
    const runs = async (command: string, place: string, words: RegExp) => {
      const options = { environment: { ...environment, DATA_DIR: place } };
      await using program = startProgram(`server/commands/${command}.ts`, [file], options);
      await program.prints(words);
    };
    await runs('backup', dataDir, /Backed up [\d,]+ rows and 0 files to .*backup \([\d,]+ bytes\)/);
    over = true;
    await Promise.all(senders);
    await runs('restore', dataDir, /Nothing was restored\. There is a database already at /);
    const restoredDir = join(folder, 'data');
    await runs('restore', restoredDir, /Restored [\d,]+ rows and 0 files, as they were at 20/);
    const restored = await openStoredLog({ dataDir: restoredDir });
    onTestFinished(restored.close);
    const kept = await storedTimes(restored.log);
    expect(before.filter((uuid) => kept.get(uuid) !== 1)).toEqual([]);
    expect(answered).not.toContain(false);
    await program.stop();
    const { log, close } = await openStoredLog({ dataDir });
    onTestFinished(close);
    const stored = await storedTimes(log);
    expect(acknowledged.filter((uuid) => stored.get(uuid) !== 1)).toEqual([]);
  },
);
