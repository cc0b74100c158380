import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInRules } from '../../../domain/desk/built-in.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import { ENGLISH } from '../../../domain/desk/texts.ts';
import type { WebhookEvent } from '../../../domain/webhooks/event-kind.ts';
import type { PlatformOptions } from '../../../emulator/platform.ts';
import { createPlatform, type Platform } from '../../../emulator/platform.ts';
import { createApp } from '../../../server/app.ts';
import { systemClock } from '../../../server/clock.ts';
import { parseConfig } from '../../../server/config/config.ts';
import { createContext } from '../../../server/context.ts';
import { createLog } from '../../../server/log/log.ts';
import { createCommit } from '../../../server/routing/append.ts';
import { createDesk } from '../../../server/routing/desk/desk.ts';
import { openStore } from '../../../server/store/store.ts';
import { tables } from '../../../server/tables.ts';
import { createTerminal } from '../../../server/terminal/terminal.ts';
import { accessOfEmulator } from '../../../server/vonage/platform-access.ts';
import type { CuttableLine } from './cuttable-line.ts';
import { layLine } from './cuttable-line.ts';

/** The product as `npm start` runs it, in this process and on free ports. */
export interface Stack extends AsyncDisposable {
  agentUrl: string;
  phoneUrl: string;
  platform: Platform;
  /** The page's connection to the platform, if a test needs to cut it. */
  line: CuttableLine;
  /** The event log, oldest first. */
  events: WebhookEvent[];
  /** The emulator's warnings. */
  faults: string[];
}

export interface StackOptions {
  /** Environment of the server. */
  environment?: Record<string, string>;
  platform?: PlatformOptions;
  /** Routes callers to the team of `AGENTS`, by the built-in rules as changed here. */
  desk?: (rules: DeskRules) => DeskRules;
  /** Changes the server's answer on its way to the platform. */
  ncco?: (ncco: Ncco) => Ncco;
}

type Ncco = Record<string, unknown>[];

export async function startStack({
  environment = {},
  platform: platformOptions = {},
  desk: changeRules,
  ncco,
}: StackOptions = {}): Promise<Stack> {
  const parsed = parseConfig(environment, () => '');
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  const { config } = parsed;
  const events: WebhookEvent[] = [];
  const faults: string[] = [];
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const between = ncco && (await standBetween(`${url}/voice/answer`, ncco));
  const platform = await createPlatform({
    answerUrl: between?.url ?? `${url}/voice/answer`,
    eventUrl: `${url}/voice/event`,
    fallbackUrl: `${url}/voice/fallback`,
    limits: 'carriers',
    log: (line) => faults.push(line),
    ...platformOptions,
  });
  const line = await layLine(platform.url);
  const terminal = createTerminal({
    sink: { write: (_text, done) => done(), writeNow: () => {} },
    format: 'pretty',
    colours: false,
    numbers: 'full',
    now: Date.now,
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-stack-'));
  const store = await openStore({ tables, dataDir, log: (words) => faults.push(words) });
  const desk =
    changeRules &&
    createDesk({
      store,
      clock: systemClock,
      agents: () => config.agents,
      number: config.platform.number,
      rules: () => changeRules(builtInRules(config.agents, config.waitMessage, 'en-US')),
      craft: () => ({ base: url, language: undefined, texts: ENGLISH }),
      pace: { calls: 3, others: 15 },
      log: (words) => faults.push(words),
    });
  const log = await createLog(
    store,
    createCommit({ store, clock: systemClock, desk, onRecordings: () => {} }),
  );
  const context = createContext({
    config,
    store,
    log,
    ...(desk && { desk }),
    url,
    access: accessOfEmulator({ url: line.url, credentials: platform.credentials }),
    terminal: {
      ...terminal,
      received: (webhook) => {
        if (webhook.type === 'event') events.push(webhook.event);
      },
    },
  });
  server.on('request', createApp(context));
  await desk?.start(context.vonage);
  return {
    agentUrl: `${url}/`,
    phoneUrl: `${platform.url}/`,
    platform,
    line,
    events,
    faults,
    async [Symbol.asyncDispose]() {
      await desk?.close();
      await platform.close();
      context.feed.close();
      await log.close();
      await store.close();
      rmSync(dataDir, { recursive: true });
      await line[Symbol.asyncDispose]();
      between?.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** An answer URL that forwards to the server's, and changes its answer. */
async function standBetween(target: string, change: (ncco: Ncco) => Ncco) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`${target}${URL.parse(request.url ?? '/', target)?.search ?? ''}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(change(await answer.json())));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/answer`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.');
  return address.port;
}
