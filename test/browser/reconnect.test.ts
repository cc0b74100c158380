import { expect, test } from 'vitest';
import { signToken } from '../integration/support/sdk-page.ts';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

test('a socket cut while idle is reported, and calls ring again afterwards', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  await agent.reconnectsSoon();
  scene.stack.line.unplug();
  await agent.sees('Reconnecting: calls may not reach you');
  scene.stack.line.mend();
  await agent.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  scene.expectsComplaints();
});

test('if the caller hangs up while the ringing machine sleeps, the page learns it on waking', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.sees(/^Incoming call/);
  await agent.reconnectsSoon();
  scene.stack.line.swallow('to-page');
  await caller.click('Hang up');
  await expect.poll(() => scene.statuses('Alice')).toContain('cancelled');
  await agent.sees(/^Incoming call/);
  scene.stack.line.cut();
  await agent.sees(/^Call ended: .*caller/);
  await agent.hasLine();
  scene.expectsComplaints();
});

test('events sent again because the page could not acknowledge them change nothing', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await agent.sees('Lines are open for calls');
  await agent.reconnectsSoon();
  scene.stack.line.swallow('to-server');
  await caller.dials();
  await agent.sees(/^Incoming call/);
  const reconnection = agent.page.waitForEvent('websocket');
  scene.stack.line.cut();
  const again = {
    predicate: ({ payload }: { payload: string | Buffer }) => `${payload}`.includes('member:invited'),
  };
  await (await reconnection).waitForEvent('framereceived', again);
  await agent.answers();
  await caller.sees(/^In call with/);
  await agent.click('Hang up');
  await caller.sees(/^Call ended/);
  expect(scene.statuses('Alice')).toEqual(['started', 'answered', 'completed']);
  scene.expectsComplaints();
});

test('a call moved to another conversation can still be muted and hung up', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  const { platform, events } = scene.stack;
  const leg = events.find(({ to, status }) => to === 'Alice' && status === 'answered')?.uuid;
  const token = await signToken(platform);
  const ncco = [{ action: 'conversation', name: 'call-7' }];
  const moved = await fetch(`${platform.url}/v1/calls/${leg}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'transfer', destination: { type: 'ncco', ncco } }),
  });
  expect(moved.status).toBe(204);
  await expect.poll(() => events.filter(({ type }) => type === 'transfer').length).toBe(2);
  await agent.click('Mute');
  await expect.poll(() => agent.button('Mute').getAttribute('aria-pressed')).toBe('true');
  await agent.click('Hang up');
  await agent.sees(/^Call ended: you hung up/);
  await expect
    .poll(() => events.find((event) => event.uuid === leg && event.status === 'completed'))
    .toMatchObject({
      disconnected_by: 'user',
      conversation_uuid: events.findLast(({ type }) => type === 'transfer')?.conversation_uuid_to,
    });
});
