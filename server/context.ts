import { resolve } from 'node:path';
import { type Calls, createCalls } from './calls/calls.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config/config.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { createFeed, type Feed } from './log/feed.ts';
import type { Log } from './log/log.ts';
import { accessCodesIn } from './people/access-codes.ts';
import type { SignIn } from './people/authenticate.ts';
import { createSessions, sessionTable } from './people/sessions.ts';
import type { DeskService } from './routing/desk/desk.ts';
import { registerDeskMetrics } from './routing/desk/metrics.ts';
import { directRouting } from './routing/direct.ts';
import type { Routing } from './routing/routing.ts';
import type { Store } from './store/store.ts';
import { deskLine } from './terminal/desk-line.ts';
import { createRepeatedWarnings, type RepeatedWarnings } from './terminal/repeated-warnings.ts';
import type { Terminal } from './terminal/terminal.ts';
import { createReplays, type Replays } from './voice/replays.ts';
import { createVoicemails, type Voicemails } from './voicemail/voicemails.ts';
import type { PlatformAccess } from './vonage/platform-access.ts';
import { createVonageApi, type VonageApi } from './vonage/vonage.ts';

/** Every part of the server, built once. Tests replace some of them. */
export interface Context {
  config: Config;
  terminal: Terminal;
  access: PlatformAccess;
  vonage: VonageApi;
  signIn: SignIn;
  store: Store;
  log: Log;
  calls: Calls;
  routing: Routing;
  /** Routes callers to a team; undefined with direct routing. */
  desk: DeskService | undefined;
  voicemails: Voicemails;
  clock: Clock;
  feed: Feed;
  metrics: Metrics;
  replays: Replays;
  /** Warnings about rejected webhooks. */
  refusals: RepeatedWarnings;
  /** Warnings about answers that were not stored. */
  losses: RepeatedWarnings;
  /** Aborted when this server starts to stop, so that load balancers send no more requests. */
  stopping: AbortSignal;
  /** Folder of the built pages. */
  pagesDir: string;
}

/** Where generated access codes are kept. */
export function accessCodeFile(config: Config): string {
  return resolve(config.dataDir, 'access-codes.json');
}

/** Where recordings of messages are kept. */
export function recordingsFolder(config: Config): string {
  return resolve(config.dataDir, 'voicemails');
}

/**
 * Builds every part that `parts` does not contain. `url` is this server's own local address. Throws an Error
 * with a readable message if the access codes cannot be used.
 */
export function createContext(
  parts: Pick<Context, 'config' | 'terminal' | 'access' | 'store' | 'log'> &
    Partial<Context> & { url: string },
): Context {
  const { config, terminal, access, store, log, url } = parts;
  const calls = parts.calls ?? createCalls(store);
  const { desk, clock = systemClock } = parts;
  const metrics = createMetrics({
    feedReaders: () => feed.readers,
    callsByStatus: calls.countsByStatus,
    register: (registry) => desk && registerDeskMetrics(registry, desk, clock.now),
  });
  desk?.onNews(({ event, from }) => {
    const line = deskLine(event, from);
    if (line !== null) terminal.desk(line);
  });
  const feed = createFeed({ log, onSent: metrics.feedSent, now: Date.now, random: Math.random });
  const [secret] = config.signatureSecrets;
  return {
    calls,
    clock: systemClock,
    voicemails: createVoicemails(store, recordingsFolder(config), Date.now),
    routing: parts.desk?.routing ?? directRouting(config),
    desk: undefined,
    feed,
    metrics,
    replays: createReplays({ url, secret, apiKey: config.apiKey, applicationId: access.applicationId }),
    vonage: parts.vonage ?? createVonageApi(access),
    signIn: parts.signIn ?? signInOf(config, access, store),
    refusals: createRepeatedWarnings({
      print: terminal.warning,
      inWords: (count, reason) =>
        `${count.toLocaleString('en')} more webhooks were rejected in the last minute: ${reason}.`,
    }),
    losses: createRepeatedWarnings({
      print: terminal.warning,
      inWords: (count, reason) =>
        `${count.toLocaleString('en')} more answers in the last minute were not stored: ${reason}.`,
    }),
    stopping: new AbortController().signal,
    pagesDir: resolve(import.meta.dirname, '../dist/pages'),
    ...parts,
  };
}

function signInOf(config: Config, { privateKey }: PlatformAccess, store: Store): SignIn {
  if (config.platform.kind === 'emulator') return { kind: 'automatic' };
  const codes = config.platform.accessCodes ?? accessCodesIn(accessCodeFile(config), config.agents);
  const sessions = createSessions({ table: sessionTable(store), codes, privateKey, now: Date.now });
  return { kind: 'code', codes, sessions };
}
