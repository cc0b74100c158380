import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Platform } from '../../../emulator/platform.ts';
import type { PageOptions, TestBrowser, TestPage } from './browser.ts';
import { startBrowser } from './browser.ts';
import { AgentAtPage, CallerAtPhone } from './people.ts';
import type { Stack, StackOptions } from './stack.ts';
import { startStack } from './stack.ts';

/** Tones of the two microphones, Hz: far from ringback, and not harmonics of each other. */
export const AGENT_TONE = 700;
export const CALLER_TONE = 1000;

interface SceneOptions extends StackOptions {
  /** The agents, each with a browser of their own and the tone of its microphone, Hz. Default: they share one. */
  ownBrowsers?: Readonly<Record<string, number>>;
}

/** An agent's browser, a caller's browser, and the product between them, for one test file. */
export interface Scene {
  stack: Stack;
  /** `besideLast`: opens another tab next to the last agent page, in the same profile. `name`: whose page it is. */
  agent(
    options?: Omit<PageOptions, 'beside'> & { besideLast?: boolean; name?: string },
  ): Promise<AgentAtPage>;
  caller(options?: PageOptions): Promise<CallerAtPhone>;
  /** Kills the process of an agent's own browser. */
  killBrowserOf(name: string): Promise<void>;
  /** The developer console, in the agent's browser. */
  console(): Promise<Page>;
  /** The supervisor's wall, in the agent's browser. `as`: the agent for whom it acts. */
  wall(as: string): Promise<Page>;
  /** The statuses of the legs to a party, in the order of the event log. */
  statuses(to: string): unknown[];
  /** Expects console errors of the pages, which may also come later: the test provokes some. */
  expectsComplaints(): void;
}

/** Prepares a test file: each test has new pages and an empty event log. */
export function setScene({ ownBrowsers = {}, ...options }: SceneOptions = {}): Scene {
  let stack: Stack | undefined;
  let browsers:
    | { shared: TestBrowser | undefined; caller: TestBrowser; own: Map<string, TestBrowser> }
    | undefined;
  let lastAgent: TestPage | undefined;
  const pages: TestPage[] = [];
  const ready = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The scene is not set yet.');
    return part;
  };

  beforeAll(async () => {
    stack = await startStack(options);
    const [caller, ...own] = await Promise.all([
      startBrowser({ microphone: CALLER_TONE }),
      ...Object.entries(ownBrowsers).map(
        async ([name, microphone]) => [name, await startBrowser({ microphone })] as const,
      ),
    ]);
    // A browser more takes its share of the machine from the sound of the others.
    const shared = own.length > 0 ? undefined : await startBrowser({ microphone: AGENT_TONE });
    browsers = { shared, caller, own: new Map(own) };
  });
  beforeEach(() => {
    ready(stack).events.length = 0;
    ready(stack).faults.length = 0;
    return async () => {
      const complaints = pages.flatMap((page) => page.complaints);
      for (const { context } of pages.splice(0)) await context.close();
      await endCalls(ready(stack).platform);
      expect(complaints, 'console errors of the pages').toEqual([]);
    };
  });
  afterAll(async () => {
    await browsers?.shared?.[Symbol.asyncDispose]();
    await browsers?.caller[Symbol.asyncDispose]();
    for (const own of browsers?.own.values() ?? []) await own[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  return {
    get stack() {
      return ready(stack);
    },
    async agent({ besideLast = false, name, ...pageOptions } = {}) {
      const beside = besideLast ? lastAgent : undefined;
      const { shared, own } = ready(browsers);
      const opened = await ready(own.get(name ?? '') ?? shared).open(
        `${ready(stack).agentUrl}${name === undefined ? '' : `?agent=${name}`}`,
        {
          ...pageOptions,
          ...(beside && { beside }),
        },
      );
      lastAgent = opened;
      pages.push(opened);
      return new AgentAtPage(opened.page);
    },
    async console() {
      const opened = await ready(ready(browsers).shared).open(`${ready(stack).agentUrl}console.html`);
      pages.push(opened);
      return opened.page;
    },
    async wall(as) {
      const opened = await ready(ready(browsers).shared).open(
        `${ready(stack).agentUrl}wall.html?agent=${as}`,
      );
      pages.push(opened);
      return opened.page;
    },
    async caller(pageOptions) {
      const opened = await ready(browsers).caller.open(ready(stack).phoneUrl, pageOptions);
      pages.push(opened);
      return new CallerAtPhone(opened.page);
    },
    async killBrowserOf(name) {
      const browser = ready(browsers).own.get(name);
      if (browser === undefined) throw new Error(`${name} has no browser of their own.`);
      await browser.kill();
    },
    statuses: (to) =>
      ready(stack)
        .events.filter((event) => event.to === to)
        .map((event) => event.status),
    expectsComplaints: () => {
      for (const page of pages) page.expects(/./);
    },
  };
}

/** Ends all calls and waits for their last events, which would otherwise reach the next test. */
async function endCalls(platform: Platform): Promise<void> {
  const answer = await fetch(`${platform.url}/emulator/calls`);
  const calls: { uuid: string; legs: { uuid: string }[] }[] = await answer.json();
  for (const { uuid } of calls.flatMap((call) => [call, ...call.legs]))
    await fetch(`${platform.url}/emulator/calls/${uuid}`, { method: 'DELETE' });
  await platform.settled();
}
