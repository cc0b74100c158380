import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createFakeAgent,
  createFakeApi,
  type FakeAgent,
  type FakeAgentChanges,
  fakeSession,
} from './fake-agent.ts';
import { createFakePhone } from './fake-phone.ts';
import { PhoneError } from './phone.ts';

let page: FakeAgent;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.agent.close();
  vi.useRealTimers();
});

/** Lets milliseconds pass, and every promise that is due settle. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const alone = { claim: async () => true, takeOver: () => {}, leave: () => {}, sessionChanged: () => {} };
const line = () => page.agent.line.state.peek();
const phase = () => page.agent.calls.phase.peek();
async function open(changes?: FakeAgentChanges): Promise<void> {
  page = createFakeAgent(changes);
  await pass();
}

async function talk(): Promise<void> {
  page.phone.ring('leg-1');
  page.press.answer();
  await pass();
}

describe('a reload during a call', () => {
  const storage = new Map<string, string>();
  const tabStorage = new Map<string, string>();

  beforeEach(async () => {
    storage.clear();
    tabStorage.clear();
    await open({ storage, tabStorage });
    await talk();
    await pass(30_000);
    page.agent.remember();
    page.agent.close();
  });

  it('offers to rejoin, and resumes the session and the timer', async () => {
    await pass(5_000);
    await open({ storage });
    expect(phase()).toMatchObject({ name: 'rejoinable', call: { id: 'leg-1' } });
    expect(page.phone.asked).toEqual(['open token-1 session-1']);

    page.press.rejoin();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('rejoin leg-1');
    expect(phase()).toMatchObject({ name: 'in-call', since: Date.now() - 35_000 });
  });

  it('offers it for the rest of twenty seconds', async () => {
    await pass(6_000);
    await open({ storage });
    await pass(13_999);
    expect(phase().name).toBe('rejoinable');
    await pass(1);
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'connection-lost', talked: 30_000 } });
    await pass();
    expect(page.phone.asked.at(-1)).toBe('leave leg-1');
  });

  it('can be hung up, even before the line is open', async () => {
    const phone = createFakePhone();
    phone.hold('open');
    await open({ storage, phone });
    page.press.hangUp();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'you-hung-up', talked: 30_000 } });
    await pass();
    expect(phone.asked).not.toContain('leave leg-1');
    phone.allow('open');
    await pass();
    expect(phone.asked.at(-1)).toBe('leave leg-1');
  });

  it('offers nothing after that', async () => {
    await pass(20_000);
    await open({ storage });
    expect(phase().name).toBe('idle');
  });

  it('waits for the line if the agent is faster', async () => {
    const phone = createFakePhone();
    phone.hold('open');
    await open({ storage, phone });
    page.press.rejoin();
    await pass(1_000);
    expect(phone.asked).not.toContain('rejoin leg-1');
    phone.allow('open');
    await pass();
    expect(phase().name).toBe('in-call');
  });

  it('says that the connection is lost if the platform has no such call', async () => {
    const phone = createFakePhone();
    phone.refuse('rejoin');
    await open({ storage, phone });
    page.press.rejoin();
    await pass();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'connection-lost' } });
  });

  it('offers nothing in a follower tab until it becomes the leader', async () => {
    let leads = false;
    await open({ storage, tabs: { ...alone, claim: async () => leads } });
    expect([phase().name, line().name]).toEqual(['idle', 'following']);
    leads = true;
    page.agent.promoted();
    await pass();
    expect(phase()).toMatchObject({ name: 'rejoinable', call: { id: 'leg-1' } });
    expect(page.phone.asked).toEqual(['open token-1 session-1']);
  });

  it('takes the line back from a tab that began to lead meanwhile', async () => {
    let leads = false;
    const takeOver = () => {
      leads = true;
    };
    const claim = () => Promise.resolve().then(() => leads);
    await open({ storage, tabStorage, tabs: { ...alone, claim, takeOver } });
    expect([phase().name, line().name]).toEqual(['rejoinable', 'open']);
  });

  it('takes the line from no other tab where this one was not in the call', async () => {
    const takeOver = vi.fn();
    await open({ storage, tabs: { ...alone, claim: async () => false, takeOver } });
    expect(takeOver).not.toHaveBeenCalled();
  });

  it('leaves the call to the tab that takes the line over', async () => {
    await open({ storage, tabStorage });
    await page.agent.yield();
    expect(phase().name).toBe('idle');
    const takeOver = vi.fn();
    await open({ storage, tabStorage, tabs: { ...alone, claim: async () => false, takeOver } });
    expect(takeOver).not.toHaveBeenCalled();

    await open({ storage });
    expect(phase()).toMatchObject({ name: 'rejoinable', call: { id: 'leg-1' } });
    page.press.rejoin();
    await pass();
    expect(phase().name).toBe('in-call');
  });

  it('offers nothing to another agent', async () => {
    const session = async () => ({ ...fakeSession, agent: 'Bob' });
    await open({ storage, api: { ...createFakeApi(), session } });
    expect(phase().name).toBe('idle');
    expect(page.phone.asked).toEqual(['open token-1']);
  });

  it('opens a new session if the platform has forgotten the old one', async () => {
    const phone = createFakePhone();
    phone.refuse('open', new PhoneError('session-unknown', 'Unknown session.'));
    await open({ storage, phone });
    expect(phone.asked).toEqual(['open token-1 session-1', 'open token-1']);
  });

  it('is not remembered after the call has ended', async () => {
    await open({ storage });
    page.press.rejoin();
    await pass();
    page.press.hangUp();
    await open({ storage });
    expect(phase().name).toBe('idle');
  });
});

it('a tab that follows lists the calls of the tab that leads, as they end, written the same way', async () => {
  const storage = new Map<string, string>();
  await open({ storage });
  const leader = page;
  await open({ storage, tabs: { ...alone, claim: async () => false } });
  expect(page.agent.nameOf('447700900000')).toBe('+44 7700 900000');
  leader.phone.ring('leg-1');
  leader.press.reject();
  page.stored();
  expect(page.agent.recent.value).toEqual(leader.agent.recent.value);
  expect(page.agent.recent.value).toHaveLength(1);
  leader.agent.signOut();
  page.stored();
  expect(page.agent.recent.value).toEqual([]);
  leader.agent.close();
});

it('a reload keeps the list of up to fifty calls', async () => {
  const storage = new Map<string, string>();
  await open({ storage });
  for (let count = 1; count <= 60; count += 1) {
    page.phone.ring(`leg-${count}`);
    page.press.reject();
  }
  page.agent.close();
  await open({ storage });
  const ids = page.agent.recent.value.map((ended) => ended.call.id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([50, 'leg-60', 'leg-11']);
});
