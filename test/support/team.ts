import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
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
import { openStore } from '../../server/store/store.ts';
import { tables } from '../../server/tables.ts';
import { configFrom, emptyFolder, recordedTerminal } from '../../server/testing.ts';
import { createKeeper, type Keeper } from '../../server/voicemail/keeper.ts';
import { createVoicemails } from '../../server/voicemail/voicemails.ts';
import { accessOfEmulator } from '../../server/vonage/platform-access.ts';
import { createVonageApi } from '../../server/vonage/vonage.ts';
import { type CutsPower, withPowerCut } from './power-cut.ts';

/** A desk with its platform, on one virtual clock. */
export interface Team extends AsyncDisposable {
  platform: Platform;
  desk: DeskService;
  url: string;
  view(): Promise<DeskView>;
  /** An agent's page that is alive: it beats until it is closed. */
  page(agent: string): { close(): void };
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
  /** What the server printed. */
  printed(): string;
}

/** A file system in memory, where there is one: hours of calls are thousands of commits. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : undefined;

interface TeamOptions {
  agents?: readonly string[];
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

  /** Starts a server on the data that are there. */
  async function startServer() {
    const log = terminal.terminal.warning;
    const opened = await openStore({ dataDir, tables, log });
    const line = { isCut: false };
    const tools = withPowerCut({ store: opened, vonage: createVonageApi(access), clock }, cutsPower, () => {
      line.isCut = true;
      http.off('request', app).on('request', refuse);
      http.closeAllConnections();
      world.after(DOWN_MS, () => void clock.during(comeBack()));
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
    const app = lossy(createApp(context), losesReply);
    http.off('request', refuse).on('request', app);
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
  let server = await startServer();

  async function comeBack(): Promise<void> {
    await server.close();
    if (!closed) server = await startServer();
  }

  const closers: (() => void)[] = [];
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    for (const each of closers) each();
    await platform.close();
    http.closeAllConnections();
    http.close();
    await server.close();
  }
  onTestFinished(close);

  const wait = (seconds: number) =>
    new Promise<void>((done) => {
      world.after(seconds * 1000, done);
    });

  return {
    platform,
    get desk() {
      return server.desk;
    },
    url,
    // Time stands still until it is known.
    view: () => clock.during(server.desk.view()),
    page(agent) {
      let alive = true;
      const beat = async () => {
        await fetch(`${url}/api/presence`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ agent, tab: 'tab', line: 'up', sound: 'on', microphone: 'ready' }),
        });
      };
      const again = () => {
        if (!alive) return;
        void clock.during(beat()).catch(() => {});
        world.after(3000, again);
      };
      again();
      const closePage = () => {
        alive = false;
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
      await deleteHistoryBefore(server.store, time);
      await server.voicemails.removeBefore(time);
    },
    async events() {
      const read = server.store.read((db) =>
        db.selectFrom('desk_events').select('body').orderBy('id').execute(),
      );
      const rows = await clock.during(read);
      return rows.map(({ body }): DeskEvent => JSON.parse(body));
    },
    printed: () => terminal.text(),
    [Symbol.asyncDispose]: close,
  };
}
