import { test } from 'vitest';
import { setScene } from './support/scene.ts';

const scene = setScene();

test('the socket is cut while nothing happens: the page says so, and calls come in again afterwards', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  scene.stack.line.unplug();
  await agent.sees('Reconnecting: calls may not reach you');
  scene.stack.line.mend();
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  scene.complaints();
});
