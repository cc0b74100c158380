import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startBrowser } from '../test/browser/support/browser.ts';
import { deliver, wholeCall } from '../test/browser/support/calls.ts';
import { DeveloperAtConsole } from '../test/browser/support/developer.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { realModeEnvironment, startServer } from '../test/support/real-mode.ts';

/**
 * Measures how long it takes from sending a webhook until the console paints it, on a page of the same server
 * and of another server on the same database. All clocks are this machine's.
 */
const CALLS = 20;
const WARM_UP = 2;
/** Varying milliseconds between webhooks, so that they arrive at different moments of a frame. */
const PAUSE = { least: 20, most: 120 };
const BAR = 100;

const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
const postgres = await startPostgres();
const browser = await startBrowser({ microphone: 440 });
try {
  console.log(`\n${CALLS} calls of 10 webhooks, milliseconds${''.padEnd(18)}p50    p95    max   bar (p95)`);
  const embedded = await startServer(realModeEnvironment(dataDir));
  print('one server, SQLite', await measure(embedded.url, embedded.url));
  await embedded.program.stop();

  const shared = { ...realModeEnvironment(dataDir), DATABASE_URL: await postgres.createDatabase() };
  const [near, far] = [await startServer(shared), await startServer(shared)];
  print('one server, Postgres', await measure(near.url, near.url));
  print('page on the other of two servers', await measure(near.url, far.url));
  await Promise.all([near.program.stop(), far.program.stop()]);
} finally {
  await browser[Symbol.asyncDispose]();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
}

/** Milliseconds per webhook sent to one server, on a page of the other. */
async function measure(sendTo: string, watchAt: string): Promise<number[]> {
  const { page, context } = await browser.open(`${watchAt}/console.html`);
  const developer = new DeveloperAtConsole(page);
  await developer.signsIn();
  await page.evaluate(keepDiary);
  const measured: number[] = [];
  for (let index = 0; index < CALLS + WARM_UP; index += 1) {
    const lags = await measureCall(developer, sendTo);
    if (index >= WARM_UP) measured.push(...lags);
  }
  await context.close();
  return measured;
}

/** The first webhook appears as a row of the list, the others as steps of the opened call. */
async function measureCall(developer: DeveloperAtConsole, url: string): Promise<number[]> {
  const { page } = developer;
  const { id, webhooks } = wholeCall();
  const sent: number[] = [];
  for (const [index, webhook] of webhooks.entries()) {
    await wait(randomInt(PAUSE.least, PAUSE.most));
    sent.push(Date.now());
    await deliver(url, [webhook]);
    if (index === 0) await developer.opens(id, 2);
  }
  const all = await page.waitForFunction(
    ([call, count]) => {
      const times = window.painted[call];
      return times?.length === count && times;
    },
    [id, sent.length] as const,
  );
  const shown = (await all.jsonValue()) || [];
  return sent.map((at, index) => (shown[index] ?? Number.NaN) - at);
}

/** Runs in the page: records when each call's row and each of its events are painted. */
function keepDiary(): void {
  window.painted = {};
  const note = (call: string, count: number) => {
    const times = window.painted[call] ?? [];
    window.painted[call] = times;
    if (times.length >= count) return;
    // The current content is painted before tasks after the next frame.
    requestAnimationFrame(() =>
      setTimeout(() => {
        while (times.length < count) times.push(Date.now());
      }),
    );
  };
  const look = () => {
    for (const line of document.querySelectorAll('[data-call]')) {
      const isOpen = line.getAttribute('aria-selected') === 'true';
      // The request and its answer are two steps.
      const steps = isOpen ? document.querySelectorAll('.rung:not(.rung--talk)').length - 2 : 0;
      note(line.getAttribute('data-call') ?? '', 1 + Math.max(0, steps));
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}

declare global {
  interface Window {
    painted: Record<string, number[]>;
  }
}

function print(name: string, lags: number[]): void {
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const figures = [at(0.5), at(0.95), at(1)].map((value) => String(value).padStart(7)).join('');
  console.log(`${name.padEnd(46)}${figures}   ≤ ${BAR}: ${at(0.95) <= BAR ? 'met' : 'MISSED'}`);
}
