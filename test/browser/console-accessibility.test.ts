import { expect, test } from 'vitest';
import { axeFindsNothing } from './support/axe.ts';
import { wholeCall } from './support/calls.ts';
import { setConsoleScene } from './support/console-scene.ts';

const scene = setConsoleScene();
const PATIENCE = { timeout: 20_000 };

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
  ['dark', 320],
] as const)('axe finds nothing on the console in any state (%s, %i wide)', async (colorScheme, width) => {
  const developer = await scene.developer({ signsIn: false });
  const { page } = developer;
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  await button('Sign in').click();
  await page.getByRole('alert').filter({ hasText: 'Enter' }).waitFor();
  await axeFindsNothing(page);

  await developer.signsIn();
  await page.getByText('No calls yet').waitFor();
  await axeFindsNothing(page);

  const [over, live, given] = [wholeCall(), wholeCall({ caller: 'anonymous' }), wholeCall()];
  await scene.deliver(over.webhooks);
  await scene.deliver(live.webhooks.slice(0, 7));
  await scene.deliver(given.webhooks.slice(0, 3));
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(3);
  await axeFindsNothing(page);

  await developer.opens(live.id, 9);
  await button('JSON').first().click();
  await axeFindsNothing(page);
  await button('Replay').first().click();
  await page.getByRole('dialog').waitFor();
  await axeFindsNothing(page);
  await button('Cancel').click();
  if (width < 900) await button('All calls').click();

  await button('Pause').click();
  await scene.deliver(live.webhooks.slice(7));
  await page.getByText('3 new entries in 1 call').waitFor();
  await axeFindsNothing(page);
  await button('Resume').click();

  if (width < 900) await button('Filter').click();
  await page.getByRole('searchbox').fill('nobody says this');
  await page.getByText('No results').waitFor();
  await axeFindsNothing(page);

  await button('Shortcuts').click();
  await axeFindsNothing(page);
  await button('Close').click();

  await scene.kill();
  await developer.sees('Reconnecting');
  await axeFindsNothing(page);
});
