import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLeadership, type Leadership, type Mirror } from './leadership.ts';

/** A tab, and what it did when its role changed. */
interface Tab extends Leadership {
  does: string[];
  shown: Mirror;
}

const tabs: Tab[] = [];
let test = 0;
const alice = () => `Alice ${test}`;

function openTab(words = 'Lines are open for calls'): Tab {
  const does: string[] = [];
  const shown: Mirror = { words, tone: 'ready', busy: false };
  const tab: Tab = Object.assign(
    createLeadership({
      locks: navigator.locks,
      openChannel: (name) => new BroadcastChannel(name),
      shown: () => tab.shown,
      onPromoted: () => void does.push('promoted'),
      onDemoted: async () => {
        does.push('closed');
      },
    }),
    { does, shown },
  );
  tabs.push(tab);
  return tab;
}

const roles = () => tabs.map((tab) => tab.role.peek());

beforeEach(() => {
  // Node has the same locks as a browser; agents of one test are not those of another.
  test += 1;
});

afterEach(() => {
  for (const tab of tabs.splice(0)) {
    tab.leave();
  }
});

describe('two tabs of an agent', () => {
  let first: Tab;
  let second: Tab;

  beforeEach(async () => {
    first = openTab();
    expect(await first.claim(alice())).toBe(true);
    second = openTab('nothing');
    expect(await second.claim(alice())).toBe(false);
  });

  it('the second mirrors the first, including changes', async () => {
    await vi.waitFor(() => expect(second.mirror.peek()?.words).toBe('Lines are open for calls'));
    first.shown = { words: 'Incoming call from Bob', tone: 'calling', busy: false };
    first.publish();
    await vi.waitFor(() => expect(second.mirror.peek()?.words).toBe('Incoming call from Bob'));
  });

  it('the second leads as soon as the first is gone', async () => {
    first.leave();
    await vi.waitFor(() => expect(roles()).toEqual(['none', 'leader']));
    expect(second.does).toEqual(['promoted']);
    expect(second.mirror.peek()).toBeNull();
  });

  it('the second leads on request, but only after the first has closed its session', async () => {
    second.takeOver();
    await vi.waitFor(() => expect(roles()).toEqual(['follower', 'leader']));
    expect([first.does, second.does]).toEqual([['closed'], ['promoted']]);
    await vi.waitFor(() => expect(first.mirror.peek()?.words).toBe('nothing'));
    first.takeOver();
    await vi.waitFor(() => expect(roles()).toEqual(['leader', 'follower']));
  });

  it('a call does not move', async () => {
    first.shown = { words: 'In call with Bob', tone: 'ready', busy: true };
    first.publish();
    second.takeOver();
    await vi.waitFor(() => expect(second.mirror.peek()?.busy).toBe(true));
    // Whoever waits longest would lead by now.
    first.shown = { words: 'Lines are open for calls', tone: 'ready', busy: false };
    first.publish();
    await vi.waitFor(() => expect(second.mirror.peek()?.busy).toBe(false));
    expect([roles(), first.does]).toEqual([['leader', 'follower'], []]);
  });

  it('the chosen tab leads, however long another has waited', async () => {
    const third = openTab();
    await third.claim(alice());
    third.takeOver();
    await vi.waitFor(() => expect(roles()).toEqual(['follower', 'follower', 'leader']));
  });

  it('a third that claims and takes over at once leads before it was ever a follower', async () => {
    const third = openTab();
    const claimed = third.claim(alice());
    third.takeOver();
    expect(await claimed).toBe(true);
    expect([third.does, first.does]).toEqual([[], ['closed']]);
  });

  it('can claim the lead again', async () => {
    expect([await first.claim(alice()), await second.claim(alice())]).toEqual([true, false]);
  });
});

it('tabs of different agents are independent', async () => {
  await openTab().claim(alice());
  expect(await openTab().claim('Bob')).toBe(true);
});

it('a tab leads for its next agent once the last one is gone', async () => {
  const [tab, other] = [openTab(), openTab()];
  await tab.claim(alice());
  expect(await tab.claim('Bob')).toBe(true);
  expect(await other.claim(alice())).toBe(true);
});

it('a leader that does not respond is replaced, and follows when it wakes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const frozen = openTab();
    const channel = new BroadcastChannel('none');
    const deaf = createLeadership({
      locks: navigator.locks,
      openChannel: () => channel,
      shown: () => frozen.shown,
      onPromoted: () => {},
      onDemoted: async () => {
        frozen.does.push('closed');
      },
    });
    await deaf.claim(alice());
    const tab = openTab();
    const claimed = tab.claim(alice());
    await vi.advanceTimersByTimeAsync(500);
    expect(await claimed).toBe(false);
    tab.takeOver();
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.waitFor(() => expect([deaf.role.peek(), tab.role.peek()]).toEqual(['follower', 'leader']));
    expect(frozen.does).toEqual(['closed']);
    deaf.leave();
  } finally {
    vi.useRealTimers();
  }
});

it('a tab that nobody heard asks again when another one says that it leads', async () => {
  // The other tab has the lock already, and does not listen yet.
  const name = `switchboard.agent.${alice()}`;
  const stolen = expect(navigator.locks.request(name, () => new Promise(() => {}))).rejects.toThrow();
  const channel = new BroadcastChannel(name);
  let asked = 0;
  channel.addEventListener('message', ({ data }) => {
    asked += data.type === 'take-over' ? 1 : 0;
  });
  const tab = openTab();
  await tab.claim(alice());
  tab.takeOver();
  await vi.waitFor(() => expect(asked).toBe(1));
  channel.postMessage({ type: 'shown', mirror: { words: 'Connecting…', tone: 'trouble', busy: false } });
  await vi.waitFor(() => expect(asked).toBe(2));
  channel.postMessage({ type: 'yielded' });
  await vi.waitFor(() => expect(tab.role.peek()).toBe('leader'));
  await stolen;
  channel.close();
});

it('every tab leads if tabs cannot communicate', async () => {
  const alone = () =>
    createLeadership({
      locks: undefined,
      openChannel: (name) => new BroadcastChannel(name),
      shown: () => ({ words: '', tone: 'ready', busy: false }),
      onPromoted: () => {},
      onDemoted: async () => {},
    });
  expect([await alone().claim(alice()), await alone().claim(alice())]).toEqual([true, true]);
});
