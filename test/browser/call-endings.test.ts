import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { setScene } from './support/scene.ts';

/** Seconds of ringing: long enough for everyone to act. */
const USUAL_RINGING = 12;
let ringing = USUAL_RINGING;
const scene = setScene({
  environment: { WAIT_MESSAGE: 'One moment' },
  ncco: (ncco) => withTimeout(ncco, ringing),
});

const FIRST = '+44 7700 900000';
const SECOND = '+44 7700 900001';

test('the agent rejects: her page says so, and the caller is asked for a message', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(`Incoming call from ${FIRST}`);
  await agent.click('Reject');
  await agent.sees('Call ended: declined');
  await caller.sees(/^Connected/);
  await expect.poll(() => scene.statuses('Alice')).toEqual(['started', 'rejected']);
  await expect.poll(() => lastActions(agent.page)).toEqual(['talk', 'record', 'talk']);
  await caller.click('Hang up');
});

/** The actions of the last NCCO that the server sent. */
const lastActions = (page: Page) =>
  page.evaluate(async () => {
    const { calls } = await (await fetch('/api/calls')).json();
    const { entries } = await (await fetch(`/api/calls/${calls[0].id}`)).json();
    const nccos = entries.flatMap(
      ({ reply }: { reply: { ncco?: { action: string }[] } }) => reply.ncco ?? [],
    );
    return nccos.slice(-3).map(({ action }: { action: string }) => action);
  });

test('the caller hangs up while it rings', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(`Incoming call from ${FIRST}`);
  await caller.click('Hang up');
  await agent.sees('Call ended: missed, caller hung up');
  expect(await agent.button('Answer').isDisabled()).toBe(true);
  await expect.poll(() => scene.statuses('Alice')).toEqual(['started', 'cancelled', 'completed']);
  await agent.sees('Lines are open for calls');
});

test('nobody answers', async () => {
  ringing = 4;
  onTestFinished(() => {
    ringing = USUAL_RINGING;
  });
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(`Incoming call from ${FIRST}`);
  await agent.sees('Call ended: missed');
  await caller.sees(/^Connected/);
  await expect.poll(() => scene.statuses('Alice')).toEqual(['started', 'timeout', 'completed']);
  await expect.poll(() => lastActions(agent.page)).toEqual(['talk', 'record', 'talk']);
  await caller.click('Hang up');
});

test.each([
  ['is busy', { does: 'busy' }, 'Call ended: the number is busy'],
  ['declines', { does: 'reject', after: 1 }, 'Call ended: they declined'],
] as const)('whom the agent dials %s, and her page says so', async (_, rule, words) => {
  const phone = scene.stack.platform.phone('447700900124', rule);
  onTestFinished(() => phone.close());
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  await agent.click('Dial');
  await agent.page.getByRole('textbox', { name: 'Number to call' }).fill('07700 900124');
  await agent.click('Call number');
  await agent.sees(words);
  // The SDK reports it where the platform ended the leg first.
  scene.expectsComplaints();
});

test('a page opened while a call rings starts ringing, too', async () => {
  const caller = await scene.caller();
  await caller.dials();
  await expect.poll(() => scene.statuses('Alice'), { timeout: 15_000 }).toEqual(['started']);
  const agent = await scene.agent();
  await agent.answers();
  await caller.sees(/^In call with/);
});

test('a second call waits while the first goes on, and rings when that ends', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  const second = await scene.caller();
  await second.dials();
  await agent.page.getByText(`Call waiting: ${SECOND}`).first().waitFor();
  await agent.sees(`In call with ${FIRST}`);
  await caller.sees(/^In call with/);
  await agent.click('Hang up');
  await agent.sees(`Incoming call from ${SECOND}`);
  await agent.answers();
  await agent.sees(`In call with ${SECOND}`);
  await second.click('Hang up');
  await agent.sees('Call ended: caller hung up');
});

test('an unassigned number is reported as not in service', async () => {
  const caller = await scene.caller();
  await caller.dials('+44 1632 960000');
  await caller.sees(/not in service/);
  // The end of an earlier test's call may still arrive.
  expect(scene.stack.events.filter(({ to }) => to === '441632960000')).toEqual([]);
});

function withTimeout(ncco: Record<string, unknown>[], seconds: number) {
  return ncco.map((action) => (action.action === 'connect' ? { ...action, timeout: seconds } : action));
}
