import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlatform, type Platform } from '../../emulator/platform.ts';
import { axeFindsNothing } from './support/axe.ts';
import { startBrowser, type TestBrowser, type TestPage } from './support/browser.ts';

const PATIENCE = { timeout: 10_000 };
const NCCO = [{ action: 'talk', text: 'Please wait', loop: 0 }];

/** An application with configurable answers. */
let application: Server;
let eventStatus: number;
let platform: Platform;
let browser: TestBrowser;
let opened: TestPage;

beforeAll(async () => {
  browser = await startBrowser({ microphone: 440 });
  application = createServer((request, response) => {
    request.resume();
    const isEvent = request.url?.startsWith('/event') === true;
    response.writeHead(isEvent ? eventStatus : 200, { 'content-type': 'application/json' });
    response.end(isEvent ? '' : JSON.stringify(NCCO));
  });
  await new Promise<void>((done) => application.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  application.closeAllConnections();
  application.close();
});
beforeEach(async () => {
  eventStatus = 204;
  const address = application.address();
  if (address === null || typeof address === 'string') throw new Error('The application does not listen.');
  const url = `http://127.0.0.1:${address.port}`;
  platform = await createPlatform({ answerUrl: `${url}/answer`, eventUrl: `${url}/event` });
  opened = await browser.open(`${platform.url}/inspector/`);
  await sees('Live');
});
afterEach(async () => {
  await platform.close();
  await opened.context.close();
  expect(opened.complaints.filter((complaint) => !complaint.startsWith('Failed to load resource'))).toEqual(
    [],
  );
});

const sees = (state: string) => opened.page.locator('.state').filter({ hasText: state }).waitFor(PATIENCE);
const rows = (page: Page, name = /./) =>
  page.getByRole('listbox', { name: 'Requests' }).getByRole('option', { name });

/** A call that ends when its webhooks are done. */
async function placeCall(): Promise<void> {
  const caller = platform.call();
  await caller.until('answered');
  caller.hangUp();
  await platform.settled();
}

test('a call appears live; faulty webhooks get a hint, are fixed, and sent again', async () => {
  const { page, context } = opened;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: platform.url });
  eventStatus = 500;
  await placeCall();

  // The answer, as the platform reads it.
  await rows(page, /NCCO .* 200/).click(PATIENCE);
  const request = page.getByRole('region', { name: 'Request', exact: true });
  await request.getByText('Please wait').first().waitFor(PATIENCE);
  await request.getByText('The payload hash matches').waitFor();
  expect(new URL(page.url()).hash).toMatch(/^#\d+$/);

  // An event that made the application fail.
  await rows(page, /completed .* 500/)
    .first()
    .click();
  await request.getByText('Your server failed (500)').waitFor();
  eventStatus = 204;
  await page.keyboard.press('r');
  await page.getByRole('status').filter({ hasText: 'Sent again: 204' }).waitFor(PATIENCE);
  await rows(page, /completed .* 204 .*sent again/).waitFor();
  await request.getByText(/repeats #\d+/).waitFor();

  await page.keyboard.press('c');
  await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toMatch(/^curl 'http:\/\/127\.0\.0\.1:\d+\/event' \\\n/);
  expect(command).toContain(`-H 'authorization: Bearer '"$TOKEN"`);
  expect(command).toContain('"status":"completed"');

  // With the keyboard: select failed requests, and from there only the archive.
  await page.keyboard.press('/');
  await page.keyboard.type('check its log');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.count').textContent()).toMatch(/^[1-9] of /);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'HAR' }).click();
  const archive: unknown = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  const failed = { response: { status: 500 }, comment: expect.stringContaining('Check its log') };
  const entries = Array(await rows(page).count()).fill(failed);
  expect(archive).toMatchObject({ log: { version: '1.2', entries } });
});

test('in a narrow window, Back leads from a request to the list', async () => {
  const { page } = opened;
  await page.setViewportSize({ width: 320, height: 640 });
  await placeCall();
  const list = page.getByRole('listbox', { name: 'Requests' });
  const heading = page.getByRole('heading', { name: /^NCCO/, level: 2 });
  const back = [
    () => page.goBack(),
    () => page.getByRole('button', { name: 'Back to the list' }).click(),
    () => page.keyboard.press('Escape'),
  ];
  for (const goBack of back) {
    await rows(page, /NCCO/).click(PATIENCE);
    await heading.waitFor(PATIENCE);
    expect(await list.isVisible()).toBe(false);
    await goBack();
    await list.waitFor();
    expect(await heading.isVisible()).toBe(false);
    expect(new URL(page.url()).hash).toMatch(/^#\d+$/);
  }
  await page.goto(`${platform.url}/inspector/#2`);
  await page.getByText('Sent · Event · #2').waitFor(PATIENCE);
});

const LOOKS = [
  ['light', 1280],
  ['dark', 320],
  ['dark', 1280],
  ['light', 320],
] as const;

test('axe finds no issue in any state, light and dark, 1280 and 320 pixels wide', async () => {
  const { page } = opened;
  const looksWell = async (looks: readonly (typeof LOOKS)[number][]) => {
    for (const [colorScheme, width] of looks) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await axeFindsNothing(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `overflow at ${width}`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  await page.getByText('Nothing has been sent or received yet.').waitFor(PATIENCE);
  await looksWell(LOOKS.slice(3));

  eventStatus = 404;
  await placeCall();
  await rows(page, /completed .* 404/)
    .first()
    .click(PATIENCE);
  await page.getByText('Your server has no route for POST /event').waitFor();
  for (const summary of await page.locator('summary').all()) await summary.click();
  await looksWell(LOOKS);

  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await placeCall();
  await page.getByRole('button', { name: /^Resume: \d new requests$/ }).waitFor(PATIENCE);
  await looksWell(LOOKS.slice(1, 2));

  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await looksWell(LOOKS.slice(2, 3));
  await page.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('searchbox').fill('nobody says this');
  await page.getByText('No requests match.').waitFor();
  await platform.close();
  await sees('Reconnecting');
  await page.getByText('The emulator is not responding.').waitFor(PATIENCE);
  await looksWell([LOOKS[2], LOOKS[3]]);
});
