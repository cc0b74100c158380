import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import type { DeskRules } from '../../domain/desk/rules.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import type { Platform } from '../../emulator/platform.ts';
import type { World } from '../../emulator/world.ts';
import { createApp } from '../../server/app.ts';
import type { Clock } from '../../server/clock.ts';
import { createContext } from '../../server/context.ts';
import { createHookSender } from '../../server/hooks/sender.ts';
import { listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/log/log.ts';
import { createCommit } from '../../server/routing/append.ts';
import { createDesk, type DeskService } from '../../server/routing/desk/desk.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { StoreUnavailable } from '../../server/store/store-unavailable.ts';
import { tables } from '../../server/tables.ts';
import { configFrom, type recordedTerminal } from '../../server/testing.ts';
import { createKeeper, type Keeper } from '../../server/voicemail/keeper.ts';
import { createVoicemails, type Voicemails } from '../../server/voicemail/voicemails.ts';
import { accessOfEmulator } from '../../server/vonage/platform-access.ts';
import { type CallControl, createVonageApi, type VonageApi } from '../../server/vonage/vonage.ts';
import { type CutsPower, withPowerCut } from './power-cut.ts';

/** Which replies to webhooks are lost on their way. */
export type LosesReply = (path: string, reply: string) => boolean;

interface TeamServerOptions {
  platform: Platform;
  port: number;
  /** Where the platform reaches it. */
  base: string;
  agents: readonly string[];
  rules: DeskRules;
  /** Folder of the SQLite file, unless there is a URL, and of the recordings. */
  folder: string;
  databaseUrl?: string | undefined;
  terminal: ReturnType<typeof recordedTerminal>;
  /** Whether replies of the platform take a while. */
  isUnsteady: boolean;
  cutsPower: CutsPower;
  /** Called when `cutsPower` has cut it. */
  onCut: () => void;
  losesReply: LosesReply;
  /** Where it writes down what it asks of the platform. */
  requests: PlatformRequest[];
  /** Whether its store works. */
  power: { works: boolean };
  /** Where hooks are sent. */
  hooks: { urls: readonly string[]; secrets: readonly string[] } | undefined;
  /** Told of each feed that a page opens; `gone` resolves when the server knows that it is closed. */
  onFeed: (tab: string, gone: Promise<void>) => void;
}

/** One server of a desk, with all its parts, on the platform's clock. */
export interface TeamServer {
  url: string;
  desk: DeskService;
  store: Store;
  voicemails: Voicemails;
  /** Ends it as a power cut does: nothing of what it had under way is written or sent any more. */
  crash(): void;
  /** Resolves when nothing of the desk is under way that takes time of the platform's clock. */
  settle(): Promise<void>;
  /** Also after a crash, before another server takes its place. */
  close(): Promise<void>;
}

/** Longest that the reply to a request of the desk takes, in milliseconds. */
const LONGEST_REPLY = 150;

/** Starts a server on the data that are there. */
export async function startTeamServer(options: TeamServerOptions): Promise<TeamServer> {
  const { platform, port, base, agents, rules, folder, databaseUrl, losesReply } = options;
  const { terminal } = options.terminal;
  const log = terminal.warning;
  const http = createServer();
  await listen(http, { port, portIsFixed: true, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const access = accessOfEmulator(platform);
  const platformClock = createServerClock(platform.world);
  // Time stands still during a request: none is late because the machine is busy.
  const inTime = () => new AbortController().signal;
  const vonage = createVonageApi(access, undefined, inTime);
  const direct = noting(vonage, options.requests, platformClock.now);
  const opened = await openStore({
    dataDir: join(folder, 'data'),
    tables,
    log,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  let isCut = false;
  let isCrash = false;
  const closed = new Promise<void>((done) => http.once('close', () => done()));
  const { tools, cut } = withPowerCut(
    {
      store: breakable(opened, options.power),
      vonage: options.isUnsteady ? slowly(direct, platform.world, platformClock) : direct,
      clock: platformClock,
    },
    options.cutsPower,
    () => {
      isCut = true;
      http.closeAllConnections();
      http.close();
      if (!isCrash) options.onCut();
    },
  );
  const { store, clock } = tools;
  const hooks =
    options.hooks &&
    createHookSender({
      store,
      clock,
      ...options.hooks,
      random: platform.world.random,
      note: terminal.note,
      warning: log,
    });
  const desk = createDesk({
    store,
    hooks,
    clock,
    agents: () => agents,
    number: platform.credentials.number,
    rules: () => rules,
    craft: () => ({ base, language: undefined, texts: ENGLISH, transcripts: rules.transcripts ?? undefined }),
    pace: { calls: 3, others: 15 },
    log,
  });
  let keeper: Keeper | undefined;
  const commit = createCommit({ store, clock, desk, hooks, onRecordings: () => keeper?.wake() });
  const entries = await createLog(store, commit);
  const recordings = join(folder, 'voicemails');
  const voicemails = createVoicemails(store, recordings, clock.now);
  const context = createContext({
    config: configFrom({ AGENTS: agents.join(','), ROUTING: 'desk' }),
    terminal,
    access,
    log: entries,
    url,
    desk,
    hooks,
    voicemails,
    ...tools,
  });
  const app = lossy(createApp(context), losesReply);
  http.on('request', (request, response) => {
    const tab = new URL(request.url ?? '', url).searchParams.get('tab');
    if (tab !== null) options.onFeed(tab, new Promise((gone) => response.once('close', gone)));
    app(request, response);
  });
  await desk.start(context.vonage);
  keeper = createKeeper({ store, clock, fetch: context.vonage.download, folder: recordings, log, hooks });
  keeper.wake();
  return {
    url,
    desk,
    store,
    voicemails,
    crash() {
      isCrash = true;
      cut();
    },
    async settle() {
      if (!isCut) await desk.close();
    },
    async close() {
      // Without power it waits for what never comes.
      if (!isCut) {
        http.closeAllConnections();
        http.close();
        await Promise.all([desk.close(), keeper?.close(), hooks?.close(), entries.close()]);
      }
      await closed;
      context.feed.close();
      await opened.close();
    },
  };
}

/** A handler whose replies to webhooks may be lost. */
function lossy(handle: RequestListener, loses: LosesReply): RequestListener {
  return (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/voice/')) {
      const end = response.end.bind(response);
      response.end = (reply: unknown) => {
        if (!loses(path, typeof reply === 'string' ? reply : '')) return end(reply);
        request.socket.destroy();
        return response;
      };
    }
    handle(request, response);
  };
}

interface ServerClock extends Clock {
  /** Lets time pass in the midst of work that is under way. */
  pause(ms: number): Promise<void>;
}

/** The platform's clock. */
function createServerClock(world: World): ServerClock {
  let working = 0;
  let pausing = 0;
  let release: (() => void) | undefined;
  function update(): void {
    if (working > pausing) release ??= world.hold();
    else {
      release?.();
      release = undefined;
    }
  }
  return {
    now: world.now,
    after: world.after,
    during(work) {
      working += 1;
      update();
      return work.finally(() => {
        working -= 1;
        update();
      });
    },
    pause(ms) {
      pausing += 1;
      update();
      return new Promise((done) => {
        world.after(ms, () => {
          pausing -= 1;
          update();
          done();
        });
      });
    },
  };
}

/** The platform whose replies take a while, each a time of its own. */
function slowly(vonage: VonageApi, world: World, clock: ServerClock): VonageApi {
  async function late<T>(sent: Promise<T>): Promise<T> {
    const reply = await sent;
    await clock.pause(Math.round(world.random() * LONGEST_REPLY));
    return reply;
  }
  return {
    ...vonage,
    createCall: (...asked) => late(vonage.createCall(...asked)),
    transferCall: (...asked) => late(vonage.transferCall(...asked)),
    hangUpCall: (...asked) => late(vonage.hangUpCall(...asked)),
    callState: (...asked) => late(vonage.callState(...asked)),
    findCalls: (filter) => late(vonage.findCalls(filter)),
  };
}

/** A store that fails while its power is off. */
function breakable(store: Store, power: { works: boolean }): Store {
  const powered = async () => {
    if (!power.works) throw new StoreUnavailable('The test says so.');
  };
  return {
    engine: store.engine,
    read: (work) => powered().then(() => store.read(work)),
    write: (work) => powered().then(() => store.write(work)),
    perform: (work, input) => powered().then(() => store.perform(work, input)),
    check: (rehearse) => powered().then(() => store.check(rehearse)),
    onOperation: store.onOperation,
    close: () => store.close(),
  };
}

/** A request to the platform, and what came of it. */
export interface PlatformRequest {
  what: 'user' | 'look up' | 'create' | 'transfer' | 'hang up' | 'list';
  /** The agent's name, the leg, or where the answer is asked for. */
  of: string;
  /** When it was sent, and when it was answered. */
  at: number;
  answeredAt: number;
  /** Whether the platform said that the leg is no longer there. */
  isGone: boolean;
}

/** Writes down what is asked of the platform. */
function noting(vonage: VonageApi, requests: PlatformRequest[], now: () => number): VonageApi {
  async function note<T>(
    what: PlatformRequest['what'],
    of: string,
    answer: Promise<T>,
    isGone: (answer: T) => boolean = () => false,
  ): Promise<T> {
    const request = { what, of, at: now(), answeredAt: Infinity, isGone: false };
    requests.push(request);
    try {
      const given = await answer;
      request.isGone = isGone(given);
      return given;
    } finally {
      request.answeredAt = now();
    }
  }
  const control = ({ is }: CallControl) => is === 'gone';
  return {
    ...vonage,
    ensureUser: (name) => note('user', name, vonage.ensureUser(name)),
    callState: (leg, regionUrl) =>
      note(
        'look up',
        leg,
        vonage.callState(leg, regionUrl),
        (state) => state === undefined || state.status === 'completed',
      ),
    createCall: (call, told) => note('create', call.answerUrl, vonage.createCall(call, told)),
    transferCall: (leg, address, regionUrl, told) =>
      note('transfer', leg, vonage.transferCall(leg, address, regionUrl, told)),
    hangUpCall: (leg, regionUrl, told) =>
      note('hang up', leg, vonage.hangUpCall(leg, regionUrl, told), control),
    findCalls: (filter) => note('list', String(filter.status), vonage.findCalls(filter)),
  };
}
