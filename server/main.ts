import './vonage/no-debug-log.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiError } from '../domain/api/page-api.ts';
import { createApp } from './app.ts';
import { audit, startAuditRetention } from './audit/audit.ts';
import { startReconciling } from './calls/reconcile.ts';
import type { Clock } from './clock.ts';
import { basisOf, type Config, type EmulatorSettings, USUAL_DESK_FILE } from './config/config.ts';
import { openDeskRules, type RulesInForce } from './config/desk-rules.ts';
import { loadConfig } from './config/load-config.ts';
import { accessCodeFile, type Context, createContext, recordingsFolder } from './context.ts';
import { createHookSender, type HookSender } from './hooks/sender.ts';
import { createHttpServer } from './http/http-server.ts';
import { listen, localUrl } from './http/listen.ts';
import { stopOnSignals } from './http/stop-signals.ts';
import { createLog } from './log/log.ts';
import { openRoster, type Roster } from './people/roster.ts';
import { startRetention } from './retention.ts';
import { createCommit } from './routing/append.ts';
import { compareRules } from './routing/desk/compare-rules.ts';
import { createDesk, type DeskService } from './routing/desk/desk.ts';
import { calledAgents } from './routing/routing.ts';
import { openClock } from './store/shared-clock.ts';
import { openStore, type Store } from './store/store.ts';
import { tables } from './tables.ts';
import { standardOutput } from './terminal/output.ts';
import { escapeDeceptive } from './terminal/printable.ts';
import { startText } from './terminal/start-text.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
import { createKeeper, type Keeper } from './voicemail/keeper.ts';
import { accessOf, accessOfEmulator } from './vonage/platform-access.ts';
import { PlatformError } from './vonage/vonage.ts';

/** Milliseconds that running requests get to finish when the server stops. */
const FINISH_MS = 3_000;

const settings = loadConfig();
if (settings.ok) {
  await run(settings.config).catch((error: unknown) => {
    fail(error instanceof Error ? error.message : String(error));
  });
} else {
  const faults = settings.faults.map((fault) => `\n  - ${fault}`).join('');
  fail(
    `These settings are wrong:${faults}\nThey come from the environment and from the file .env; .env.example explains them.`,
  );
}

/** Runs the server with a valid configuration until a signal stops it. */
async function run(config: Config): Promise<void> {
  const terminal = createTerminal({
    sink: standardOutput(process.stdout),
    format: config.logFormat,
    colours: process.stdout.isTTY === true && process.stdout.hasColors(),
    numbers: config.logNumbers,
    now: Date.now,
  });
  // The reader of the log may be gone. Calls continue without it.
  process.stdout.on('error', () => {});
  process.on('exit', terminal.flush);
  process.on('uncaughtException', (error) => {
    terminal.warning(`Switchboard stops because of an internal error: ${error.stack ?? error.message}`);
    process.exit(1);
  });
  const running = new AsyncDisposableStack();
  const http = createHttpServer();
  const { server } = http;
  server.on('request', notReady);
  const port = await listen(server, config);
  const url = localUrl(config.host, port);
  const { platform } = config;
  const { databaseUrl, dataDir, retentionDays } = config;
  const store = await openStore({ databaseUrl, dataDir, tables, log: terminal.warning });
  // Calls that end during shutdown still send events, so the store and the log close last.
  running.defer(() => store.close());
  const clock = await openClock(store);
  running.defer(() => clock.close());
  const roster = await openRoster({
    store,
    clock,
    agents: config.agents,
    codes:
      platform.kind === 'vonage'
        ? { configured: platform.accessCodes, file: accessCodeFile(config) }
        : undefined,
    warning: terminal.warning,
  });
  running.defer(() => roster.close());
  const rules = rulesFor(config, roster, clock, terminal, (of, fingerprint) => {
    const fact = { who: null, from: 'server', what: 'rules changed', of, details: fingerprint } as const;
    // The store logs its own failure.
    void store.write((transaction) => audit(transaction, fact, Date.now())).catch(() => {});
  });
  running.defer(() => rules.close());
  const hooks =
    config.hooks &&
    createHookSender({
      store,
      clock,
      ...config.hooks,
      random: Math.random,
      note: terminal.note,
      warning: terminal.warning,
    });
  running.defer(() => hooks?.close());
  const desk =
    config.routing === 'desk'
      ? deskFor(config, rules, { store, clock, roster, url, hooks, log: terminal.warning })
      : undefined;
  let keeper: Keeper | undefined;
  const onRecordings = () => keeper?.wake();
  const log = await createLog(store, createCommit({ store, clock, desk, onRecordings, hooks }));
  running.defer(() => log.close());
  // Registered before the emulator, so closed after it: the last events of its calls still arrive.
  running.defer(() => http.close(FINISH_MS));
  // Calls of an emulator end with it. With Postgres, other servers may have their own.
  const isForgetful = platform.kind === 'emulator' && store.engine.name === 'sqlite';
  const platformSince = isForgetful ? Date.now() : undefined;
  const access =
    platform.kind === 'vonage'
      ? accessOf(platform)
      : accessOfEmulator(running.use(await startEmulator(platform, config, url, terminal)));

  const stopping = new AbortController();
  const context = createContext({
    config,
    terminal,
    access,
    store,
    roster,
    log,
    url,
    desk,
    outbound: () => rules.current().rules.outbound,
    hooks,
    clock,
    stopping: stopping.signal,
  });
  running.defer(() => context.refusals.close());
  running.defer(() => context.losses.close());
  running.defer(() => context.lookUp?.close());
  const upkeep = { store, now: Date.now, log: terminal.note };
  const { append } = log;
  const { callState: lookUp } = context.vonage;
  const reconciling = startReconciling({ ...upkeep, append, lookUp, platformSince });
  running.defer(() => reconciling.close());
  const auditRetention = startAuditRetention({ ...upkeep, days: config.auditDays });
  running.defer(() => auditRetention.close());
  if (retentionDays !== undefined) {
    const retention = startRetention({ ...upkeep, voicemails: context.voicemails, days: retentionDays });
    running.defer(() => retention.close());
  }
  keeper = createKeeper({
    store,
    clock,
    fetch: context.vonage.download,
    folder: recordingsFolder(config),
    log: terminal.warning,
    hooks,
  });
  running.defer(() => keeper?.close());
  keeper.wake();
  if (desk !== undefined) {
    const { note, warning } = terminal;
    const comparing = compareRules({
      store,
      clock,
      fingerprint: rules.fingerprint,
      note,
      warning,
    });
    running.defer(() => comparing.close());
    running.defer(() => desk.close());
  }
  // Closed first, so that pages connect to another server in the meantime.
  running.defer(() => context.feed.close());
  // Before this line, a signal ends the process at once, because no request is served yet.
  stopOnSignals({
    signals: process,
    delay: config.drainSeconds * 1000,
    async stop() {
      stopping.abort();
      if (config.drainSeconds > 0) {
        http.drain();
        await pause(config.drainSeconds * 1000);
      }
      await running.disposeAsync().catch((error: unknown) => {
        terminal.warning(`Shutdown was not clean: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      });
    },
    exit: process.exit,
    now: () => performance.now(),
    parent: process.env.npm_lifecycle_event === undefined ? undefined : () => process.ppid,
  });
  server.off('request', notReady).on('request', createApp(context));
  await desk?.start(context.vonage);
  const takeUpAgents = async () => {
    rules.refresh();
    // First, so that calls to someone who was removed do not wait for Vonage.
    await desk?.tell({ kind: 'agents changed', agents: roster.agents() });
    await makeCallable(calledAgents(config, roster), context);
  };
  roster.onChange(() => {
    void takeUpAgents().catch(() => {
      // The store logs its own failure.
    });
  });
  if (roster.isRead()) await desk?.tell({ kind: 'agents changed', agents: roster.agents() }).catch(() => {});
  await makeCallable(calledAgents(config, roster), context);
  if (stopping.signal.aborted) return;
  const seconds = performance.now() / 1000;
  terminal.note(
    startText({
      config,
      access,
      url,
      agents: roster.agents(),
      accessCodeFile: accessCodeFile(config),
      seconds,
    }),
  );
  for (const warning of config.warnings) terminal.warning(warning);
}

/** Creates the agents' users at the platform, which can only connect calls to users that it knows. */
async function makeCallable(agents: readonly string[], context: Context): Promise<void> {
  const { vonage, terminal, stopping } = context;
  for (const [index, agent] of agents.entries()) {
    if (stopping.aborted) return;
    try {
      await vonage.ensureUser(agent);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      // What one request failed of, the others would, too.
      terminal.warning(`Calls cannot reach ${agents.slice(index).join(', ')} yet: ${error.message}`);
      return;
    }
  }
}

/** The rules of the desk, from the desk file and the settings. */
function rulesFor(
  config: Config,
  roster: Roster,
  clock: Clock,
  { note, warning }: Terminal,
  onChange: (file: string, fingerprint: string) => void,
): RulesInForce {
  return openDeskRules({
    file: config.deskFile,
    laterFile: config.routing === 'desk' ? USUAL_DESK_FILE : undefined,
    basis: () => ({ ...basisOf(config, roster.known()), mayHaveOthers: !roster.isRead() }),
    isAgent: (name) => roster.agents().includes(name),
    clock,
    onChange,
    note,
    warning,
  });
}

function deskFor(
  { pace, platform, publicUrl }: Config,
  { current }: RulesInForce,
  {
    store,
    clock,
    roster,
    url,
    hooks,
    log,
  }: {
    store: Store;
    clock: Clock;
    roster: Roster;
    url: string;
    hooks: HookSender | undefined;
    log: (line: string) => void;
  },
): DeskService {
  // The emulator is on this machine.
  const base = (platform.kind === 'vonage' ? publicUrl : undefined) ?? url;
  return createDesk({
    store,
    clock,
    agents: roster.agents,
    number: platform.number,
    rules: () => current().rules,
    craft() {
      const { rules, texts } = current();
      return { base, language: rules.language, texts, transcripts: rules.transcripts ?? undefined };
    },
    pace,
    hooks,
    log,
  });
}

/** Starts the emulator. No other part of the server imports it, because production installs leave it out. */
async function startEmulator(
  { port, portIsFixed, number, caller, state }: EmulatorSettings,
  { host, signatureSecrets: [signatureSecret] }: Config,
  url: string,
  terminal: Terminal,
) {
  const { createPlatform } = await import('../emulator/platform.ts').catch((error: unknown) => {
    // An installation has no packages for it, and an image does not have its files either.
    if (!(error instanceof Error && /^Cannot find (?:package|module)/.test(error.message))) throw error;
    throw new Error(
      'No Vonage application is set, and the emulator is not installed. Set VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY, or in a clone of the repository, install the development dependencies: npm install',
    );
  });
  return createPlatform({
    port,
    portIsFixed,
    host: host ?? '127.0.0.1',
    number,
    caller,
    answerUrl: `${url}/voice/answer`,
    eventUrl: `${url}/voice/event`,
    fallbackUrl: `${url}/voice/fallback`,
    ...(signatureSecret !== undefined && { signatureSecret }),
    ...(state !== undefined && { state }),
    // As with an account whose limit Vonage has raised: a rush of callers finds its agents.
    limits: 'carriers',
    log: (line) => terminal.note(escapeDeceptive(line)),
  });
}

/** Answers requests between listening on the port and being ready. */
function notReady({ url }: IncomingMessage, response: ServerResponse): void {
  const error: ApiError = { error: 'Switchboard is starting.', code: 'internal' };
  const [type, text] = url?.startsWith('/api/')
    ? ['application/json', JSON.stringify(error)]
    : ['text/plain', `${error.error}\n`];
  response.writeHead(503, { 'Retry-After': '1', 'Content-Type': type }).end(text);
}

function fail(words: string): never {
  console.error(`Switchboard cannot start. ${words}`);
  process.exit(1);
}
