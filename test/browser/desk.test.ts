import { expect, test } from 'vitest';
import type { DeskView } from '../../domain/api/desk-api.ts';
import { heardSince, strongest } from './support/ears.ts';
import type { AgentAtPage, CallerAtPhone } from './support/people.ts';
import { AGENT_TONE, CALLER_TONE, setScene } from './support/scene.ts';

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob', WAIT_MESSAGE: 'One moment' },
  desk: (rules) => rules,
});

const CALLER = '+44 7700 900000';
const CALLED = '+44 20 3829 7050';

test('Alice rejects, Bob’s page rings, he answers, they talk, he hangs up and wraps up', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  const bob = await scene.agent({ name: 'Bob' });
  await bob.sees('Lines are open for calls');
  const waits = await bob.button('Answer').boundingBox();
  const consolePage = await scene.console();
  const inConsole = (words: string) =>
    consolePage.getByRole('region', { name: 'Desk' }).getByText(words, { exact: true }).waitFor();
  const caller = await scene.caller();
  await caller.dials();

  await alice.sees(`Incoming call from ${CALLER}`);
  await alice.page.getByText('Queue: main').waitFor();
  await alice.page.getByText(/^Idle longest: /).waitFor();
  await alice.page.getByText(/^\d+ s left$/).waitFor();
  expect(await bob.button('Answer').isDisabled()).toBe(true);
  await alice.click('Reject');
  await alice.sees('Call ended: declined');

  await bob.sees(`Incoming call from ${CALLER}`);
  await bob.page.getByText('Only you are free; Alice declined it').waitFor();
  expect((await bob.button('Answer').boundingBox())?.y).toBe(waits?.y);
  await bob.answers();
  await bob.sees(`In call with ${CALLER}`);
  await consolePage.getByRole('option').filter({ hasText: CALLED }).last().click();
  await inConsole('Alice declines the call');
  await inConsole('The call is offered to Bob');
  await inConsole('The caller and Bob are connected');
  await expectToHear(bob, CALLER_TONE);
  await expectToHear(caller, AGENT_TONE);
  await alice.sees('Lines are open for calls');

  await status(bob, 'Away').click();
  await bob.page.getByText('After this call: Away').waitFor();
  await status(bob, 'Available').click();
  await bob.page.getByText('After this call: Available').waitFor();

  await bob.click('Hang up');
  await bob.sees('Call ended: you hung up');
  await caller.sees(/^Call ended/);
  await bob.page.getByText(/^Wrap-up 0:0\d$/).waitFor();
  await bob.click('End wrap-up');
  await bob.sees('Lines are open for calls');
  await inConsole('Completed · Bob hung up');
  expect(await status(alice, 'Available').getAttribute('aria-pressed')).toBe('true');
  expect(await status(bob, 'Available').getAttribute('aria-pressed')).toBe('true');
  // The SDK reports it where the desk ended the leg first.
  scene.expectsComplaints();
});

test('an agent who reloads in a call is with the caller again without a click', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  alice.page.on('dialog', (dialog) => void dialog.accept());
  await alice.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await alice.answers();
  await expectToHear(alice, CALLER_TONE);
  await alice.page.reload();
  await alice.sees(`In call with ${CALLER}`);
  await expectToHear(caller, AGENT_TONE);
  await alice.page.close();
  // Nobody takes over within seconds: the caller is kept company.
  await expect.poll(() => stageOf(), { timeout: 10_000 }).toBe('recovering');
  const again = await scene.agent({ name: 'Alice' });
  await again.sees(`Incoming call from ${CALLER}`);
  await again.answers();
  await again.click('Hang up');
  await caller.sees(/^Call ended/);
  scene.expectsComplaints();
});

test('a page on another computer says that it takes no calls, until it does; on each phone, Answer is in view', async () => {
  await saveContact('447700900000', { name: 'Ada Lovelace', company: 'Analytical Engines Ltd' });
  const bob = await scene.agent({ name: 'Bob' });
  await bob.sees('Lines are open for calls');
  const other = await scene.agent({ name: 'Bob' });
  await other.sees('Calls are handled in another browser');
  await status(other, 'Away').click();
  await bob.sees('Away');
  await status(bob, 'Available').click();
  const caller = await scene.caller();
  await caller.dials();
  await bob.sees(`Incoming call from ${CALLER}`);
  expect(await other.button('Answer').isDisabled()).toBe(true);
  await bob.page.getByText('Analytical Engines Ltd').first().waitFor();
  expect(await phonesWithoutAnswer(bob)).toEqual([]);
  await caller.click('Hang up');
  await bob.sees('Call ended: missed, caller hung up');
  await bob.page.close();
  await other.sees('Lines are open for calls');
});

test('a tab that the browser freezes is offered no call, and takes calls again as soon as it wakes', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  // A browser without a screen shows every page and freezes none: a debugger that stops its scripts does the same.
  const tab = await alice.page.context().newCDPSession(alice.page);
  await tab.send('Debugger.enable');
  await tab.send('Debugger.pause');
  await expect.poll(() => lineOf('Alice'), { timeout: 20_000 }).toBe('down');
  const caller = await scene.caller();
  await caller.dials();
  await caller.sees(/^Connected/);
  await expect.poll(stageOf).toBe('greeting');

  await tab.send('Debugger.resume');
  await tab.send('Debugger.disable');
  await alice.sees(`Incoming call from ${CALLER}`);
  expect(await lineOf('Alice')).toBe('up');
  await alice.answers();
  await expectToHear(alice, CALLER_TONE);
  await alice.click('Hang up');
  await caller.sees(/^Call ended/);
  scene.expectsComplaints();
});

const status = (agent: AgentAtPage, name: string) =>
  agent.page.getByRole('group', { name: 'Your status' }).getByRole('button', { name, exact: true });

/** Windows of phones, with and without the browser's own bars. */
const PHONES = [320, 360, 412].flatMap((width) =>
  [560, 640, 700, 730, 760, 799, 800, 840].map((height) => ({ width, height })),
);

/** The windows in which something lies on the button that answers, or part of it is outside, in any language. */
async function phonesWithoutAnswer({ page }: AgentAtPage): Promise<string[]> {
  const found: string[] = [];
  for (const language of ['es', 'en']) {
    await page.getByRole('combobox', { name: /^(Language|Idioma)$/ }).selectOption(language);
    for (const size of PHONES) {
      await page.setViewportSize(size);
      const isWhole = await page.getByRole('button', { name: /^(Answer|Contestar)$/ }).evaluate((button) => {
        scrollTo(0, 0);
        const { left, top, width, height } = button.getBoundingClientRect();
        return [top + 2, top + height - 2].every(
          (y) => document.elementFromPoint(left + width / 2, y)?.closest('button') === button,
        );
      });
      if (!isWhole) found.push(`${language} ${size.width} × ${size.height}`);
    }
  }
  return found;
}

async function saveContact(number: string, fields: { name: string; company: string }): Promise<void> {
  const answer = await fetch(`${scene.stack.agentUrl}api/contacts/${number}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  expect(answer.status).toBe(200);
}

/** Where the only call is in the desk. */
async function stageOf(): Promise<unknown> {
  const desk = await (await fetch(`${scene.stack.agentUrl}api/desk`)).json();
  return desk.calls[0]?.state;
}

/** The line of an agent’s page, as the desk shows it. */
async function lineOf(agent: string): Promise<unknown> {
  const { agents }: DeskView = await (await fetch(`${scene.stack.agentUrl}api/desk`)).json();
  return agents.find(({ name }) => name === agent)?.line;
}

async function expectToHear(person: AgentAtPage | CallerAtPhone, hertz: number): Promise<void> {
  const from = Date.now();
  await expect
    .poll(async () => strongest(await heardSince(person.page, from), hertz), { timeout: 20_000 })
    .toBeGreaterThan(-60);
}
