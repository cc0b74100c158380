import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { kill, realModeEnvironment, sendEvent, startServer } from '../support/real-mode.ts';
import { rounds } from '../support/soak.ts';
import { openStoredLog } from '../support/stored-log.ts';
import { storedTimes } from './support/stored.ts';

const KILLS = rounds({ usual: 4, soak: 20 });
/** Largest delay of a kill in milliseconds: longer than a commit takes. */
const LATEST = 140;
const SENDERS = 30;

test(`after ${KILLS} kills under load, every acknowledged event is stored exactly once`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-kill-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const acknowledged = new Set<string>();

  for (let round = 0; round < KILLS; round += 1) {
    const server = await startServer(realModeEnvironment(dataDir));
    const before = acknowledged.size;
    const senders = Array.from({ length: SENDERS }, () => sendUntilDead(server.url, acknowledged));
    while (acknowledged.size < before + 50) await wait(5);
    // To hit any moment of a commit, each round waits a little longer than the previous one.
    await wait((round * LATEST) / KILLS);
    await kill(server);
    await Promise.all(senders);
  }

  const { log, close } = await openStoredLog({ dataDir });
  onTestFinished(close);
  const stored = await storedTimes(log);
  expect([...acknowledged].filter((uuid) => !stored.has(uuid))).toEqual([]);
  expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * 50);
}, 120_000);

async function sendUntilDead(url: string, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    const uuid = randomUUID();
    const done = await sendEvent(url, uuid).catch(() => undefined);
    if (done === undefined) return;
    if (done) acknowledged.add(uuid);
  }
}
