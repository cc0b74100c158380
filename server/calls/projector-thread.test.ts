import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { createIngest } from '../log/ingest.ts';
import { openStore } from '../store/store.ts';
import { startProjectorThread } from './projector-thread.ts';
import { callDetail } from './queries.ts';
import { event, statusOf } from './test-webhooks.ts';

async function openPlace() {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-projector-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const store = await openStore({ dataDir, log: () => {} });
  onTestFinished(() => store.close());
  return { dataDir, store };
}

it('tells the calls of what was stored, and the listeners', async () => {
  const { dataDir, store } = await openPlace();
  const lines: string[] = [];
  const ingest = await createIngest(store, (news) =>
    startProjectorThread({ dataDir }, store.engine, news, (line) => lines.push(line)),
  );
  const told: number[] = [];
  ingest.onStored((messages) => told.push(...messages.map(({ entry }) => entry.id)));
  const statuses = ['started', 'ringing', 'answered', 'completed'];
  for (const [second, status] of statuses.entries())
    await ingest.ingest(event(statusOf('caller', status, second)));
  await ingest.settled();
  expect((await callDetail(store, 'CON-1'))?.call.status).toBe('ended');
  await expect.poll(() => told).toEqual([1, 2, 3, 4]);
  await ingest.close();
  expect(lines).toEqual([]);
});

it('is begun anew when the thread ends', async () => {
  const { dataDir, store } = await openPlace();
  const { port1: lost, port2: useless } = new MessageChannel();
  const ports = [useless];
  const engine = { ...store.engine, shareWriter: () => ports.pop() ?? store.engine.shareWriter() };
  const lines: string[] = [];
  const ingest = await createIngest(store, (news) =>
    startProjectorThread({ dataDir }, engine, news, (line) => lines.push(line)),
  );
  await ingest.ingest(event(statusOf('caller', 'started')));
  lost.close();
  await ingest.settled();
  expect(await callDetail(store, 'CON-1')).toBeUndefined();
  await expect.poll(() => callDetail(store, 'CON-1'), { timeout: 10_000 }).toBeDefined();
  expect(lines).toEqual([
    expect.stringMatching(/^The thread that makes calls of events ended: .*begun anew\.$/),
  ]);
  await ingest.close();
});
