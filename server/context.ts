import { resolve } from 'node:path';
import { usualOutbound } from '../domain/desk/outbound.ts';
import type { OutboundRules } from '../domain/desk/rules.ts';
import { type Audit, createAudit } from './audit/audit.ts';
import { type Calls, createCalls } from './calls/calls.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config/config.ts';
import { type Contacts, createContacts } from './contacts/contacts.ts';
import { createLookUp, type LookUp } from './contacts/look-up.ts';
import { createHistory, type History } from './history/history.ts';
import { registerHookMetrics } from './hooks/metrics.ts';
import type { HookSender } from './hooks/sender.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { createFeed, type Feed } from './log/feed.ts';
import type { Log } from './log/log.ts';
import { isCodeOf, isSameCode, NO_HASH } from './people/access-codes.ts';
import type { SignIn } from './people/authenticate.ts';
import { fixedRoster, type Roster } from './people/roster.ts';
import { createSessions, sessionTable } from './people/sessions.ts';
import type { DeskService } from './routing/desk/desk.ts';
import { registerDeskMetrics } from './routing/desk/metrics.ts';
import { directRouting } from './routing/direct.ts';
import { registerDirectMetrics } from './routing/metrics.ts';
import type { Routing } from './routing/routing.ts';
import { registerStoreMetrics } from './store/metrics.ts';
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
  /** Who may sign in, and who takes calls. */
  roster: Roster;
  store: Store;
  log: Log;
  calls: Calls;
  /** Who signed in, and who changed, deleted or listened to what. */
  audit: Audit;
  routing: Routing;
  /** Routes callers to a team; undefined with direct routing. */
  desk: DeskService | undefined;
  /** Tells other systems what happens. */
  hooks: HookSender | undefined;
  voicemails: Voicemails;
  contacts: Contacts;
  history: History;
  /** Looks up who calls; undefined without CONTACT_LOOKUP_URL. */
  lookUp: LookUp | undefined;
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

/** Builds every part that `parts` does not contain. `url` is this server's own local address. */
export function createContext(
  parts: Pick<Context, 'config' | 'terminal' | 'access' | 'store' | 'log'> &
    Partial<Context> & {
      url: string;
      /** What agents may dial without a desk; default: our country. */
      outbound?: () => OutboundRules;
    },
): Context {
  const { config, terminal, access, store, log, url } = parts;
  const calls = parts.calls ?? createCalls(store);
  const { desk, clock = systemClock } = parts;
  const roster = parts.roster ?? fixedRoster(config.agents, config.platform.kind === 'emulator');
  const metrics = createMetrics({
    feedReaders: () => ({
      console: feed.readers,
      ...(desk && { agent: desk.feed.readers, wall: desk.wall.readers }),
    }),
    callsByStatus: calls.countsByStatus,
    register(registry) {
      registerStoreMetrics(registry, store, log.check);
      if (desk) registerDeskMetrics(registry, desk, clock.now);
      else registerDirectMetrics(registry, log);
      if (parts.hooks) registerHookMetrics(registry, parts.hooks);
    },
  });
  desk?.onNews(({ event, from, requestId }) => {
    const line = deskLine(event, from);
    if (line !== null) terminal.desk(line, requestId);
  });
  desk?.onEffect(terminal.effect);
  const contacts = parts.contacts ?? createContacts(store, clock.now);
  const { contactLookupUrl: lookUpUrl } = config;
  const usual = usualOutbound(config.platform.number, config.platform.kind === 'emulator');
  const feed = createFeed({ log, onSent: metrics.feedSent, now: Date.now, random: Math.random });
  const [secret] = config.signatureSecrets;
  return {
    calls,
    audit: parts.audit ?? createAudit(store, clock.now),
    clock,
    contacts,
    lookUp:
      lookUpUrl === undefined
        ? undefined
        : createLookUp({ url: lookUpUrl, contacts, clock, print: terminal.warning }),
    history: createHistory(store),
    voicemails: createVoicemails(store, recordingsFolder(config), Date.now),
    routing: parts.desk?.routing ?? directRouting(config, roster, parts.outbound ?? (() => usual)),
    desk: undefined,
    hooks: undefined,
    feed,
    metrics,
    replays: createReplays({ url, secret, apiKey: config.apiKey, applicationId: access.applicationId }),
    vonage: parts.vonage ?? createVonageApi(access),
    roster,
    signIn: parts.signIn ?? signInOf(config, access, store, roster),
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

function signInOf(
  { platform }: Config,
  { privateKey }: PlatformAccess,
  store: Store,
  roster: Roster,
): SignIn {
  if (platform.kind === 'emulator') return { kind: 'automatic' };
  const configured = (agent: string) =>
    roster.find(agent) === undefined ? undefined : platform.accessCodes?.get(agent);
  const hashed = (agent: string) => roster.find(agent)?.codeHash ?? undefined;
  return {
    kind: 'code',
    sessions: createSessions({
      table: sessionTable(store, Date.now),
      secretOf: (agent) => configured(agent) ?? hashed(agent),
      refresh: roster.refresh,
      privateKey,
      now: Date.now,
    }),
    async isCode(agent, code) {
      const [right, hash] = [configured(agent), hashed(agent)];
      // The same work for every name, so that the time does not tell which names exist.
      const isHashed = await isCodeOf(hash ?? NO_HASH, code);
      const isConfigured = isSameCode(right ?? '', code);
      return right === undefined ? hash !== undefined && isHashed : isConfigured;
    },
  };
}
