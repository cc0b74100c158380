import { expect, test } from 'vitest';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

test('a live call appears event by event, and tells its whole way', async () => {
  const watcher = await scene.console();
  await watcher.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  const line = watcher.getByRole('listbox').getByRole('option').first();
  await line.getByText('Ringing').waitFor();
  await agent.answers();
  await line.getByText('In call').waitFor();
  await line.click();
  await watcher.getByText('Vonage asks what to do with the call').waitFor();
  await agent.click('Hang up');
  await line.getByText('Completed').waitFor();
  // The NCCO's question and answer, and the seven events.
  await expect.poll(() => watcher.getByText('POST /voice/event').count()).toBe(7);
});

test('a page that slept misses nothing and shows nothing twice', async () => {
  const watcher = await scene.console();
  await watcher.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const rows = () => watcher.getByRole('listbox').getByRole('option').count();
  const before = await rows();
  const session = await watcher.context().newCDPSession(watcher);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  for (let count = 0; count < 3; count += 1) await placeCall();
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await expect.poll(rows, { timeout: 10_000 }).toBe(before + 3);
  await placeCall();
  await expect.poll(rows, { timeout: 10_000 }).toBe(before + 4);
});

async function placeCall(): Promise<void> {
  const { platform } = scene.stack;
  const answer = await fetch(`${platform.url}/emulator/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '447700900000', to: platform.credentials.number }),
  });
  const { uuid } = await answer.json();
  const status = () => scene.statuses(platform.credentials.number).length;
  await expect.poll(status, { timeout: 10_000 }).toBeGreaterThan(0);
  await fetch(`${platform.url}/emulator/calls/${uuid}`, { method: 'DELETE' });
}
