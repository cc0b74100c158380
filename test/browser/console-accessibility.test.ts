import { expect, test } from 'vitest';
import { createTestDesk } from '../../domain/desk/testing.ts';
import { axeFindsNothingInAnyLight } from './support/axe.ts';
import { wholeCall } from './support/calls.ts';
import { setConsoleScene } from './support/console-scene.ts';

const scene = setConsoleScene();
const PATIENCE = { timeout: 20_000 };

test.each([1280, 320])(
  'axe finds no issue in any state of the console, light and dark (%i wide)',
  async (width) => {
    const developer = await scene.developer({ signsIn: false });
    const { page } = developer;
    await page.setViewportSize({ width, height: 800 });
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    await button('Sign in').click();
    await page.getByRole('alert').filter({ hasText: 'Enter' }).waitFor();
    await axeFindsNothingInAnyLight(page);

    await developer.signsIn();
    await page.getByText('No calls yet').waitFor();
    await axeFindsNothingInAnyLight(page);

    const [over, live, given] = [wholeCall(), wholeCall({ caller: 'anonymous' }), wholeCall()];
    await scene.deliver(over.webhooks);
    await scene.deliver(live.webhooks.slice(0, 7));
    await scene.deliver(given.webhooks.slice(0, 3));
    await expect.poll(() => developer.lines.count(), PATIENCE).toBe(3);
    await axeFindsNothingInAnyLight(page);

    await page.route(`**/api/calls/${live.id}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), desk: deskEvents() } });
    });
    await developer.opens(live.id, 9);
    await page.getByRole('region', { name: 'Desk' }).getByText('Why this agent?').first().click();
    await page.getByText('Alice: chosen').waitFor();
    await button('JSON').first().click();
    await axeFindsNothingInAnyLight(page);
    await button('Replay').first().click();
    await page.getByRole('dialog').waitFor();
    await axeFindsNothingInAnyLight(page);
    await button('Cancel').click();
    if (width < 900) await button('All calls').click();

    await button('Pause').click();
    await scene.deliver(live.webhooks.slice(7));
    await page.getByText('3 new entries in 1 call').waitFor();
    await axeFindsNothingInAnyLight(page);
    await button('Resume').click();

    if (width < 900) await button('Filter').click();
    await page.locator('#search').fill('nobody says this');
    await page.getByText('No results').waitFor();
    await axeFindsNothingInAnyLight(page);

    await page.locator('#search').fill('agent: colour:red from:never');
    await page.getByText('Unknown key “colour”').waitFor();
    await axeFindsNothingInAnyLight(page);

    await button('Shortcuts').click();
    await axeFindsNothingInAnyLight(page);
    await button('Close').click();

    await scene.kill();
    await developer.sees('Reconnecting');
    await axeFindsNothingInAnyLight(page);
  },
);

/** What a desk does that loses the agent who took the call. */
function deskEvents(): readonly unknown[] {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.page('Bob');
  desk.call('caller');
  const { id } = desk.answer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
  return desk.events.filter((event) => 'call' in event);
}
