import { createReadStream, existsSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, resolve } from 'node:path';
import type { AuditPage } from '../../domain/api/audit-api.ts';
import type { AgentView } from '../../domain/api/desk-api.ts';
import type { SessionState } from '../../domain/api/page-api.ts';
import type { FigureCalls, WallCall, WallView } from '../../domain/api/wall-api.ts';
import { type Figures, type IntervalFigures, ratesOf, sumOf } from '../../domain/desk/figures.ts';
import { listen } from '../../server/http/listen.ts';

/** A wall's server that shows whatever a test gives it. */
export interface WallServer {
  url: string;
  view: WallView;
  session: SessionState;
  /** Of days from today. */
  figures: (day: number) => Figures | null;
  calls: FigureCalls;
  audit: AuditPage;
  /** Sends the view to all walls. */
  tell(): void;
  /** Ends all feeds, and gives no new ones until it is told otherwise. */
  isFeedCut: boolean;
  cut(): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const PAGES = resolve(import.meta.dirname, '../../dist/pages');

/** Serves the built page with a desk that is only made up. */
export async function startWallServer(view: WallView): Promise<WallServer> {
  const feeds = new Set<ServerResponse>();
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    switch (pathname) {
      case '/api/session':
        return json(server.session);
      case '/api/figures': {
        const figures = server.figures(Number(searchParams.get('day')));
        return figures === null ? json({ error: 'Not now.', code: 'internal' }, 503) : json(figures);
      }
      case '/api/audit':
        return json(server.audit);
      case '/api/figures/calls':
        return json(server.calls);
      case '/api/wall/feed':
        if (server.isFeedCut) return json({ error: 'Not now.', code: 'internal' }, 503);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        feeds.add(response);
        response.once('close', () => feeds.delete(response));
        return send(response);
      default: {
        const path = join(PAGES, pathname);
        if (!existsSync(path)) return json({ error: 'Nothing is here.', code: 'not-found' }, 404);
        response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
        createReadStream(path).pipe(response);
      }
    }
  });
  function send(response: ServerResponse): void {
    response.write(`event: wall\ndata: ${JSON.stringify({ ...server.view, now: Date.now() })}\n\n`);
  }
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  const server: WallServer = {
    url: `http://127.0.0.1:${port}/`,
    view,
    session: {
      agent: 'Alice',
      roles: ['agent', 'supervisor', 'developer'],
      agents: ['Alice'],
      routing: 'desk',
      signIn: 'automatic',
      number: null,
      phoneUrl: null,
    },
    figures: (day) => figuresLike(day),
    calls: { calls: [], total: 0 },
    audit: { entries: [], next: null },
    isFeedCut: false,
    tell() {
      for (const response of feeds) send(response);
    },
    cut() {
      server.isFeedCut = true;
      for (const response of feeds) response.end();
    },
    async close() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return server;
}

const FIRST_NAMES = ['Alice', 'Bob', 'Carol', 'Dan', 'Eve', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jo'];

/** Agents of every state, and callers who wait, the more of them the larger the numbers. */
export function boardOf(agents: number, waiting: number, now = Date.now()): WallView {
  const list = Array.from({ length: agents }, (_, index) => agentLike(index, now));
  const callers = Array.from({ length: waiting }, (_, index) => callerLike(index, waiting, now));
  const booked = [0, 1].map(
    (index): WallCall => ({
      ...callerLike(index, 2, now),
      id: `callback-${index}`,
      kind: 'callback',
      queue: 'sales',
      state: index === 0 ? 'offered' : 'waiting',
      agent: null,
      place: waiting + index + 1,
      callerHears: 'nothing',
    }),
  );
  const talking = list
    .filter(({ load }) => load !== 'free' && load !== 'wrap-up')
    .map((agent, index) => talkLike(agent, index, now));
  const names = list.map(({ name }) => name);
  const queueOf = (name: string, share: number) => {
    const own = callers.filter(({ queue }) => queue === name);
    return {
      name,
      agents: names.filter((_, index) => index % share === 0),
      ready: list.filter(
        ({ line, load, choice }, index) =>
          index % share === 0 && line === 'up' && load === 'free' && choice === 'available',
      ).length,
      waiting: own.length,
      callbacks: name === 'sales' ? 2 : 0,
      waitingSince: own.length === 0 ? null : Math.min(...own.map(({ waitingSince }) => waitingSince)),
      longestWaitSeconds: 600,
      unattendedSince: name === 'billing' ? now - 95_000 : null,
    };
  };
  return {
    now,
    agents: list,
    queues: [queueOf('sales', 1), queueOf('support', 2), { ...queueOf('billing', 3), ready: 0 }],
    calls: [...callers, ...booked, ...talking],
    voicemails: { unheard: 3, oldest: now - 45 * 60_000 },
  };
}

function agentLike(index: number, now: number): AgentView {
  const name = `${FIRST_NAMES[index % FIRST_NAMES.length]}${index < FIRST_NAMES.length ? '' : ` ${Math.floor(index / FIRST_NAMES.length) + 1}`}`;
  const since = now - ((index * 37) % 900) * 1000;
  const free: AgentView = {
    name,
    choice: 'available',
    reason: null,
    next: null,
    line: 'up',
    load: 'free',
    since,
  };
  const kinds: Partial<AgentView>[] = [
    { load: 'talking' },
    {},
    { load: 'talking', next: { choice: 'away', reason: 'lunch' } },
    { load: 'wrap-up' },
    { choice: 'away', reason: 'lunch' },
    { load: 'reserved' },
    { load: 'holding' },
    { line: 'down', since: now - 40_000 },
    { choice: 'away', reason: 'no answer' },
    { line: 'degraded' },
    { load: 'consulting' },
    { choice: 'offline', line: 'down' },
  ];
  return { ...free, ...kinds[index % kinds.length] };
}

function callerLike(index: number, all: number, now: number): WallCall {
  const queue = index % 3 === 0 ? 'support' : 'sales';
  const waitingSince = now - (all - index) * (all > 60 ? 2_000 : 31_000);
  return {
    id: `waiting-${index}`,
    kind: 'inbound',
    from: index % 11 === 10 ? null : `4477009${String(10_000 + index).slice(0, 5)}`,
    queue,
    state: index === 0 ? 'recovering' : 'waiting',
    agent: index === 0 ? 'Hugo' : null,
    since: waitingSince,
    waitingSince,
    place: Math.floor(index / 3) + 1,
    callerHears: index % 4 === 0 ? 'position' : 'music',
    heldSince: null,
    holdWarning: null,
    supervisors: [],
  };
}

function talkLike({ name, load, since }: AgentView, index: number, now: number): WallCall {
  const isHeld = load === 'holding';
  return {
    id: `talk-${name}`,
    kind: 'inbound',
    from: `4477008${10_000 + index}`,
    queue: 'sales',
    state: load === 'reserved' ? 'offered' : isHeld ? 'held' : 'talking',
    agent: name,
    since,
    waitingSince: since - 20_000,
    place: null,
    callerHears: load === 'reserved' ? 'music' : isHeld ? 'hold' : 'agent',
    heldSince: isHeld ? now - 130_000 : null,
    holdWarning: isHeld ? 'alert' : null,
    supervisors: [],
  };
}

const QUARTER_MS = 15 * 60_000;

/** A working day from eight to six; today until now, or until noon. */
export function figuresLike(day: number, now = Date.now()): Figures {
  const date = new Date(now);
  date.setDate(date.getDate() + day);
  const from = date.setHours(0, 0, 0, 0);
  const passed = Math.max(now - from, 12 * 3_600_000);
  const intervals = Array.from({ length: 40 }, (_, index): IntervalFigures => {
    const wave = Math.round(12 + 9 * Math.sin(index / 5 + day) + ((index * 7) % 5));
    const [answered, abandoned, overflowed] = [
      Math.round(wave * 0.86),
      Math.round(wave * 0.09),
      Math.round(wave * 0.05),
    ];
    return {
      at: from + 8 * 3_600_000 + index * QUARTER_MS,
      offered: answered + abandoned + overflowed,
      answered,
      abandoned,
      shortAbandoned: index % 6 === 0 ? 1 : 0,
      overflowed,
      callback: 0,
      lost: 0,
      waiting: 0,
      answeredInTime: Math.round(answered * (0.78 + 0.1 * Math.cos(index / 4))),
      waitSeconds: answered * (9 + (index % 7)),
      handled: answered,
      handleSeconds: answered * (185 + (index % 5) * 9),
      idleSeconds: 900,
      offers: answered + 2,
      notTaken: 2,
      endedByCaller: 1,
    };
  }).filter(({ at }) => day < 0 || at < from + passed);
  const sums = sumOf(intervals);
  const { offered, answered, abandoned, shortAbandoned, overflowed, callback, lost, waiting } = sums;
  const agent = {
    handled: 21,
    talkSeconds: 4210,
    wrapUpSeconds: 610,
    idleSeconds: 1500,
    offers: 24,
    rejected: 1,
    missed: 2,
  };
  return {
    from,
    to: from + 24 * 3_600_000,
    outbound: { dialed: 14, answered: 9, talkSeconds: 2_190 },
    offered,
    answered,
    abandoned,
    shortAbandoned,
    overflowed,
    callback,
    lost,
    waiting,
    ...ratesOf(sums),
    agents: FIRST_NAMES.map((name, index) => ({ name, ...agent, handled: 21 - index })),
    intervals,
  };
}
