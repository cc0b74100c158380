import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.mjs';

/**
 * `npm run pictures`: takes the pictures of the README. The team of `npm run demo` works for a while with Alice, so that
 * there is something to see; then Alice opens her page and answers a call.
 */

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/pictures');
/** A page with pictures should open quickly. */
const MOST_BYTES = 150_000;
/** What an agent page shows of itself. */
const ABOVE_FOOTER = { x: 0, y: 0, width: 1200, height: 732 };
/** Milliseconds that the team works before the first picture. */
const WORK_MS = 100_000;
/** Milliseconds after which the server knows that a page is gone, and another one takes the calls. */
const LEASE_MS = 10_000;
/** Milliseconds that a call may take to ring at Alice’s page. */
const PATIENCE_MS = 120_000;

const demo = spawn(process.execPath, [join(ROOT, 'server/commands/demo/main.ts'), '--speed', '2'], {
  env: { ...process.env, PORT: '0', EMULATOR_PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath !== undefined && { executablePath }),
  args: [
    '--no-sandbox',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
  ],
});
try {
  const { server, emulator } = await addressesOf(demo);
  const context = await browser.newContext({
    locale: 'en-GB',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    permissions: ['microphone', 'notifications'],
  });
  const open = async (path: string, width: number, height: number) => {
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(`${server}/${path}`);
    return page;
  };
  await writeNotes(server);
  await workAsAlice(server, emulator);

  const agent = await open('client_js.html', 1200, 790);
  const button = (name: string) => agent.getByRole('button', { name, exact: true });
  // The caller pane of someone who is no contact shows little.
  for (;;) {
    await button('Reject').waitFor({ timeout: PATIENCE_MS });
    await pause(1_500);
    if (
      (await button('Answer')
        .isEnabled({ timeout: 2_000 })
        .catch(() => false)) &&
      (await button('Edit contact').isVisible())
    )
      break;
    // Unless the caller has just hung up.
    await button('Reject')
      .click({ timeout: 2_000 })
      .catch(() => {});
    await button('Reject').waitFor({ state: 'hidden', timeout: PATIENCE_MS });
  }
  await take(agent, 'ringing', ABOVE_FOOTER);
  await button('Answer').click();
  await button('Hang up').waitFor();
  await pause(5_000);
  await take(agent, 'in-call', ABOVE_FOOTER);
  await take(await open('wall.html', 1440, 800), 'wall');

  const consolePage = await open('console.html', 1200, 700);
  const calls = consolePage.getByRole('listbox').getByRole('option');
  // The first ones are still going on.
  await calls.filter({ hasText: 'Completed' }).first().click();
  await take(consolePage, 'console');
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  if (demo.exitCode === null) await once(demo, 'exit');
}

/** The addresses of the demo’s server and emulator, as soon as they are ready. */
async function addressesOf({ stdout }: typeof demo): Promise<{ server: string; emulator: string }> {
  let server: string | undefined;
  for await (const line of createInterface({ input: stdout })) {
    const [, name, url] = /(Agent page|Phone) +(http:\/\/127\.0\.0\.1:\d+)\//.exec(line) ?? [];
    if (url === undefined) continue;
    if (name === 'Agent page') server = url;
    if (name !== 'Phone' || server === undefined) continue;
    // Nobody reads what it prints from now on.
    stdout.resume();
    return { server, emulator: url };
  }
  throw new Error('The demo ended before it was ready.');
}

async function send(method: string, url: string, body?: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { headers, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

/** Takes calls as Alice, without a page, as the rest of the team does. */
async function workAsAlice(server: string, emulator: string): Promise<void> {
  const page = { agent: 'Alice', tab: 'pictures', line: 'up', sound: 'on', microphone: 'ready' };
  await send('POST', `${emulator}/emulator/agents`, { user: 'Alice', rule: { does: 'answer', after: 2 } });
  for (const end = Date.now() + WORK_MS; Date.now() < end; await pause(3_000))
    await send('POST', `${server}/api/presence`, page);
  await send('DELETE', `${emulator}/emulator/agents/Alice`);
  await pause(LEASE_MS);
}

/** Gives each contact a note. The demo writes its contacts when it begins. */
async function writeNotes(server: string): Promise<void> {
  for (let known = 0; known === 0; ) {
    await pause(500);
    const { contacts }: { contacts: { number: string }[] } = JSON.parse(
      await send('GET', `${server}/api/contacts`),
    );
    known = contacts.length;
    const note = { agent: 'Bob', text: 'Prefers to be called in the morning.', call: null };
    for (const { number } of contacts) await send('POST', `${server}/api/contacts/+${number}/notes`, note);
  }
}

async function take(page: Page, name: string, clip?: typeof ABOVE_FOOTER): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.bringToFront();
  // Fonts and lists that are still loading.
  await pause(1_500);
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, ...(clip && { clip }) });
  const { size } = statSync(path);
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES / 1000} kB.`);
}
