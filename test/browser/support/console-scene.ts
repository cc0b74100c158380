import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { kill, type RunningServer, realModeEnvironment, startServer } from '../../support/real-mode.ts';
import { startBrowser, type TestBrowser, type TestPage } from './browser.ts';
import { deliver, type Webhook } from './calls.ts';
import { DeveloperAtConsole } from './developer.ts';

/** A server process that only receives webhooks, and a browser to watch it, for one test file. */
export interface ConsoleScene {
  readonly url: string;
  /** Opens the console; by default, signs in and waits until it is live. */
  developer(options?: { signsIn?: boolean; address?: string }): Promise<DeveloperAtConsole>;
  /** Sends webhooks in sequence, each until it is acknowledged. */
  deliver(webhooks: readonly Webhook[]): Promise<void>;
  /** Kills the server without warning. */
  kill(): Promise<void>;
  /** Restarts it at the same address with the same data. */
  restart(): Promise<void>;
}

/** Prepares a test file: each test has an empty log and new pages, which must report no errors. */
export function setConsoleScene(): ConsoleScene {
  let browser: TestBrowser | undefined;
  let server: RunningServer | undefined;
  let dataDir = '';
  let port = '';
  const pages: TestPage[] = [];
  const ready = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The scene is not set yet.');
    return part;
  };

  beforeAll(async () => {
    browser = await startBrowser({ microphone: 440 });
  });
  afterAll(() => browser?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'switchboard-console-'));
    port = String(await freePort());
    server = await startServer({ ...realModeEnvironment(dataDir), PORT: port });
  });
  afterEach(async () => {
    const complaints = pages.flatMap((page) => page.complaints);
    for (const { context } of pages.splice(0)) await context.close();
    await server?.program[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true });
    expect(complaints.filter(isOfThePage), 'console errors of the pages').toEqual([]);
  });

  return {
    get url() {
      return ready(server).url;
    },
    async developer({ signsIn = true, address = '' } = {}) {
      const opened = await ready(browser).open(`${ready(server).url}/console.html${address}`);
      pages.push(opened);
      const developer = new DeveloperAtConsole(opened.page);
      if (signsIn) await developer.signsIn();
      return developer;
    },
    deliver: (webhooks) => deliver(ready(server).url, webhooks),
    kill: () => kill(ready(server)),
    async restart() {
      server = await startServer({ ...realModeEnvironment(dataDir), PORT: port });
    },
  };
}

/** The browser itself logs failed requests, which a page cannot prevent. */
function isOfThePage(complaint: string): boolean {
  return !complaint.startsWith('Failed to load resource');
}
