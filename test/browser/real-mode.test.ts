import { expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { startRealMode } from './support/real-mode-stack.ts';

const CODE = 'correct horse battery';

test('with credentials in .env, the server works with another platform: sign-in, token, call', async () => {
  await using stack = new AsyncDisposableStack();
  const { server, emulator, serverUrl, platformUrl, keys } = stack.use(await startRealMode(CODE));

  const browser = stack.use(await startBrowser({ microphone: 700 }));
  const opened = await browser.open(`${serverUrl}/`);
  const agent = new AgentAtPage(opened.page);
  await signIn(agent, 'a wrong code');
  await opened.page.getByText(/Wrong name or access code/).waitFor();
  await signIn(agent, CODE);
  await agent.sees('Lines are open for calls');
  const [cookie] = await opened.context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });

  const phone = await browser.open(`${platformUrl}/`);
  const caller = new CallerAtPhone(phone.page);
  await caller.dials();
  await agent.answers();
  await caller.sees('In call with +44 20 3829 7050');
  await caller.click('Hang up');
  await agent.sees('Call ended: caller hung up');
  await server.prints(/EVENT:[\s\S]*status: 'completed'[\s\S]*status: 'completed'/);

  // Signing out works in every tab immediately, and hides what was done there.
  const beside = new AgentAtPage((await browser.open(`${serverUrl}/`, { beside: opened })).page);
  await beside.sees('Lines are open for calls');
  await agent.sees('Lines are open for calls');
  const done = agent.page.getByRole('listitem').filter({ hasText: 'Answered' });
  // It is in the lists and among the caller's earlier calls.
  await done.filter({ hasText: 'caller hung up' }).first().waitFor();
  await beside.click('Sign out');
  await beside.sees('Sign in to take calls');
  await agent.sees('Sign in to take calls');
  for (const { page } of [agent, beside]) {
    expect(await page.getByText('+44 7700 900000').count()).toBe(0);
  }

  const stranger = await browser.open(`${serverUrl}/`);
  await stranger.page.getByLabel('Access code').waitFor();
  expect(await fetch(`${serverUrl}/api/token`, { method: 'POST' }).then((answer) => answer.status)).toBe(401);

  for (const secret of [CODE, keys.private_key.split('\n')[1] ?? '', keys.signature_secret, 'eyJ']) {
    expect(server.printed() + emulator.printed()).not.toContain(secret);
  }
  expect([await server.stop(), await emulator.stop()]).toEqual([0, 0]);
});

async function signIn(agent: AgentAtPage, code: string): Promise<void> {
  await agent.page.getByLabel('Your name').fill('Alice');
  await agent.page.getByLabel('Access code').fill(code);
  await agent.page.getByRole('button', { name: 'Sign in' }).click();
}
