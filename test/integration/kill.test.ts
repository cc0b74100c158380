import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openCallLog } from '../../server/calls/call-log.ts';
import { type Program, startProgram } from '../support/program.ts';

const KILLS = 20;
const SENDERS = 30;

test(`every event that was acknowledged is there after ${KILLS} kills under load, once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const environment = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    VONAGE_PRIVATE_KEY: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    VONAGE_API_URL: 'http://127.0.0.1:9',
    AGENT_CODES: 'Alice:a code for the test',
  };
  const acknowledged = new Set<string>();

  for (let round = 0; round < KILLS; round += 1) {
    const server = startProgram('server/main.ts', [], { folder, environment });
    const [, url = ''] = await server.prints(/Agent page +(http:\/\/127\.0\.0\.1:\d+)/);
    const before = acknowledged.size;
    const senders = Array.from({ length: SENDERS }, () => sendUntilDead(url, acknowledged));
    while (acknowledged.size < before + 50) await wait(5);
    // At any moment of a commit: each round is a little longer than the one before.
    await wait(round * 7);
    await kill(server);
    await Promise.all(senders);
  }

  const log = await openCallLog({ dataDir: folder, log: () => {} });
  onTestFinished(() => log.close());
  const stored = new Map<string, number>();
  for (let last = 0; ; ) {
    const page = await log.entriesAfter(last, 1000);
    if (page.length === 0) break;
    for (const { entry } of page) {
      last = entry.id;
      const uuid = entry.type === 'event' ? String(entry.payload.uuid) : '';
      stored.set(uuid, (stored.get(uuid) ?? 0) + 1);
    }
  }
  expect([...acknowledged].filter((uuid) => !stored.has(uuid))).toEqual([]);
  expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * 50);
}, 120_000);

async function sendUntilDead(url: string, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    const uuid = randomUUID();
    const event = {
      from: '447700900000',
      to: '442038297050',
      uuid,
      conversation_uuid: `CON-${uuid}`,
      status: 'started',
      direction: 'inbound',
      timestamp: new Date().toISOString(),
    };
    try {
      const answer = await fetch(`${url}/voice/event`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      if (answer.status === 200) acknowledged.add(uuid);
    } catch {
      return;
    }
  }
}

async function kill({ child }: Program): Promise<void> {
  const dead = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await dead;
}
