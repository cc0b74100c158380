import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import type { WallView } from '../domain/api/wall-api.ts';
import { startBrowser, type TestBrowser } from '../test/browser/support/browser.ts';
import { startStack } from '../test/browser/support/stack.ts';
import { boardOf, startWallServer } from '../test/support/wall-server.ts';

/**
 * Measures the supervisor's wall with 200 agents and 500 waiting callers: what an update costs the page in script,
 * style and layout, and how long it takes from a fact that the server is told until the wall has painted it.
 */
const AGENTS = 200;
const WAITING = 500;
const UPDATES = 100;
const FACTS = 60;
const WARM_UP = 10;
const BARS = { update: 16, fact: 100 };

const browser = await startBrowser({ microphone: 440 });
try {
  console.log(
    `\n${AGENTS} agents, ${WAITING} waiting, milliseconds${''.padEnd(16)}p50    p95    max   bar (p95)`,
  );
  print('an update: script, style and layout', await measureUpdates(browser), BARS.update);
  print('fact → wall painted, server and page', await measureFacts(browser), BARS.fact);
} finally {
  await browser[Symbol.asyncDispose]();
}

/** Milliseconds of the page's main thread for each update, each of which changes some agents and callers. */
async function measureUpdates({ open }: TestBrowser): Promise<number[]> {
  const server = await startWallServer(boardOf(AGENTS, WAITING));
  const { page, context } = await open(`${server.url}wall.html`);
  await page.getByRole('listbox', { name: 'Waiting callers' }).waitFor();
  // The charts are loaded later.
  await page.locator('.uplot').last().waitFor({ state: 'attached' });
  const protocol = await context.newCDPSession(page);
  // Processor time of the page's main thread: what else the machine does is not counted.
  await protocol.send('Performance.enable', { timeDomain: 'threadTicks' });
  const costs: number[] = [];
  for (let index = 0; index < UPDATES + WARM_UP; index += 1) {
    server.view = changed(server.view, index);
    const shown = page.evaluate(firstCallerIs, firstWaiting(server.view) ?? '');
    await wait(20);
    const before = await busyTime(protocol);
    server.tell();
    await shown;
    if (index >= WARM_UP) costs.push((await busyTime(protocol)) - before);
  }
  await context.close();
  await server.close();
  return costs;
}

/** The head of the queue is answered, somebody new waits, and some agents are in another state. */
function changed(view: WallView, index: number): WallView {
  const [first, ...rest] = view.calls.filter(({ place }) => place !== null);
  if (first === undefined) return view;
  const now = Date.now();
  const last = { ...first, id: `new-${index}`, waitingSince: now, place: WAITING, agent: null };
  const agents = view.agents.map((agent, place) =>
    place % 40 === index % 40 ? { ...agent, load: 'talking' as const, since: now } : agent,
  );
  const others = view.calls.filter(({ place }) => place === null);
  // Everybody behind has another place.
  const waiting = [...rest, last].map((call, ahead) => ({ ...call, place: ahead + 1 }));
  return { ...view, agents, calls: [...waiting, ...others] };
}

function firstWaiting({ calls }: WallView): string | undefined {
  return calls.find(({ place }) => place !== null)?.id;
}

/** Milliseconds that the page has spent in script, style and layout; what a script forces counts in both. */
async function busyTime(protocol: CDPSession): Promise<number> {
  const { metrics } = await protocol.send('Performance.getMetrics');
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return 1000 * (of('ScriptDuration') + of('RecalcStyleDuration') + of('LayoutDuration'));
}

/** Runs in the page: resolves with the time when this caller is painted as the first of the list. */
function firstCallerIs(id: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(`.row.caller[aria-posinset="1"]`)?.getAttribute('data-row') !== id) return;
      observer.disconnect();
      // The current content is painted before tasks after the next frame.
      requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, attributes: true, subtree: true });
  });
}

/** Milliseconds from sending a fact to a real server until its wall has painted it. */
async function measureFacts({ open }: TestBrowser): Promise<number[]> {
  const names = Array.from({ length: AGENTS }, (_, index) => `Agent${String(index).padStart(3, '0')}`);
  await using stack = await startStack({
    environment: { AGENTS: names.join(',') },
    desk: (rules) => ({
      ...rules,
      queues: Object.fromEntries(
        Object.entries(rules.queues).map(([name, queue]) => [
          name,
          { ...queue, longestWait: 3_600, nobodyAfter: 3_600 },
        ]),
      ),
    }),
  });
  for (let index = 0; index < WAITING; index += 1) {
    const query = new URLSearchParams(partiesOf(index));
    await (await fetch(`${stack.agentUrl}voice/answer?${query}`)).arrayBuffer();
  }
  const { page, context } = await open(`${stack.agentUrl}wall.html`);
  await page.getByRole('heading', { name: `Waiting callers ${WAITING}` }).waitFor();
  const lags: number[] = [];
  for (let index = 0; index < FACTS + WARM_UP; index += 1) {
    const shown = page.evaluate(firstCallerIs, `caller-${index + 1}`);
    await wait(60 + ((index * 37) % 90));
    const sent = Date.now();
    // The caller who is next hangs up.
    await fetch(`${stack.agentUrl}voice/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...partiesOf(index),
        status: 'completed',
        direction: 'inbound',
        timestamp: new Date().toISOString(),
      }),
    });
    const at = await shown;
    if (index >= WARM_UP) lags.push(at - sent);
  }
  await context.close();
  return lags;
}

function partiesOf(index: number): Record<string, string> {
  return {
    from: String(447_700_900_000 + index),
    to: '442038297050',
    uuid: `caller-${index}`,
    conversation_uuid: `CON-caller-${index}`,
  };
}

function print(name: string, values: number[], bar: number): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const figures = [at(0.5), at(0.95), at(1)].map((value) => value.toFixed(1).padStart(7)).join('');
  console.log(`${name.padEnd(40)}${figures}   ≤ ${bar}: ${at(0.95) <= bar ? 'met' : 'MISSED'}`);
}
