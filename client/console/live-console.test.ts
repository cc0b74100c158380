import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeApi, type FakeApi, fakeSession } from './fake-api.ts';
import { createFakeFeedServer, type FakeFeedServer } from './fake-feed-server.ts';
import { message, summary } from './fake-messages.ts';
import { everything } from './filter.ts';
import { createLiveConsole, type LiveConsole } from './live-console.ts';
import type { Place } from './place.ts';

let api: FakeApi;
let server: FakeFeedServer;
let live: LiveConsole;

async function start(place: Place = { filter: everything, callId: null }): Promise<void> {
  live = createLiveConsole({
    api,
    connect: server.connect,
    beforePaint(run) {
      const timer = setTimeout(run);
      return () => clearTimeout(timer);
    },
    place,
    random: () => 0,
  });
  await settle();
}

/** Lets everything that is on its way arrive. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(300);
}

beforeEach(() => {
  vi.useFakeTimers();
  api = createFakeApi();
  api.summaries = [summary(2), summary(1)];
  server = createFakeFeedServer();
});

afterEach(() => {
  live.close();
  vi.useRealTimers();
});

const ids = () => live.calls.list.value.rows.map(({ id }) => id);
const entryIds = () => live.openCall.entries.value?.map(({ id }) => id);

function store(number: number, changes = {}): void {
  const told = message(summary(number, changes));
  api.summaries = [told.call, ...api.summaries.filter(({ id }) => id !== told.call.id)];
  api.entries.set(told.call.id, [...(api.entries.get(told.call.id) ?? []), told.entry]);
}

describe('the console', () => {
  it('lists existing and new calls', async () => {
    await start();
    server.open();
    await settle();
    server.tell(message(summary(3)));
    await settle();
    expect([live.feed.value, ids()]).toEqual(['live', ['CON-3', 'CON-2', 'CON-1']]);
  });

  it('lists the calls even without a feed', async () => {
    await start();
    server.refuse();
    expect([live.feed.value, ids()]).toEqual(['reconnecting', ['CON-2', 'CON-1']]);
  });

  it('misses nothing stored between the first page and the start of the feed', async () => {
    await start();
    store(3);
    server.open();
    await settle();
    expect(ids()).toEqual(['CON-3', 'CON-2', 'CON-1']);
  });

  it('starts with the filter and the call in its URL', async () => {
    store(1);
    await start({ filter: { ...everything, status: 'ringing' }, callId: 'CON-1' });
    expect(api.asked).toEqual(['calls {"status":"ringing"}', 'call CON-1']);
    expect(entryIds()).toEqual([1]);
  });

  it('catches up after a long sleep, in the list and in the open call', async () => {
    store(1);
    await start({ filter: everything, callId: 'CON-1' });
    server.open();
    await settle();
    store(1, { status: 'ended', lastEntryId: 7 });
    store(8);
    live.slept();
    server.open();
    await settle();
    expect([ids(), entryIds()]).toEqual([
      ['CON-8', 'CON-2', 'CON-1'],
      [1, 7],
    ]);
    expect(live.calls.list.value.rows[2]?.status).toBe('ended');
  });

  it('changes nothing while paused, and catches up afterwards', async () => {
    store(1);
    await start({ filter: everything, callId: 'CON-1' });
    server.open();
    await settle();
    live.pause.toggle();
    server.tell(message(summary(3)));
    server.tell(message(summary(1, { lastEntryId: 7 })));
    await settle();
    expect([ids(), entryIds()]).toEqual([['CON-2', 'CON-1'], [1]]);
    live.pause.toggle();
    expect([ids(), entryIds()]).toEqual([
      ['CON-3', 'CON-2', 'CON-1'],
      [1, 7],
    ]);
  });

  it('removes a call that the server no longer knows', async () => {
    await start();
    api.summaries = [];
    live.openCall.open('CON-2');
    await settle();
    expect([live.openCall.failure.value, ids()]).toEqual(['not-found', ['CON-1']]);
  });

  it('replays an event', async () => {
    await start();
    await expect(live.replay('CON-1', 4)).resolves.toBe(200);
    expect(api.asked.at(-1)).toBe('replay 4 of CON-1');
  });
});

describe('without sign-in', () => {
  beforeEach(() => {
    api.state = { ...fakeSession, agent: null, agents: [], signIn: 'code' };
  });

  it('shows nothing until sign-in, and everything afterwards', async () => {
    await start();
    expect([live.session.stage.value.name, server.paths, api.asked]).toEqual(['signed-out', [], []]);
    live.session.signIn({ agent: 'Alice', code: 'right' });
    await settle();
    expect([live.session.stage.value.name, server.paths, ids()]).toEqual([
      'signed-in',
      ['api/feed'],
      ['CON-2', 'CON-1'],
    ]);
  });

  it.each([
    ['a request', () => live.calls.reload()],
    ['the feed', () => server.refuse()],
  ])('asks for sign-in again when %s shows that it ended', async (_, ask) => {
    api.state = fakeSession;
    await start();
    api.state = { ...fakeSession, agent: null, signIn: 'code' };
    api.failure = 'sign-in-needed';
    ask();
    await settle();
    expect(live.session.stage.value).toEqual({ name: 'signed-out', problem: 'signed-out-elsewhere' });
    expect(server.connections).toBe(0);
  });
});

it('does nothing after it is closed', async () => {
  await start();
  server.open();
  live.close();
  const before = [...api.asked];
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect([api.asked, server.connections]).toEqual([before, 0]);
});
