import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { AgentDesk, DeskView } from '../../domain/api/desk-api.ts';
import { builtInRules } from '../../domain/desk/built-in.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { DeskRules } from '../../domain/desk/rules.ts';
import type { Heard } from '../../emulator/calls/hearing.ts';
import type { FaultInput } from '../../emulator/faults/faults.ts';
import type { AgentCall, AgentRule } from '../../emulator/headless/agents.ts';
import type { Caller } from '../../emulator/headless/people.ts';
import { createPlatform, type Platform, type PlatformOptions } from '../../emulator/platform.ts';
import { forgetBefore } from '../../server/retention.ts';
import { loadDesk } from '../../server/routing/desk/stored-desk.ts';
import { viewForAgent } from '../../server/routing/desk/view.ts';
import { emptyFolder, recordedTerminal } from '../../server/testing.ts';
import { balance } from './balance.ts';
import { freePort } from './free-port.ts';
import type { CutsPower } from './power-cut.ts';
import { type LosesReply, type PlatformRequest, startTeamServer, type TeamServer } from './team-server.ts';

/** A desk with its platform, on one virtual clock. */
export interface Team extends AsyncDisposable {
  platform: Platform;
  /** The desk of the first server. */
  readonly desk: TeamServer['desk'];
  url: string;
  /** Of each server, the first one first. */
  urls: readonly string[];
  view(): Promise<DeskView>;
  /** The desk as the page of an agent shows it. */
  seenBy(agent: string): Promise<AgentDesk>;
  /** A call from a telephone, one of `callers` from then on. */
  call(numbers?: { from?: string; to?: string }): Caller;
  /** In the order in which they called. */
  readonly callers: readonly Caller[];
  /** When a caller heard nothing for more than three seconds, except while a message was recorded. */
  silences(): readonly Heard[];
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
  /** Ends the first server as a power cut does. */
  crash(): void;
  /** Starts it again, on what is stored. */
  comeBack(): Promise<void>;
  /** What the servers printed. */
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

export interface TeamOptions {
  agents?: readonly string[];
  seed?: number;
  /** When it begins, in milliseconds since 1970. Default: now. */
  start?: number;
  rules?: (rules: DeskRules) => DeskRules;
  platform?: Partial<PlatformOptions>;
  /**
   * An empty Postgres database that several servers share, behind a load balancer, which may pass the first calls on
   * together, one to each. Default: one server with a SQLite file.
   */
  shared?: { databaseUrl: string; servers: number; together?: boolean } | undefined;
  /** Whether webhooks and replies of the platform take a while, each a time that the seed decides. Default: no. */
  isUnsteady?: boolean;
  /** How the servers print. Default: for people. */
  logFormat?: 'pretty' | 'json';
  /** Where hooks are sent. */
  hooks?: { urls: readonly string[]; secrets: readonly string[] };
  /** Asked at each step of the first server. Where it says so the server dies, and another one starts a second later. */
  cutsPower?: CutsPower;
  /** Asked of each reply to a webhook. Where it says so the reply is lost on its way. */
  losesReply?: LosesReply;
}

/** Milliseconds until a server is back whose power was cut. */
const DOWN_MS = 1000;

/** Milliseconds: nobody must hear nothing for longer. */
const SILENCE_MS = 3_000;

/** Some webhooks leave late, so that others overtake them; of those that must come together, only the events do. */
const late = (isTogether: boolean): FaultInput[] =>
  [30, 90, 150].map((ms) => ({ fault: 'delay', chance: 0.15, ms, ...(isTogether && { webhook: 'event' }) }));

/**
 * Starts a desk and its platform.
 * @param options its `seed` decides, where agents' rules leave a choice, when they react; of an unsteady team also which
 * webhooks are late, and so the order of what happens at the same moment, and how long each request takes.
 */
export async function startTeam({
  agents = ['Alice', 'Bob', 'Carol'],
  seed = 1,
  start = Date.now(),
  rules: change = (rules) => rules,
  platform: { faults = [], ...platformOptions } = {},
  shared,
  isUnsteady = false,
  logFormat,
  hooks,
  cutsPower = () => false,
  losesReply = () => false,
}: TeamOptions = {}): Promise<Team> {
  const ports = await Promise.all(Array.from({ length: shared?.servers ?? 1 }, freePort));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const [url = ''] = urls;
  const base = shared === undefined ? url : await balance(urls, shared.together ? shared.servers : 1);
  const platform = await createPlatform({
    answerUrl: `${base}/voice/answer`,
    eventUrl: `${base}/voice/event`,
    fallbackUrl: `${base}/voice/fallback`,
    virtual: { seed, start },
    ...platformOptions,
    faults: [...faults, ...(isUnsteady ? late(shared?.together === true) : [])],
  });
  const { world, clock } = platform;
  const terminal = recordedTerminal(logFormat);
  const rules = change(builtInRules(agents, 'Please wait while we connect you to an agent', 'en-US'));
  const folder = emptyFolder(MEMORY);
  const recordings = join(folder, 'voicemails');
  const requests: PlatformRequest[] = [];
  const power = { works: true };
  /** Of pages, by their tab. */
  const feeds = new Map<string, Promise<void>>();
  const [port = 0, ...otherPorts] = ports;
  const open = (at: number) =>
    startTeamServer({
      platform,
      port: at,
      base,
      agents,
      rules,
      folder,
      databaseUrl: shared?.databaseUrl,
      terminal,
      isUnsteady,
      hooks,
      cutsPower: (step) => at === port && cutsPower(step),
      onCut() {
        died();
        world.after(DOWN_MS, () => void clock.during(comeBack()));
      },
      losesReply,
      requests,
      power,
      onFeed: (tab, gone) => feeds.set(tab, gone),
    });
  let closed = false;
  let life = { over: Promise.withResolvers<undefined>(), next: Promise.withResolvers<void>() };
  // One after the other: they bring the same tables up to date.
  let first = await open(port);
  const others: TeamServer[] = [];
  for (const each of otherPorts) others.push(await open(each));

  function died(): void {
    life.over.resolve(undefined);
  }

  async function comeBack(): Promise<void> {
    await first.close();
    if (closed) return;
    first = await open(port);
    const { next } = life;
    life = { over: Promise.withResolvers(), next: Promise.withResolvers() };
    next.resolve();
  }

  /** Asks the first server while time stands still, and the one after it where it dies before it answers. */
  async function asks<T>(question: () => Promise<T>): Promise<T> {
    const { over, next } = life;
    const answer = question().then((value) => ({ value }));
    const given = await clock.during(Promise.race([answer, over.promise]));
    if (given !== undefined) return given.value;
    await next.promise;
    return asks(question);
  }

  const callers: Caller[] = [];
  const silencesOf = ({ leg }: Caller) => {
    const heard = platform.heard(leg.uuid);
    return heard.filter(
      ({ hears, from, to }, index) =>
        hears === 'silence' && to - from > SILENCE_MS && heard[index - 1]?.hears !== 'tone',
    );
  };
  /** Of callers who have left: the platform forgets them after a while. */
  const silences: Heard[] = [];

  const closers: (() => void)[] = [];
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    for (const each of closers) each();
    const servers = [first, ...others];
    await Promise.all(servers.map((server) => server.settle()));
    await platform.close();
    await Promise.all(servers.map((server) => server.close()));
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
      return first.desk;
    },
    url,
    urls,
    requests,
    store: power,
    callers,
    view: () => asks(() => first.desk.view()),
    async seenBy(agent) {
      const desk = await asks(() => first.store.read((db) => loadDesk(db, [])));
      return viewForAgent(desk, agent, world.now());
    },
    call(numbers) {
      const caller = platform.call(numbers);
      callers.push(caller);
      void caller.over.then(() => silences.push(...silencesOf(caller)));
      return caller;
    },
    silences: () => [...silences, ...callers.filter(({ leg }) => leg.end === undefined).flatMap(silencesOf)],
    page(agent, onOffer) {
      pages += 1;
      const tab = `tab-${pages}`;
      const closing = new AbortController();
      const beat = async () => {
        await fetch(`${base}/api/presence`, {
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
        const opened = fetch(`${base}/api/desk/feed?${query}`, { signal: closing.signal });
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
        fetch(`${base}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fact),
        });
      platform.agent(agent, (given) => {
        const report = async () => {
          const view: DeskView = JSON.parse(await (await fetch(`${base}/api/desk`)).text());
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
      for (;;) {
        const answer = Promise.resolve(holds());
        // What a server does not answer because it dies, the next one does: until then, time must go on.
        clock.during(Promise.race([answer, life.over.promise])).catch(() => {});
        if (await answer) return;
        if (world.now() >= end) throw new Error(`${what} was not so after ${seconds} s.\n${terminal.text()}`);
        await wait(0.1);
      }
    },
    async forgetsBefore(time) {
      await forgetBefore(first, time);
    },
    async events() {
      const rows = await asks(() =>
        first.store.read((db) => db.selectFrom('desk_events').select('body').orderBy('id').execute()),
      );
      return rows.map(({ body }): DeskEvent => JSON.parse(body));
    },
    async stored(text) {
      const read = () =>
        first.store.read(async (db) => {
          const found: string[] = [];
          for (const { name } of await db.introspection.getTables()) {
            const { rows } = await sql`select * from ${sql.table(name)}`.execute(db);
            if (rows.some((row) => JSON.stringify(row).includes(text))) found.push(name);
          }
          return found;
        });
      return asks(read);
    },
    recordings: () => (existsSync(recordings) ? readdirSync(recordings) : []),
    crash() {
      died();
      first.crash();
    },
    comeBack: () => clock.during(comeBack()),
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
