import { expect, test } from 'vitest';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

test('a live call appears event by event, from start to end', async () => {
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
  // The answer request, its NCCO, and the seven events.
  await expect.poll(() => watcher.getByText('POST /voice/event').count()).toBe(7);
});
