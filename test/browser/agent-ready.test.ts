import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFindsNothingInAnyLight } from './support/axe.ts';
import { setScene } from './support/scene.ts';

const CALLER = '+44 7700 900000';

/** Each test has an agent of its own, whose status the others do not change. */
const scene = setScene({
  environment: { AGENTS: 'Alice,Bob,Carol,Dan,Eve', WAIT_MESSAGE: 'One moment' },
  desk: ({ queues: { main }, ...rules }) => ({
    ...rules,
    queues: main ? { main: { ...main, ringSeconds: 6, wrapUpSeconds: 0 } } : {},
  }),
});

test('a call that the browser keeps silent shows in a bar and the title, and is explained afterwards', async () => {
  const alice = await scene.agent({
    name: 'Alice',
    readsClipboard: true,
    prepare: (page) => page.addInitScript(keepSilent),
  });
  await alice.sees('Lines are open for calls');
  const check = alice.page.getByRole('region', { name: 'Ready check' });
  const bar = alice.button('Ringtone is off. Click to turn sound on');
  await bar.waitFor();
  await check.getByText('Sound is off').waitFor();
  const caller = await scene.caller();
  await caller.dials();
  await alice.sees(`Incoming call from ${CALLER}`);
  await expect.poll(() => alice.page.title()).toBe(`${CALLER} is calling`);

  // It rings out twice.
  await alice.page.getByText(/^Still there/).waitFor({ timeout: 40_000 });
  const missed = alice.page.getByRole('listitem').filter({ hasText: CALLER }).filter({ hasText: 'Missed' });
  await missed.getByRole('button', { name: 'Why didn’t it ring?' }).focus();
  await alice.page.keyboard.press('Enter');
  await missed.getByText('The call reached this page').waitFor();
  await missed.getByText('The browser blocked the ringtone').waitFor();
  await axeFindsNothingInAnyLight(alice.page);
  await caller.click('Hang up');

  await bar.click();
  await bar.waitFor({ state: 'detached' });
  await alice.click('I’m back');
  await check
    .getByRole('listitem')
    .filter({ hasText: /^Sound$/ })
    .waitFor();

  await alice.page.getByText('Event log').click();
  const call = alice.page.getByRole('table', { name: /^Call at / }).first();
  await call
    .getByText(/^[+−][\d.]+ m?s$/)
    .first()
    .waitFor();
  await alice.click('Copy for support');
  await alice.page.getByText('Copied, with phone numbers masked').waitFor();
  const copied = await alice.page.evaluate(() => navigator.clipboard.readText());
  for (const fact of [
    /^line open, call \w+$/m,
    /^session \S+$/m,
    /ring: sound blocked/,
    /devices: microphone \S/,
    / rings: page \S+, webhook \S+, agree$/m,
  ]) {
    expect(copied).toMatch(fact);
  }
  expect(copied.replace(/\D/g, '')).not.toContain('7700900000');
});

/** As a page is that nobody has touched yet: the driver's own actions count as a user's. Runs in the page. */
function keepSilent(): void {
  let isTouched = false;
  document.addEventListener('pointerdown', () => {
    isTouched = true;
  });
  Object.defineProperty(navigator, 'userActivation', {
    value: {
      get hasBeenActive() {
        return isTouched;
      },
    },
  });
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      void this.suspend();
    }
    override resume(): Promise<void> {
      return isTouched ? super.resume() : Promise.resolve();
    }
  };
}

test('going available checks sound, microphone, notifications, session and round trip', async () => {
  const alice = await scene.agent({
    name: 'Bob',
    prepare: async (page) => {
      await showNotices(page);
      await page.addInitScript(watchShifts);
    },
  });
  await alice.sees('Lines are open for calls');
  const check = alice.page.getByRole('region', { name: 'Ready check' });
  await check.getByText(/^Round trip \d+ ms$/).waitFor();
  // What comes later finds its room: nothing has jumped while the page opened.
  expect(await alice.page.evaluate(() => window.shifted)).toBeLessThan(0.02);
  await alice.click('Away');
  await alice.sees('Away');
  await check.waitFor({ state: 'detached' });
  await alice.click('Available');
  await alice.sees('Lines are open for calls');
  await alice.page.getByText('Microphone', { exact: true }).waitFor();
  for (const words of ['Sound', 'Notifications', 'Session']) {
    await check
      .getByRole('listitem')
      .filter({ hasText: new RegExp(`^${words}$`) })
      .waitFor();
  }
  await check.getByText(/^Round trip \d+ ms$/).waitFor();
  await check.getByText('Ready for calls').waitFor();
});

test('the page begins in the browser’s language, and changes to another when it is chosen', async () => {
  const { page } = await scene.agent({ name: 'Bob', locale: 'es-MX' });
  await page.getByText('Registro de eventos').waitFor();
  await page.getByRole('combobox', { name: 'Idioma' }).selectOption('English');
  await page.getByText('Event log').waitFor();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Español');
  await page.getByText('Registro de eventos').waitFor();
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('es');
});

test('the server rings no agent whose page has no microphone', async () => {
  const alice = await scene.agent({ name: 'Carol', microphone: 'denied' });
  await alice.sees('Not ready: microphone access is blocked');
  await alice.page.getByRole('heading', { name: 'Microphone access is blocked' }).waitFor();
  const caller = await scene.caller();
  await caller.dials();
  await caller.sees(/^Connected/);
  const calls = async () => (await (await fetch(`${scene.stack.agentUrl}api/desk`)).json()).calls;
  await expect.poll(async () => (await calls())[0]?.state).toMatch(/^(greeting|waiting)$/);
  expect(await alice.status()).toBe('Not ready: microphone access is blocked');
});

test('a notification of a call closes with it, and its button answers', async () => {
  const alice = await scene.agent({ name: 'Dan', prepare: showNotices });
  await alice.sees('Lines are open for calls');
  const shown = () => alice.page.evaluate(() => [...window.notices.values()].map(({ title }) => title));
  const first = await scene.caller();
  // A narrow phone, whose header has the whole team in it: Answer stays under the thumb.
  await alice.page.setViewportSize({ width: 320, height: 740 });
  const place = await alice.button('Answer').boundingBox();
  await first.dials();
  await expect.poll(shown).toEqual([`Incoming call from ${CALLER}`]);
  await alice.sees(`Incoming call from ${CALLER}`);
  const { x, y, height } = { ...(await alice.button('Answer').boundingBox()) };
  expect({ x, y, height }).toEqual({ x: place?.x, y: place?.y, height: place?.height });
  await first.click('Hang up');
  await expect.poll(shown).toEqual([]);
  await alice.sees('Lines are open for calls');

  const second = await scene.caller();
  await second.dials();
  await expect.poll(shown).toEqual(['Incoming call from +44 7700 900001']);
  const data = await alice.page.evaluate(() => [...window.notices.values()][0]?.data);
  const [worker] = alice.page.context().serviceWorkers();
  await worker?.evaluate((notice) => {
    const click = new Event('notificationclick');
    const notification = { data: notice, close: () => {} };
    self.dispatchEvent(Object.assign(click, { action: 'answer', notification, waitUntil: () => {} }));
  }, data);
  await alice.sees(/^In call with/);
  await expect.poll(shown).toEqual([]);
  await alice.click('Hang up');
  scene.expectsComplaints();
});

/** Adds up how far things have moved by themselves, as browsers score it. Runs in the page. */
function watchShifts(): void {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += 'value' in entry ? Number(entry.value) : 0;
  }).observe({ type: 'layout-shift', buffered: true });
}

/** A browser without a screen shows no notifications: they are kept in the page, which nobody looks at. */
async function showNotices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.notices = new Map();
    document.hasFocus = () => false;
    Object.defineProperty(Notification, 'permission', { value: 'granted' });
    const { prototype } = ServiceWorkerRegistration;
    prototype.showNotification = async (title, { tag = '', data } = {}) => {
      window.notices.set(tag, { title, data });
    };
    prototype.getNotifications = async ({ tag = '' } = {}) => {
      const close = () => void window.notices.delete(tag);
      return window.notices.has(tag) ? [Object.assign(Object.create(Notification.prototype), { close })] : [];
    };
  });
}

test('the small window shows the call and takes the same buttons', async () => {
  const alice = await scene.agent({ name: 'Eve' });
  await alice.sees('Lines are open for calls');
  const [small] = await Promise.all([
    alice.page.context().waitForEvent('page'),
    alice.click('Keep in front'),
  ]);
  const caller = await scene.caller();
  await caller.dials();
  await small
    .getByRole('status', { name: 'Call status' })
    .getByText(`Incoming call from ${CALLER}`)
    .waitFor();
  await small.getByRole('button', { name: 'Answer' }).click();
  await alice.sees(`In call with ${CALLER}`);
  const mute = small.getByRole('button', { name: 'Mute' }).and(small.locator('[aria-disabled=false]'));
  await mute.click();
  await expect.poll(() => alice.button('Mute').getAttribute('aria-pressed')).toBe('true');
  await axeFindsNothingInAnyLight(small);
  await small.getByRole('button', { name: 'Hang up' }).click();
  // The SDK reports it where the desk ended the leg first.
  scene.expectsComplaints();
  await alice.sees('Call ended: you hung up');
  await alice.button('Keep in front').and(alice.page.locator('[aria-pressed=true]')).click();
  await expect.poll(() => small.isClosed()).toBe(true);
});

declare global {
  interface Window {
    /** The notifications that are shown, by tag. */
    notices: Map<string, { title: string; data: unknown }>;
    shifted: number;
  }
}
