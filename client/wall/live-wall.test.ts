import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../../domain/api/page-api.ts';
import type { WallView } from '../../domain/api/wall-api.ts';
import { type Figures, figuresOf } from '../../domain/desk/figures.ts';
import { ApiCallError } from '../session/request.ts';
import type { WallApi } from './api.ts';
import type { FeedSource } from './feed.ts';
import { createLiveWall, type LiveWall } from './live-wall.ts';

const NOON = new Date(2026, 2, 2, 12).getTime();
/** The server's clock is ahead of the page's. */
const AHEAD = 90_000;
const DAY = 86_400_000;

const carol: SessionState = {
  agent: 'Carol',
  roles: ['supervisor'],
  agents: ['Alice'],
  routing: 'desk',
  signIn: 'code',
  number: null,
  phoneUrl: null,
};

class FakeSource extends EventTarget implements FeedSource {
  readyState = 1;

  close(): void {
    this.readyState = 2;
  }

  tell(view: unknown): void {
    this.dispatchEvent(new MessageEvent('wall', { data: JSON.stringify(view) }));
  }

  break(isRefused = false): void {
    this.readyState = isRefused ? 2 : 0;
    this.dispatchEvent(new Event('error'));
  }
}

let sources: FakeSource[];
let session: SessionState;
let asked: number[];
let figures: (day: number) => Figures;
let refusal: ApiCallError | null;
let live: LiveWall;

const source = () => {
  const last = sources.at(-1);
  if (last === undefined) throw new Error('Nobody has connected.');
  return last;
};
const open = () => sources.filter(({ readyState }) => readyState !== 2).length;

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  sources = [];
  asked = [];
  session = carol;
  refusal = null;
  figures = (day) => figuresOf([], NOON + day * DAY, NOON + (day + 1) * DAY);
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function start(): Promise<void> {
  const control = async () => {
    if (refusal !== null) throw refusal;
  };
  const api: WallApi = {
    session: async () => session,
    signIn: async () => session,
    signOut: async () => {
      session = { ...session, agent: null };
    },
    async figures(day) {
      asked.push(day);
      return figures(day);
    },
    figureCalls: async () => ({ calls: [], total: 0 }),
    audit: async () => ({ entries: [], next: null }),
    controlCall: control,
    controlAgent: control,
  };
  live = createLiveWall({
    api,
    connect() {
      const next = new FakeSource();
      sources.push(next);
      return next;
    },
    beforePaint(run) {
      const timer = setTimeout(run, 1);
      return () => clearTimeout(timer);
    },
    random: () => 0,
    now: Date.now,
  });
  await settle();
}

const view = (change: Partial<WallView> = {}): WallView => ({
  now: Date.now() + AHEAD,
  agents: [],
  queues: [],
  calls: [],
  voicemails: { unheard: 0, oldest: null },
  ...change,
});

async function tell(change?: Partial<WallView>): Promise<void> {
  source().tell(view(change));
  await settle(1);
}

describe('the feed', () => {
  beforeEach(start);

  it('shows the newest of several messages before a frame, and counts in the server’s time', async () => {
    expect([live.feed.value, live.view.value]).toEqual(['connecting', null]);
    source().tell(view({ voicemails: { unheard: 1, oldest: null } }));
    source().tell(view({ voicemails: { unheard: 2, oldest: null } }));
    // The frame comes 1 ms after the message.
    await settle(1);
    expect([live.feed.value, live.view.value?.voicemails.unheard]).toEqual(['live', 2]);
    expect(live.now.value - Date.now()).toBe(AHEAD - 1);
    await settle(1_000);
    expect(live.now.value - Date.now()).toBe(AHEAD - 2);
  });

  it('keeps what it showed while it reconnects, later and later, and at once when the network is back', async () => {
    await tell();
    source().break();
    expect([live.feed.value, live.view.value === null]).toEqual(['reconnecting', false]);
    await settle(250);
    expect(sources).toHaveLength(2);
    source().break();
    await settle(499);
    expect(sources).toHaveLength(2);
    live.wake();
    expect(sources).toHaveLength(3);
    await tell();
    expect([live.feed.value, open()]).toEqual(['live', 1]);
  });

  it('ignores what makes no sense', async () => {
    source().tell({ agents: 'none' });
    await settle(1);
    expect([live.feed.value, live.view.value]).toEqual(['connecting', null]);
  });

  it('ends when the session has ended elsewhere, and forgets what it showed', async () => {
    await tell();
    session = { ...carol, agent: null };
    source().break(true);
    await settle();
    expect(live.session.stage.value).toEqual({ name: 'signed-out', problem: 'signed-out-elsewhere' });
    expect([live.view.value, open()]).toEqual([null, 0]);
  });
});

it.each<[string, SessionState]>([
  ['somebody without the role', { ...carol, roles: ['agent'] }],
  ['a server without a desk', { ...carol, routing: 'direct' }],
  ['nobody', { ...carol, agent: null }],
])('follows nothing for %s', async (_, state) => {
  session = state;
  await start();
  await settle(60_000);
  expect([sources.length, asked]).toEqual([0, []]);
});

describe('the figures', () => {
  it('are read at first with the days before, which are read once', async () => {
    await start();
    expect(asked).toEqual([0, -1, -7]);
    await tell();
    await settle(16_000);
    expect(asked).toEqual([0, -1, -7, 0]);
  });

  it('are read less often while nothing changes', async () => {
    await start();
    await settle(59_000);
    expect(asked).toEqual([0, -1, -7]);
    await settle(1_000);
    expect(asked).toEqual([0, -1, -7, 0]);
  });

  it('are those of the new day after midnight, with other days before', async () => {
    await start();
    figures = (day) => figuresOf([], NOON + (day + 1) * DAY, NOON + (day + 2) * DAY);
    await settle(60_000);
    expect(asked).toEqual([0, -1, -7, 0, -1, -7]);
    expect(live.days.value?.today.from).toBe(NOON + DAY);
  });

  it('stay when they could not be read again, and say so', async () => {
    await start();
    const works = figures;
    figures = () => {
      throw new ApiCallError('unreachable', 'No.');
    };
    await settle(60_000);
    expect([live.areFiguresLate.value, live.days.value === null]).toEqual([true, false]);
    figures = works;
    live.loadFigures();
    await settle();
    expect(live.areFiguresLate.value).toBe(false);
  });
});

it('tells new alarms once, and none that were there when the page was opened', async () => {
  await start();
  const told: string[] = [];
  live.onAlarms((alarms) => told.push(...alarms.map(({ kind }) => kind)));
  const since = Date.now();
  const queue = { name: 'main', agents: [], ready: 0, waiting: 0, callbacks: 0, longestWaitSeconds: 60 };
  const unattended = { ...queue, waitingSince: null, unattendedSince: since };
  await tell({ queues: [unattended] });
  expect(told).toEqual([]);
  const waits = { ...queue, waiting: 1, waitingSince: since + AHEAD, unattendedSince: null };
  await tell({ queues: [waits] });
  expect(told).toEqual([]);
  // Time alone makes it one.
  await settle(61_000);
  expect(told).toEqual(['wait close to bound', 'long wait']);
});

it('says why an action was refused, and looks who is signed in when it was for that', async () => {
  await start();
  expect(await live.controlCall('a', { action: 'end' })).toEqual({ ok: true });
  const cause = { code: 'no such call', name: null } as const;
  refusal = new ApiCallError('not-found', 'There is no such call.', cause);
  expect(await live.controlCall('a', { action: 'end' })).toEqual({
    ok: false,
    failure: 'not-found',
    words: 'There is no such call.',
    cause,
  });
  session = { ...carol, roles: [] };
  refusal = new ApiCallError('role-missing', 'No.');
  await live.controlAgent('Alice', { action: 'sign out' });
  await settle();
  expect(live.session.stage.value.name).toBe('role-missing');
});
