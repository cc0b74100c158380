import type { Page } from 'playwright-core';
import { startBrowser } from '../test/browser/support/browser.ts';
import { EAR_RATE, heardSince, toneLevel } from '../test/browser/support/ears.ts';
import { AgentAtPage, CallerAtPhone } from '../test/browser/support/people.ts';
import { startStack } from '../test/browser/support/stack.ts';

/**
 * Measures how long a call takes to ring and until both people hear each other: real SDK, real audio, two
 * browsers.
 */
const CALLS = 20;
const WARM_UP = 2;
const AGENT_TONE = 700;
const CALLER_TONE = 1000;
/** Nearly without pauses, which would count as delay. */
const PULSES = { on: 0.1, off: 0.02 };
/** Level in dBFS from which a tone counts as heard. */
const AUDIBLE = -55;

interface Measures {
  ring: number;
  agentHears: number;
  callerHears: number;
}

await using stack = await startStack({ environment: { WAIT_MESSAGE: 'One moment' } });
await using agents = await startBrowser({ microphone: AGENT_TONE, pulses: PULSES });
await using callers = await startBrowser({ microphone: CALLER_TONE, pulses: PULSES });
const agent = new AgentAtPage((await agents.open(stack.agentUrl)).page);
await agent.sees('Lines are open for calls');
const caller = new CallerAtPhone((await callers.open(stack.phoneUrl)).page);
await agent.page.evaluate(keepDiary);

const measured: Measures[] = [];
for (let call = 0; call < CALLS + WARM_UP; call += 1) {
  const one = await measureCall();
  if (call >= WARM_UP) measured.push(one);
}
print(measured);

async function measureCall(): Promise<Measures> {
  stack.events.length = 0;
  await agent.page.evaluate(() => {
    window.diary.length = 0;
  });
  await caller.page.getByRole('button', { name: 'Call', exact: true }).click();
  await agent.sees(/^Incoming call from/);
  // Let the caller hear ringing, so that it must stop too.
  await agent.page.waitForTimeout(500);
  await agent.click('Answer');
  await agent.sees(/^In call with/);
  const diary = await agent.page.evaluate(() => window.diary);
  const rang = diary.find(({ words }) => words.startsWith('Incoming call'))?.at ?? Number.NaN;
  const clicked = diary.find(({ words }) => words === 'click')?.at ?? Number.NaN;
  const started = stack.events.find(({ to, status }) => to === 'Alice' && status === 'started');
  const [agentHears, callerHears] = await Promise.all([
    firstHeard(agent.page, clicked, CALLER_TONE),
    firstHeard(caller.page, clicked, AGENT_TONE),
  ]);
  await agent.click('Hang up');
  await caller.sees(/^Call ended/);
  return {
    ring: rang - Date.parse(String(started?.timestamp)),
    agentHears: agentHears - clicked,
    callerHears: callerHears - clicked,
  };
}

/** When a tone is first heard after a given time; both in milliseconds since 1970. */
async function firstHeard(page: Page, from: number, hertz: number): Promise<number> {
  const window = Math.round(EAR_RATE * 0.04);
  const step = Math.round(EAR_RATE * 0.01);
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const heard = await heardSince(page, from);
    for (let start = 0; start + window <= heard.samples.length; start += step) {
      const part = heard.samples
        .slice(start, start + window)
        .map((sample, index) => sample * hann(index / window));
      if (toneLevel(part, hertz) > AUDIBLE) return heard.from + ((start + window) / EAR_RATE) * 1000;
    }
  }
  return Number.NaN;
}

function hann(position: number): number {
  return 0.5 - 0.5 * Math.cos(2 * Math.PI * position);
}

/** Runs in the page: records the time of each status change and each click on Answer. */
function keepDiary(): void {
  window.diary = [];
  const status = document.querySelector('[role="status"]');
  const note = () => window.diary.push({ at: Date.now(), words: status?.textContent ?? '' });
  if (status)
    new MutationObserver(note).observe(status, { childList: true, characterData: true, subtree: true });
  document.addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.closest('button')?.textContent?.includes('Answer')) {
        window.diary.push({ at: Date.now(), words: 'click' });
      }
    },
    true,
  );
}

declare global {
  interface Window {
    diary: { at: number; words: string }[];
  }
}

function print(measures: Measures[]): void {
  const both = measures.map(({ agentHears, callerHears }) => Math.max(agentHears, callerHears));
  const rows: [string, number[], number | undefined][] = [
    ['spoken text ends → page says "Incoming call"', measures.map(({ ring }) => ring), 250],
    ['click on Answer → agent hears caller', measures.map(({ agentHears }) => agentHears), undefined],
    ['click on Answer → caller hears agent', measures.map(({ callerHears }) => callerHears), undefined],
    ['click on Answer → both hear each other', both, 500],
  ];
  console.log(`\n${measures.length} calls, milliseconds${''.padEnd(28)}p50    p95    max   bar (p95)`);
  for (const [name, values, bar] of rows) {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
    const figures = [at(0.5), at(0.95), at(1)].map((value) => String(value).padStart(7)).join('');
    const verdict = bar === undefined ? '' : `   ≤ ${bar}: ${at(0.95) <= bar ? 'met' : 'MISSED'}`;
    console.log(`${name.padEnd(46)}${figures}${verdict}`);
  }
}
