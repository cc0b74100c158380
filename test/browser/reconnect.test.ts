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

test('an end of which only a webhook tells ends the call here, too, and the event log shows it', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  await caller.sees(/^In call with/);
  await agent.page.getByText('Event log').click();
  const call = agent.page.getByRole('table', { name: /^Call at / });
  const row = (name: string) => call.getByRole('row').filter({ hasText: name });
  await row('Answered')
    .getByText(/^[+−]\d+ m?s$/)
    .waitFor();
  scene.stack.line.swallow('to-page');
  await caller.click('Hang up');
  await agent.sees('Call ended: the line was closed');
  await row('Over').getByText('Page not told: ended by the webhook').waitFor();
  expect(await row('Rings').locator('svg').count()).toBe(0);
  scene.expectsComplaints();
});

test('an expired token shows as red with Retry, and the next one opens the line again', async () => {
  let tokens = 0;
  let isRefused = false;
  const agent = await scene.agent({
    prepare: (page) =>
      page.route('**/api/token', async (route) => {
        tokens += 1;
        if (isRefused)
          return route.fulfill({ status: 503, json: { code: 'internal', message: 'No token.' } });
        const response = await route.fetch();
        return route.fulfill({ response, json: { ...(await response.json()), expiresIn: 4 } });
      }),
  });
  await agent.sees('Lines are open for calls');
  await expect.poll(() => tokens).toBeGreaterThan(1);
  await agent.sees('Lines are open for calls');
  isRefused = true;
  await agent.sees(/^Offline/);
  await agent.button('Retry').waitFor();
  isRefused = false;
  await agent.click('Retry');
  await agent.sees('Lines are open for calls');
  scene.expectsComplaints();
});
