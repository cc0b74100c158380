import { existsSync, readdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { DeskView } from '../../domain/api/desk-api.ts';
import { builtInRules } from '../../domain/desk/built-in.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { DeskRules } from '../../domain/desk/rules.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import type { AgentCall, AgentRule } from '../../emulator/headless/agents.ts';
import { createPlatform, type Platform, type PlatformOptions } from '../../emulator/platform.ts';
import { createApp } from '../../server/app.ts';
import { createContext } from '../../server/context.ts';
import { listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/log/log.ts';
import { createCommit } from '../../server/routing/append.ts';
import { createDesk, type DeskService } from '../../server/routing/desk/desk.ts';
import { deleteHistoryBefore } from '../../server/routing/desk/history.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { StoreUnavailable } from '../../server/store/store-unavailable.ts';
import { tables } from '../../server/tables.ts';
import { configFrom, emptyFolder, recordedTerminal } from '../../server/testing.ts';
import { createKeeper, type Keeper } from '../../server/voicemail/keeper.ts';
import { createVoicemails } from '../../server/voicemail/voicemails.ts';
import { accessOfEmulator } from '../../server/vonage/platform-access.ts';
import { type CallControl, createVonageApi, type VonageApi } from '../../server/vonage/vonage.ts';
import { type CutsPower, withPowerCut } from './power-cut.ts';

/** A desk with its platform, on one virtual clock. With several servers, requests go to each in turn. */
export interface Team extends AsyncDisposable {
  platform: Platform;
  /** Of the first server. */
  desk: DeskService;
  url: string;
  view(): Promise<DeskView>;
  /** What the servers asked of the platform, oldest first. */
  requests: readonly PlatformRequest[];
  /**
   * An agent's page that is alive: it beats until it is closed.
   * @param onOffer makes it open the agent's feed, too, and is called with each new offer that it shows.
   */
  page(agent: string, onOffer?: (offer: ShownOffer) => void): { close(): void };
  /** Whether the store works, for all servers: it fails while a test says no. */
  store: { works: boolean };
  /** Lets an agent without a page treat calls by rules. Like a page, it tells the desk when she hangs up. */
  treats(agent: string, rule: (call: AgentCall) => AgentRule): void;
  /** Resolves after so many seconds of the virtual clock. */
  wait(seconds: number): Promise<void>;
  /** Resolves when the condition holds, looked at each 100 ms of the virtual clock. Rejects after a minute of it. */
  until(what: string, holds: () => boolean | Promise<boolean>, seconds?: number): Promise<void>;
  /** Deletes what is older than a time, as retention does. */
  forgetsBefore(time: number): Promise<void>;
  /** What the desk did so far, in order. */
  events(): Promise<readonly DeskEvent[]>;
  /** Names of the tables that have a text in a row. */
  stored(text: string): Promise<readonly string[]>;
  /** Files of recordings that are kept. */
  recordings(): readonly string[];
  /** What the server printed. */
  printed(): string;
}

/** A file system in memory, where there is one: hours of calls are thousands of commits. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : undefined;

/** An offer as an agent's page shows it. */
export interface ShownOffer {
  id: string;
  call: string;
  /** When the page was told. */
  at: number;
}

const shownDesk = z.object({
  now: z.number(),
  offer: z.object({ id: z.string(), call: z.string() }).nullable(),
});

interface TeamOptions {
  agents?: readonly string[];
  /** Default: one, with SQLite. More need Postgres. */
  servers?: number;
  databaseUrl?: string;
  seed?: number;
  rules?: (rules: DeskRules) => DeskRules;
  platform?: Partial<PlatformOptions>;
  /** Asked at each step of the server. Where it says so the server dies, and another one starts a second later. */
  cutsPower?: CutsPower;
  /** Asked of each reply to a webhook. Where it says so the reply is lost on its way. */
  losesReply?: (path: string, reply: string) => boolean;
}

/** Nobody is there. */
const refuse: RequestListener = (request) => request.socket.destroy();

/** A handler whose replies to webhooks may be lost. */
function lossy(handle: RequestListener, loses: (path: string, reply: string) => boolean): RequestListener {
  return (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/voice/') && request.method === 'POST') {
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

/** Milliseconds until a server is back whose power was cut. */
const DOWN_MS = 1000;

export async function startTeam({
  agents = ['Alice', 'Bob', 'Carol'],
  servers: count = 1,
  databaseUrl,
  seed = 1,
  rules: change = (rules) => rules,
  platform: platformOptions = {},
  cutsPower = () => false,
  losesReply = () => false,
}: TeamOptions = {}): Promise<Team> {
  const http: Server = createServer();
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const platform = await createPlatform({
    answerUrl: `${url}/voice/answer`,
    eventUrl: `${url}/voice/event`,
    fallbackUrl: `${url}/voice/fallback`,
    virtual: { seed, start: Date.now() },
    ...platformOptions,
  });
  const { world, clock } = platform;
  const config = configFrom({ AGENTS: agents.join(','), ROUTING: 'desk' });
  const terminal = recordedTerminal();
  const dataDir = join(emptyFolder(MEMORY), 'data');
  const recordings = join(emptyFolder(), 'voicemails');
  const rules = change(builtInRules(agents, 'Please wait while we connect you to an agent', 'en-US'));
  const access = accessOfEmulator(platform);

  const requests: PlatformRequest[] = [];
  const power = { works: true };
  /** What answers requests, by server, and feeds of pages, by tab: resolved when they are closed. */
  const handlers: RequestListener[] = Array.from({ length: count }, () => refuse);
  const feeds = new Map<string, Promise<void>>();
  let served = 0;
  http.on('request', (request, response) => {
    const tab = new URL(request.url ?? '', url).searchParams.get('tab');
    if (tab !== null) feeds.set(tab, new Promise((gone) => response.once('close', gone)));
    handlers[served % count]?.(request, response);
    served += 1;
  });

  /** Starts a server on the data that are there. */
  async function startServer(index: number) {
    const log = terminal.terminal.warning;
    const opened = await openStore({ dataDir, databaseUrl, tables, log });
    const line = { isCut: false };
    const parts = {
      store: breakable(opened, power),
      vonage: noting(createVonageApi(access), requests, clock.now),
      clock,
    };
    const tools = withPowerCut(parts, cutsPower, () => {
      line.isCut = true;
      handlers[index] = refuse;
      http.closeAllConnections();
      world.after(DOWN_MS, () => void clock.during(comeBack(index)));
    });
    const { store } = tools;
    const desk = createDesk({
      store,
      clock: tools.clock,
      agents: () => agents,
      rules: () => rules,
      craft: () => ({
        base: url,
        language: undefined,
        texts: ENGLISH,
        transcripts: rules.transcripts ?? undefined,
      }),
      pace: { calls: 3, others: 15 },
      log,
    });
    let keeper: Keeper | undefined;
    const entries = await createLog(
      store,
      createCommit({ store, clock: tools.clock, desk, onRecordings: () => keeper?.wake() }),
    );
    const voicemails = createVoicemails(store, recordings, clock.now);
    const context = createContext({
      config,
      terminal: terminal.terminal,
      access,
      log: entries,
      url,
      desk,
      voicemails,
      ...tools,
    });
    handlers[index] = lossy(createApp(context), losesReply);
    await desk.start(context.vonage);
    const fetchRecording = context.vonage.download;
    keeper = createKeeper({ store, clock: tools.clock, fetch: fetchRecording, folder: recordings, log });
    keeper.wake();
    return {
      store,
      desk,
      voicemails,
      async close() {
        // Without power it waits for what never comes.
        if (!line.isCut) await Promise.all([desk.close(), keeper?.close(), entries.close()]);
        context.feed.close();
        await opened.close();
      },
    };
  }

  let closed = false;
  const first = await startServer(0);
  const servers = [first];
  while (servers.length < count) servers.push(await startServer(servers.length));
  const server = () => servers[0] ?? first;

  async function comeBack(index: number): Promise<void> {
    await servers[index]?.close();
    if (!closed) servers[index] = await startServer(index);
  }

  const closers: (() => void)[] = [];
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    for (const each of closers) each();
    await platform.close();
    http.closeAllConnections();
    http.close();
    await Promise.all(servers.map((each) => each.close()));
  }
  onTestFinished(close);

  let pages = 0;
  const wait = (seconds: number) =>
    new Promise<void>((done) => {
      world.after(Math.round(seconds * 1000), done);
    });

  return {
    platform,
    get desk() {
      return server().desk;
    },
    url,
    requests,
    store: power,
    // Time stands still until it is known.
    view: () => clock.during(server().desk.view()),
    page(agent, onOffer) {
      pages += 1;
      const tab = `tab-${pages}`;
      const closing = new AbortController();
      const beat = async () => {
        await fetch(`${url}/api/presence`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ agent, tab, line: 'up', sound: 'on', microphone: 'ready' }),
        });
      };
      const again = () => {
        if (closing.signal.aborted) return;
        void clock.during(beat()).catch(() => {});
        world.after(3000, again);
      };
      again();
      if (onOffer !== undefined) {
        const query = new URLSearchParams({ agent, tab });
        const opened = fetch(`${url}/api/desk/feed?${query}`, { signal: closing.signal });
        void clock.during(opened).then(
          (feed) => showOffers(feed, onOffer),
          () => {},
        );
      }
      const closePage = () => {
        const gone = feeds.get(tab);
        closing.abort();
        // The server is told of it before time goes on.
        if (gone !== undefined) void clock.during(gone);
      };
      closers.push(closePage);
      return { close: closePage };
    },
    treats(agent, rule) {
      const tell = (fact: unknown, path: string) =>
        fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fact),
        });
      platform.agent(agent, (given) => {
        const report = async () => {
          const view: DeskView = JSON.parse(await (await fetch(`${url}/api/desk`)).text());
          const call = view.calls.find((each) => each.agent === agent);
          if (call !== undefined)
            await tell({ agent, call: call.id, fact: 'hang-up meant' }, '/api/desk/report');
        };
        void given.over.then(({ cause }) => {
          if (cause === 'hung-up-here' && !closed) void clock.during(report()).catch(() => {});
        });
        return rule(given);
      });
    },
    wait,
    async until(what, holds, seconds = 60) {
      const end = world.now() + seconds * 1000;
      while (!(await clock.during(Promise.resolve(holds())))) {
        if (world.now() >= end) throw new Error(`${what} was not so after ${seconds} s.\n${terminal.text()}`);
        await wait(0.1);
      }
    },
    async forgetsBefore(time) {
      await deleteHistoryBefore(server().store, time);
      await server().voicemails.removeBefore(time);
    },
    async events() {
      const read = server().store.read((db) =>
        db.selectFrom('desk_events').select('body').orderBy('id').execute(),
      );
      const rows = await clock.during(read);
      return rows.map(({ body }): DeskEvent => JSON.parse(body));
    },
    async stored(text) {
      const read = server().store.read(async (db) => {
        const found: string[] = [];
        for (const { name } of await db.introspection.getTables()) {
          const { rows } = await sql`select * from ${sql.table(name)}`.execute(db);
          if (rows.some((row) => JSON.stringify(row).includes(text))) found.push(name);
        }
        return found;
      });
      return clock.during(read);
    },
    recordings: () => (existsSync(recordings) ? readdirSync(recordings) : []),
    printed: () => terminal.text(),
    [Symbol.asyncDispose]: close,
  };
}

/** Tells of each offer that a feed shows, once. */
async function showOffers(feed: Response, onOffer: (offer: ShownOffer) => void): Promise<void> {
  let shown: string | undefined;
  let text = '';
  try {
    for await (const chunk of (feed.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        const { data } = shownDesk.safeParse(JSON.parse(line.slice('data:'.length)));
        if (data === undefined || data.offer === null || data.offer.id === shown) continue;
        shown = data.offer.id;
        onOffer({ ...data.offer, at: data.now });
      }
    }
  } catch {
    // The page was closed.
  }
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
    createCall: (call) => note('create', call.answerUrl, vonage.createCall(call)),
    transferCall: (leg, address, regionUrl) =>
      note('transfer', leg, vonage.transferCall(leg, address, regionUrl)),
    hangUpCall: (leg, regionUrl) => note('hang up', leg, vonage.hangUpCall(leg, regionUrl), control),
    findCalls: (filter) => note('list', String(filter.status), vonage.findCalls(filter)),
  };
}
