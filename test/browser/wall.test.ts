import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setScene } from './support/scene.ts';

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob', WAIT_MESSAGE: 'One moment' },
  desk: (rules) => ({
    ...rules,
    queues: Object.fromEntries(
      ['main', 'second'].flatMap((name) => {
        const { main } = rules.queues;
        return main === undefined ? [] : [[name, { ...main, name }]];
      }),
    ),
  }),
});

const PATIENCE = { timeout: 20_000 };
const SECOND_NUMBER = '+44 7700 900123';

/** The line of an agent or a caller, once it has these words. */
const line = (page: Page, list: string, ...words: (string | RegExp)[]) =>
  words.reduce(
    (rows, hasText) => rows.filter({ hasText }),
    page.getByRole('listbox', { name: list }).getByRole('option'),
  );
const sees = (page: Page, list: string, ...words: (string | RegExp)[]) =>
  line(page, list, ...words).waitFor(PATIENCE);
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });

test('a supervisor watches agents and callers, joins, moves and ends calls, and opens what figures are made of', async () => {
  const wall = await scene.wall('Bob');
  const errors: string[] = [];
  wall.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await wall.reload();
  await wall.getByRole('status').filter({ hasText: 'Live' }).waitFor(PATIENCE);
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  await sees(wall, 'Agents', 'Alice', 'Ready');
  const bob = await scene.agent({ name: 'Bob' });
  await bob.sees('Lines are open for calls');
  await line(wall, 'Agents', 'Bob', 'Ready').click(PATIENCE);
  await button(wall, 'Away').click();
  await wall.getByText('Done.').waitFor();
  await button(wall, 'Close').click();
  await bob.sees('Away');
  await sees(wall, 'Agents', 'Bob', 'Away');

  const caller = await scene.caller();
  await caller.dials();
  await alice.sees(/^Incoming call from/);
  await sees(wall, 'Agents', 'Alice', 'Ringing', '+44 7700 900000');
  await alice.answers();
  await sees(wall, 'Agents', 'Alice', 'In a call', '+44 7700 900000', 'the agent');

  const second = await scene.caller();
  await second.ownsNumber(SECOND_NUMBER);
  await second.dials();
  await sees(wall, 'Waiting callers', /Place 1/, SECOND_NUMBER, 'main');
  await wall.getByRole('row', { name: /main 1 / }).waitFor(PATIENCE);

  await line(wall, 'Agents', 'Alice').click();
  await button(wall, 'Listen').click();
  await wall.getByText('Supervisors: Bob (Listen: agent page rings)').waitFor(PATIENCE);
  await button(wall, 'Leave the call').click();
  await wall.getByText('Supervisors: Bob').waitFor({ state: 'detached', ...PATIENCE });
  await button(wall, 'Close').click();

  await line(wall, 'Waiting callers', SECOND_NUMBER).click();
  expect(await button(wall, 'To the front').count(), 'who is next already').toBe(0);
  await button(wall, 'To second').click();
  await wall.getByText('Done.').waitFor();
  await button(wall, 'End call').click();
  await button(wall, 'Yes').click();
  await second.sees(/^Call ended/);
  await button(wall, 'Close').click();
  await wall.getByText('Nobody is waiting').waitFor(PATIENCE);

  await alice.click('Hang up');
  await sees(wall, 'Agents', 'Alice', 'Wrap-up');
  await expect.poll(() => wall.getByRole('button', { name: /^Answered/ }).innerText(), PATIENCE).toMatch(/1/);
  await wall.getByRole('button', { name: /^Answered/ }).click();
  const calls = wall.getByRole('dialog').getByRole('region', { name: '1 call' }).getByRole('row');
  await calls.filter({ hasText: 'Alice' }).waitFor(PATIENCE);
  const [console] = await Promise.all([
    wall.context().waitForEvent('page'),
    calls.getByRole('link', { name: 'Open the call of +44 7700 900000' }).click(),
  ]);
  await console.getByRole('region', { name: 'Timeline' }).waitFor(PATIENCE);
  expect(errors, 'errors of the wall').toEqual([]);
  // The SDK reports it where the desk ended the leg first.
  scene.expectsComplaints();
});
