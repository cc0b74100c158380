import { expect, test } from 'vitest';
import { type WholeCall, wholeCall } from './support/calls.ts';
import { setConsoleScene } from './support/console-scene.ts';
import type { DeveloperAtConsole } from './support/developer.ts';

const scene = setConsoleScene();
const PATIENCE = { timeout: 20_000 };
/** The answer request, its reply, nine events, and the conversation between them. */
const STEPS = 12;

/** A console with an open call that has just begun. */
async function watchCall(): Promise<{ developer: DeveloperAtConsole; watched: WholeCall }> {
  const watched = wholeCall();
  const developer = await scene.developer();
  // From the feed: from now on the page has an ID to resume from.
  await scene.deliver(watched.webhooks.slice(0, 4));
  await developer.opens(watched.id, 5);
  return { developer, watched };
}

/** Waits until all calls are over, and compares the page with a newly opened console. */
async function expectAll(calls: number, developer: DeveloperAtConsole, watched: WholeCall): Promise<void> {
  await expect.poll(() => developer.lines.filter({ hasText: 'Completed' }).count(), PATIENCE).toBe(calls);
  await expect.poll(() => developer.rungs.count(), PATIENCE).toBe(STEPS);
  const fresh = await scene.developer();
  await fresh.opens(watched.id, STEPS);
  await expect.poll(() => developer.reads(), PATIENCE).toEqual(await fresh.reads());
  expect(await developer.lines.count()).toBe(calls);
}

test('a console misses nothing and repeats nothing when its server is killed and restarted during calls', async () => {
  const { developer, watched } = await watchCall();
  const others = Array.from({ length: 8 }, (_, index) => wholeCall({ caller: `44770090000${index + 1}` }));
  for (const part of [
    [4, 7],
    [7, 10],
  ] as const) {
    const sent = [watched, ...others].map(({ webhooks }) => scene.deliver(webhooks.slice(...part)));
    await scene.kill();
    await developer.sees('Reconnecting');
    await scene.restart();
    await Promise.all(sent);
    await developer.sees('Live');
  }
  await Promise.all(others.map(({ webhooks }) => scene.deliver(webhooks.slice(0, 4))));
  await expectAll(9, developer, watched);
});

test.each([
  ['its server stays', async () => {}],
  [
    'its server is started anew meanwhile',
    async () => {
      await scene.kill();
      await scene.restart();
    },
  ],
])('a console that sleeps during a call misses nothing and repeats nothing: %s', async (_, meanwhile) => {
  const { developer, watched } = await watchCall();
  const other = wholeCall({ caller: '447700900001' });
  const session = await developer.page.context().newCDPSession(developer.page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await scene.deliver(watched.webhooks.slice(4, 6));
  await meanwhile();
  await scene.deliver(other.webhooks);
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await scene.deliver(watched.webhooks.slice(6));
  await expectAll(2, developer, watched);
});
