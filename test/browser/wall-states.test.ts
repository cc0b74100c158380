import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { AuditPage } from '../../domain/api/audit-api.ts';
import { boardOf, startWallServer, type WallServer } from '../support/wall-server.ts';
import { axeFindsNothingInAnyColours } from './support/axe.ts';
import { startBrowser, type TestBrowser } from './support/browser.ts';

const PATIENCE = { timeout: 20_000 };

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser({ microphone: 440 });
});
afterAll(() => browser[Symbol.asyncDispose]());

interface Wall {
  server: WallServer;
  page: Page;
}

async function openWall(
  change: (server: WallServer) => void = () => {},
  { hash = '', width = 1440, height = 900 } = {},
): Promise<Wall> {
  const server = await startWallServer(boardOf(12, 5));
  change(server);
  const { page, context } = await browser.open(`${server.url}wall.html${hash}`);
  onTestFinished(async () => {
    await context.close();
    await server.close();
  });
  await page.setViewportSize({ width, height });
  return { server, page };
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const nobody = { agent: null, roles: [], agents: [], signIn: 'code' } as const;

test.each<[string, string, (server: WallServer) => void]>([
  ['nobody is signed in', 'Sign in to see the wall', (server) => Object.assign(server.session, nobody)],
  [
    'the role is missing',
    'Alice, this page is for supervisors',
    (server) => Object.assign(server.session, { roles: ['agent'] }),
  ],
  [
    'there is no desk',
    'This server has no desk',
    (server) => Object.assign(server.session, { routing: 'direct' }),
  ],
  ['there are no agents', 'No agents yet', (server) => Object.assign(server.view, boardOf(0, 0))],
  ['the figures are late', 'The figures could not be loaded.', (server) => (server.figures = () => null)],
  [
    'the server gives no feed',
    'The server is not responding. This page shows the desk as it was',
    (server) => (server.isFeedCut = true),
  ],
])('the wall says in words when %s, and axe finds no issue', async (_, words, change) => {
  for (const width of [1440, 320]) {
    const { page } = await openWall(change, { width });
    await page.getByText(words).first().waitFor(PATIENCE);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await axeFindsNothingInAnyColours(page);
  }
});

test.each([1440, 720, 320])('axe finds no issue in the board and its dialogs (%i wide)', async (width) => {
  const { page, server } = await openWall(
    (each) => {
      each.calls = someCalls();
      each.audit = someAudit();
    },
    { width },
  );
  await page.getByRole('listbox', { name: 'Agents' }).waitFor(PATIENCE);
  await page
    .locator('.uplot')
    .first()
    .waitFor({ state: 'attached', ...PATIENCE });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await axeFindsNothingInAnyColours(page);

  await page.getByRole('button', { name: /^Service level/ }).click();
  await page.getByRole('dialog').getByText('Answered late · Bob declined').waitFor(PATIENCE);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await axeFindsNothingInAnyColours(page);
  await page.keyboard.press('Escape');

  const lists = ['Agents', 'Waiting callers'];
  for (const name of lists) {
    await page.getByRole('listbox', { name }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await axeFindsNothingInAnyColours(page);
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: 'Agents today' }).click();
  await page.getByRole('dialog').getByRole('rowheader', { name: 'Alice' }).waitFor();
  await axeFindsNothingInAnyColours(page);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Audit trail' }).click();
  await page.getByRole('dialog').getByText('listen, in private, agent Alice').waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Show older' }).click();
  await expect.poll(() => page.getByRole('dialog').getByRole('row').count()).toBe(5);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await axeFindsNothingInAnyColours(page);
  await page.keyboard.press('Escape');

  server.cut();
  await page.getByText(/^The server is not responding/).waitFor(PATIENCE);
  await axeFindsNothingInAnyColours(page);
  server.isFeedCut = false;
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor(PATIENCE);
});

test('the big screen has no controls, fits the screen, and is readable from four metres', async () => {
  const { page } = await openWall(() => {}, { hash: '#big', width: 1920, height: 1080 });
  await page.getByText('Agents ready').first().waitFor(PATIENCE);
  expect(await page.locator('button, a, input, select, [tabindex]').count()).toBe(0);
  const tall = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect([await overflow(page), tall]).toEqual([0, 0]);
  // 24 of 1,080 lines are 1.5 cm on a screen of 55 inches.
  const sizes = await page
    .locator('.big dd, .big dt, .big td, .big th, .alarm__words')
    .evaluateAll((all) => all.map((each) => Number.parseFloat(getComputedStyle(each).fontSize)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  await axeFindsNothingInAnyColours(page);
  await page.keyboard.press('Escape');
  await page.getByRole('listbox', { name: 'Agents' }).waitFor(PATIENCE);
});

test('the title tells the number of alarms, and each alarm what it is and since when', async () => {
  const { page, server } = await openWall((each) => {
    each.view = { ...boardOf(12, 0), voicemails: { unheard: 0, oldest: null }, calls: [], queues: [] };
  });
  await page.getByText('No alarms').waitFor(PATIENCE);
  expect(await page.title()).toBe('Wall · Switchboard');
  server.view = { ...server.view, voicemails: { unheard: 3, oldest: Date.now() - 45 * 60_000 } };
  server.tell();
  const alarms = page.getByRole('region', { name: 'Alarms' });
  await alarms
    .getByRole('listitem')
    .filter({ hasText: /Warning\s*3 voicemails nobody has listened to\s*45:0/ })
    .waitFor();
  expect(await alarms.getByRole('status').innerText()).toMatch(/^3 voicemails/);
  expect(await page.title()).toBe('(1) Wall · Switchboard');
});

test('agents can be filtered by state, callers by queue, both from the keyboard; of long lists only what is in view is on the page', async () => {
  const { page, server } = await openWall();
  const agents = page.getByRole('listbox', { name: 'Agents' }).getByRole('option');
  await page.getByRole('button', { name: /^On a call 4/ }).press('Enter');
  await expect.poll(() => agents.count()).toBe(4);
  await page.getByRole('button', { name: 'Show only the callers of support' }).press('Enter');
  const callers = page.getByRole('listbox', { name: 'Waiting callers in support' }).getByRole('option');
  await expect.poll(() => callers.count()).toBe(2);

  server.view = boardOf(200, 500);
  server.tell();
  await page.getByRole('heading', { name: 'Waiting callers in support 167' }).waitFor();
  await page.getByRole('button', { name: /^All 200/ }).click();
  await page.getByText('Connection lost').first().waitFor();
  for (const list of [agents, callers]) expect(await list.count()).toBeLessThan(60);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(1_200);

  await page.getByRole('button', { name: 'Show all queues' }).click();
  await page.setViewportSize({ width: 1280, height: 800 });
  const cut = await page
    .locator('.caller__number, .agent__caller')
    .evaluateAll((all) =>
      all.flatMap((each) => (each.scrollWidth > each.clientWidth ? each.textContent : [])),
    );
  expect(cut).toEqual([]);
  await page.getByRole('button', { name: 'Booked callbacks 2' }).press('Enter');
  const booked = page.getByRole('listbox', { name: 'Booked callbacks' }).getByRole('option');
  await expect.poll(() => booked.count()).toBe(2);
  await page.getByText('Outbound today').waitFor();
});

test('the figures by interval and the agents’ day are saved as tables', async () => {
  const { page } = await openWall();
  for (const [name, first, rows] of [
    ['Figures by interval', /^\uFEFFTime,Offered,Answered/, 10],
    ['Agents’ day', /^\uFEFFAgent,Handled,Talk \(s\)/, 11],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click(PATIENCE),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toMatch(first);
    expect(text.trimEnd().split('\r\n').length).toBeGreaterThanOrEqual(rows);
  }
});

function someCalls(): WallServer['calls'] {
  const call = { from: '447700900000', queue: 'sales', handleSeconds: 190, isShort: false, at: Date.now() };
  return {
    total: 2,
    calls: [
      {
        ...call,
        id: 'late',
        agent: 'Alice',
        waitedSeconds: 33,
        outcome: 'answered',
        isInTime: false,
        notTaken: [{ agent: 'Bob', as: 'rejected', by: null }],
      },
      {
        ...call,
        id: 'gone',
        agent: null,
        waitedSeconds: 50,
        handleSeconds: null,
        outcome: 'abandoned',
        isInTime: false,
        notTaken: [],
      },
    ],
  };
}

function someAudit(): AuditPage {
  const entry = { id: 9, at: Date.now(), who: 'Bob', of: null, from: '203.0.113.7', details: null };
  return {
    entries: [
      {
        ...entry,
        what: 'listened in',
        of: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
        details: 'listen, in private, agent Alice',
      },
      { ...entry, id: 8, who: null, what: 'roles changed', of: 'Dave', from: 'npm run agents, as root' },
    ],
    next: 8,
  };
}
