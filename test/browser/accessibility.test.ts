import { expect, test } from 'vitest';
import { axeFindsNothingInAnyLight } from './support/axe.ts';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

test('axe finds nothing on either page in any state of a call, light and dark', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.sees('Ready to call');
  await axeFindsNothingInAnyLight(agent.page, caller.page);

  await caller.dials();
  await agent.sees(/^Incoming call from/);
  await axeFindsNothingInAnyLight(agent.page, caller.page);

  await agent.answers();
  await caller.sees(/^In call with/);
  await agent.click('Keypad');
  await agent.click('Mute');
  await axeFindsNothingInAnyLight(agent.page, caller.page);

  await caller.click('Hang up');
  await agent.sees('Call ended: caller hung up');
  await axeFindsNothingInAnyLight(agent.page, caller.page);
});

test('every state appears once, with the agreed names', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  expect(await agent.page.getByRole('status').count()).toBe(1);
  expect(await agent.button('Answer').isDisabled()).toBe(true);
  for (const name of ['Reject', 'Hang up', 'Mute', 'Hold', 'Keypad', 'Transfer']) {
    expect(await agent.button(name).count(), name).toBe(0);
  }
  const caller = await scene.caller();
  for (const name of ['Your number', 'Number to dial']) {
    await caller.page.getByRole('textbox', { name, exact: true }).waitFor();
  }
  expect(await caller.page.getByRole('status').count()).toBe(1);
});
