import { expect, test } from 'vitest';
import { axeFindsNothingInAnyLight } from './support/axe.ts';
import { setScene } from './support/scene.ts';

const CALLER = '+44 7700 900000';

const scene = setScene({
  environment: { AGENTS: 'Alice,Bob', WAIT_MESSAGE: 'One moment' },
  desk: ({ queues: { main }, ...rules }) => ({
    ...rules,
    queues: main ? { main: { ...main, ringSeconds: 3, wrapUpSeconds: 4 } } : {},
  }),
});

test('after two unanswered calls the page asks “Still there?”, and one click brings the next one', async () => {
  const alice = await scene.agent({ name: 'Alice' });
  await alice.sees('Lines are open for calls');
  const caller = await scene.caller();
  await caller.dials();
  await alice.sees(`Incoming call from ${CALLER}`);
  await alice.sees('Away: no answer');
  await alice.page.getByText('Still there? You missed calls, so new ones go to others.').waitFor();
  // It rang twice for one call.
  const missed = alice.page.getByRole('listitem').filter({ hasText: CALLER }).filter({ hasText: 'Missed' });
  expect(await missed.count()).toBe(1);
  expect(await alice.button('Away').getAttribute('aria-pressed')).toBe('true');
  await axeFindsNothingInAnyLight(alice.page);

  await alice.click('I’m back');
  await alice.sees(`Incoming call from ${CALLER}`);
  await alice.click('Answer');
  await alice.sees(`In call with ${CALLER}`);
  await alice.click('Away');
  await alice.page.getByText('After this call: Away').waitFor();

  await caller.click('Hang up');
  await alice.sees('Call ended: caller hung up');
  await alice.page.getByText('After wrap-up: Away').waitFor();
  const seconds = new Set<string>();
  const time = alice.page.getByText(/^Wrap-up 0:0\d$/);
  await expect
    .poll(async () => {
      for (const text of await time.allTextContents()) seconds.add(text);
      return seconds.size;
    })
    .toBeGreaterThanOrEqual(3);
  // The wrap-up ends by itself.
  await alice.sees('Away');
  expect(await time.count()).toBe(0);
  scene.expectsComplaints();
});
