import { expect, test } from 'vitest';
import type { AgentAtPage } from './support/people.ts';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

const CALLER = '+44 7700 900000';
const REJOIN = /^Rejoin call \(\d+ s left\)$/;

test('one of two tabs has the calls; the other mirrors it, and can take over while it rings', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  const other = await scene.agent({ besideLast: true });
  await other.sees('Lines are open for calls');
  await other.page.getByText('Calls are handled in another tab.').waitFor();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(`Incoming call from ${CALLER}`);
  await other.sees(`Incoming call from ${CALLER}`);
  expect(await other.button('Answer').isDisabled()).toBe(true);
  await other.click('Use this tab');
  await agent.page.getByText('Calls are handled in another tab.').waitFor();
  await other.answers();
  await agent.sees(`In call with ${CALLER}`);
  await agent.page.getByText('You are in a call in another tab.').waitFor();
  expect(await agent.button('Use this tab').count()).toBe(0);
  await other.click('Hang up');
  await agent.sees('Call ended: you hung up');
  await expect.poll(() => recentCalls(agent)).toHaveLength(1);
  await expect.poll(() => recentCalls(other)).toHaveLength(1);
  const [calls, otherCalls] = await Promise.all([recentCalls(agent), recentCalls(other)]);
  expect(calls[0]).toContain(CALLER);
  expect(calls).toEqual(otherCalls);
});

test('of two tabs the one that is reloaded in a call offers to rejoin it, and the other one may as well', async () => {
  const agent = await scene.agent();
  agent.page.on('dialog', (dialog) => void dialog.accept());
  await agent.sees('Lines are open for calls');
  const other = await scene.agent({ besideLast: true });
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  await other.sees(`In call with ${CALLER}`);
  await agent.page.reload();
  await other.page.getByText('Calls are handled in another tab.').waitFor();
  await rejoins(agent);

  await agent.page.reload();
  await agent.page.getByRole('button', { name: REJOIN }).waitFor();
  await other.click('Use this tab');
  await rejoins(other);
  await agent.sees(`In call with ${CALLER}`);
  await caller.sees(/^In call with/);
  await other.click('Hang up');
  await caller.sees('Call ended: the other side hung up');
  // The SDK reports audio that the page before the reload asked for.
  scene.expectsComplaints();
});

async function rejoins(agent: AgentAtPage): Promise<void> {
  await agent.page.getByRole('button', { name: REJOIN }).click();
  await agent.sees(`In call with ${CALLER}`);
  await agent.button('Hang up').waitFor();
}

const recentCalls = (agent: AgentAtPage) => agent.page.locator('.lists .history__item').allTextContents();

test('when the tab in a call is closed, another one immediately offers to rejoin', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  const other = await scene.agent({ besideLast: true });
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  await other.sees(`In call with ${CALLER}`);
  await agent.page.close();
  await rejoins(other);
  await caller.sees(/^In call with/);
  await other.click('Hang up');
  await caller.sees('Call ended: the other side hung up');
});

test('when the only tab is closed during a call, the next one offers to rejoin', async () => {
  const agent = await scene.agent();
  // Keeps the browser open, which ends with its last tab.
  const blank = await agent.page.context().newPage();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  await agent.page.close();
  const again = await scene.agent({ besideLast: true });
  await rejoins(again);
  await again.click('Hang up');
  await caller.sees('Call ended: the other side hung up');
  await blank.close();
});

test('leaving the page needs confirmation while a call rings, and not before', async () => {
  const agent = await scene.agent();
  const asked: string[] = [];
  agent.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await agent.sees('Lines are open for calls');
  // A browser only asks after user interaction.
  await agent.page.getByRole('heading', { name: 'Switchboard' }).click();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(/^Incoming call from/);
  await agent.page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await agent.click('Reject');
  await agent.sees('Call ended: declined');
  await agent.page.reload();
  expect(asked).toEqual(['beforeunload']);
});

test('a key held down on Answer only answers', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(/^Incoming call from/);
  await agent.button('Answer').focus();
  // Pressed again without release, as the browser repeats a held key.
  const until = Date.now() + 900;
  await agent.page.keyboard.down('Enter');
  while (Date.now() < until) await agent.page.keyboard.down('Enter');
  await agent.sees(`In call with ${CALLER}`);
  await agent.page.keyboard.down('Enter');
  await agent.page.keyboard.up('Enter');
  expect(await agent.button('Mute').getAttribute('aria-pressed')).toBe('false');
  await agent.click('Hang up');
});
