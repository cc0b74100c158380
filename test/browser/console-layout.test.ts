import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { trigger } from '../../emulator/commands/trigger.ts';
import { axeFindsNothing } from './support/axe.ts';
import { type Webhook, wholeCall } from './support/calls.ts';
import { setConsoleScene } from './support/console-scene.ts';

const scene = setConsoleScene();
const PATIENCE = { timeout: 20_000 };

/** What of the rows is cut: the texts that have less room than they need. */
function cutTexts(page: Page): Promise<string[]> {
  return page.locator('.call-row').evaluateAll((rows) =>
    rows
      .flatMap((row) => [...row.querySelectorAll('span, time, bdi')])
      .filter((part) => part.scrollWidth > part.clientWidth && getComputedStyle(part).overflow === 'hidden')
      .filter((part) => !part.classList.contains('visually-hidden'))
      .map((part) => `${part.textContent} ${part.clientWidth}<${part.scrollWidth}`),
  );
}

/** The same webhooks, the last of which also says that its own party hung up. */
function whoHungUp(webhooks: readonly Webhook[]): Webhook[] {
  return webhooks.map(({ body, ...webhook }, index) => {
    const isLast = index === webhooks.length - 1;
    return {
      ...webhook,
      ...(body !== undefined && { body: isLast ? body.replace('{', '{"disconnected_by":"user",') : body }),
    };
  });
}

/** Right edges of the elements that fit, in whole pixels. */
function rightEdges(page: Page, selector: string): Promise<number[]> {
  return page
    .locator(selector)
    .evaluateAll((elements) => elements.map((element) => Math.round(element.getBoundingClientRect().right)));
}

test('both numbers, the outcome and the agent can be read at 320 px', async () => {
  const developer = await scene.developer();
  const { page } = developer;
  for (const part of ['.header__mark', '.filter input']) {
    const box = await page.locator(part).first().boundingBox();
    expect(box?.x, `${part} at the edge`).toBeGreaterThanOrEqual(12);
  }
  // What a page says of its parts counts more than what all pages say.
  expect(await page.locator('.header__mark').boundingBox()).toMatchObject({ width: 36, height: 36 });
  expect(await page.locator('.filter__toggle').isVisible()).toBe(false);
  await page.setViewportSize({ width: 320, height: 800 });
  const given = wholeCall();
  await scene.deliver(whoHungUp(wholeCall().webhooks));
  await scene.deliver([...given.webhooks.slice(0, 6), ...given.webhooks.slice(-1)]);
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(2);
  for (const [language, outcome] of [
    ['en', 'Completed · caller hung up'],
    ['es', 'Completada · colgó quien llamaba'],
  ] as const) {
    await page.locator('.footer select').first().selectOption(language);
    await developer.lines.filter({ hasText: outcome }).waitFor(PATIENCE);
    expect(await cutTexts(page)).toEqual([]);
    for (const line of await developer.lines.all()) {
      expect(await line.getByText('Alice').isVisible()).toBe(true);
      expect(await line.getByText('+44 20 3829 7050').isVisible()).toBe(true);
    }
  }
});

test('a call that was triggered is listed with its talk time, and has no issues', async () => {
  const developer = await scene.developer();
  vi.spyOn(console, 'log').mockReturnValue();
  const eventUrl = `${scene.url}/voice/event`;
  const args = ['completed', '--set', 'duration=42', '--event-url', eventUrl];
  expect(await trigger(args, { EMULATOR_PORT: '9' })).toBe(0);
  vi.restoreAllMocks();
  await developer.lines
    .filter({ hasText: 'Completed · caller hung up' })
    .getByTitle('Talk time 0:42')
    .waitFor(PATIENCE);
  await developer.lines.click();
  await developer.rungs.nth(1).waitFor(PATIENCE);
  const call = developer.page.getByRole('region', { name: 'Timeline' });
  expect(await call.innerText()).not.toMatch(/\d issues?/);
});

test('rows reach the edge of the list, and below their column once there is a scroll bar', async () => {
  const developer = await scene.developer();
  const { page } = developer;
  await page.setViewportSize({ width: 880, height: 480 });
  await scene.deliver(wholeCall().webhooks);
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(1);
  const [edge] = await rightEdges(page, '.list__rows');
  expect(await rightEdges(page, '.call-row')).toEqual([edge]);

  for (let call = 0; call < 12; call += 1) await scene.deliver(wholeCall().webhooks.slice(0, 1));
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(13);
  const [row] = await rightEdges(page, '.call-row__when');
  await expect.poll(() => rightEdges(page, '.list__columns > :nth-child(4)'), PATIENCE).toEqual([row]);
});

/** How many pixels a page is wider than its window. */
function excess(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** 640 by 400 is what a window of 1280 by 800 has at a zoom of 200 %. */
test.each([
  [320, 800],
  [640, 400],
  [1280, 800],
])('a search and what it finds fit into %i by %i pixels, in both languages', async (width, height) => {
  const developer = await scene.developer();
  const { page } = developer;
  await page.setViewportSize({ width, height });
  const [call, other] = [wholeCall(), wholeCall({ agent: 'Bob' })];
  await scene.deliver([...whoHungUp(call.webhooks), ...other.webhooks]);
  await scene.deliver(call.webhooks.slice(1, 3));
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(2);
  for (const language of ['es', 'en'] as const) {
    await page.locator('.footer select').first().selectOption(language);
    const toggle = page.locator('.filter__toggle');
    if ((await toggle.isVisible()) && (await toggle.getAttribute('aria-expanded')) === 'false')
      await toggle.click();
    await page.locator('#search').fill('agent:bob from:2026-13-01 colour:red outcome:answered 7700');
    await page.locator('.filter__problem').filter({ hasText: '2026-13-01' }).waitFor(PATIENCE);
    await expect.poll(() => developer.lines.count(), PATIENCE).toBe(1);
    expect(await excess(page)).toBe(0);
    await page.locator('#search').fill('7700');
    await expect.poll(() => developer.lines.count(), PATIENCE).toBe(2);
    await developer.lines.last().getByText('7700').first().waitFor(PATIENCE);
  }
  if (await page.locator('.filter__toggle').isVisible()) await page.locator('.filter__toggle').click();
  await developer.opens(call.id, 14);
  await page.getByText('Delivered 2 times').first().waitFor(PATIENCE);
  await page.getByRole('button', { name: 'JSON' }).first().click();
  await page.locator('.json-text mark').first().waitFor(PATIENCE);
  expect(await excess(page)).toBe(0);
  const shots = process.env.CONSOLE_SHOTS;
  if (shots) await page.screenshot({ path: `${shots}/call-${width}.png` });
});

test('what is found can be told from the rest in forced colours', async () => {
  const developer = await scene.developer({ address: '?text=7700' });
  const { page } = developer;
  await scene.deliver(wholeCall().webhooks);
  await page.emulateMedia({ forcedColors: 'active' });
  const mark = page.locator('.call-row mark').first();
  await mark.waitFor(PATIENCE);
  const colours = await mark.evaluate((element) =>
    [element, element.closest('.list')].map((each) => each && getComputedStyle(each).backgroundColor),
  );
  expect(colours[0]).not.toBe(colours[1]);
  await axeFindsNothing(page);
});
