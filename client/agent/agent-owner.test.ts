import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../../domain/api/page-api.ts';
import type { Api } from './api.ts';
import {
  createFakeAgent,
  createFakeApi,
  type FakeAgent,
  type FakeAgentChanges,
  fakeGrant,
  fakeSession,
} from './fake-agent.ts';
import { createFakePhone } from './fake-phone.ts';

let page: FakeAgent;
let signedIn: string | null;
let left: number;
const storage = new Map<string, string>();

beforeEach(async () => {
  vi.useFakeTimers();
  storage.clear();
  signedIn = 'Alice';
  left = 0;
  await open();
});

afterEach(() => {
  page.agent.close();
  vi.useRealTimers();
});

/** Lets milliseconds pass, and every promise that is due settle. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const phase = () => page.agent.calls.phase.peek();
const line = () => page.agent.line.state.peek();
const seen = () => ({
  agent: line().name === 'signed-out' ? null : page.agent.line.agent.peek(),
  phase: phase().name,
  recent: page.agent.recent.value.length,
  log: page.agent.log.entries.value.filter(({ text }) => text.includes('leg-1')).length,
});

function askForCodes(): Api {
  const state = (): SessionState => ({ ...fakeSession, agent: signedIn, signIn: 'code' });
  return {
    ...createFakeApi(),
    session: async () => state(),
    async signIn({ agent }) {
      signedIn = agent;
      return state();
    },
    async signOut() {
      signedIn = null;
    },
    token: async () => ({ ...fakeGrant, agent: signedIn ?? '' }),
  };
}

async function open(changes?: FakeAgentChanges): Promise<void> {
  page = createFakeAgent({
    ...changes,
    storage,
    api: askForCodes(),
    tabs: { claim: async () => true, takeOver: () => {}, leave: () => (left += 1), sessionChanged: () => {} },
  });
  await pass();
}

async function signIn(agent: string): Promise<void> {
  page.agent.line.dispatch({ type: 'sign-in', agent, code: 'secret' });
  await pass();
}

async function talkAndHangUp(): Promise<void> {
  page.phone.ring('leg-1');
  page.press.answer();
  await pass();
  page.press.hangUp();
  await pass();
}

describe('what an agent did', () => {
  beforeEach(async () => {
    await talkAndHangUp();
    expect(seen()).toMatchObject({ agent: 'Alice', phase: 'ended', recent: 1 });
  });

  it('is out of sight as soon as the agent signs out, and forgotten', async () => {
    page.agent.signOut();
    await pass();
    expect(seen()).toEqual({ agent: null, phase: 'idle', recent: 0, log: 0 });
    expect([...storage.keys()].filter((key) => key.includes('Alice'))).toEqual([]);
    expect(left).toBe(1);
  });

  it('is not seen by the next agent, even right after sign-in', async () => {
    page.agent.signOut();
    await signIn('Bob');
    expect(line().name).toBe('open');
    expect(seen()).toEqual({ agent: 'Bob', phase: 'idle', recent: 0, log: 0 });
  });

  it('is seen again by the same agent after the sign-in expired', async () => {
    signedIn = null;
    await pass(6_000);
    expect(seen()).toMatchObject({ agent: null, recent: 0, log: 0 });
    await signIn('Bob');
    expect(seen()).toMatchObject({ agent: 'Bob', recent: 0 });
    page.agent.signOut();
    await pass();
    await signIn('Alice');
    expect(seen()).toMatchObject({ agent: 'Alice', recent: 1, log: 0 });
  });
});

describe('a sign-in that ends elsewhere', () => {
  it('ends the ringing immediately', async () => {
    page.phone.ring('leg-1');
    signedIn = null;
    page.agent.line.sessionChanged();
    await pass();
    expect(seen()).toEqual({ agent: null, phase: 'idle', recent: 0, log: 0 });
    expect([page.ringing.size, page.phone.asked.at(-1)]).toEqual([0, 'close']);
  });

  it('lets a call end and says how, but no other call starts', async () => {
    page.phone.ring('leg-1');
    page.press.answer();
    await pass();
    signedIn = null;
    page.agent.line.sessionChanged();
    await pass();
    page.phone.ring('leg-2');
    expect(page.agent.calls.state.peek().waiting).toEqual([]);
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'caller-hung-up' } });
    await pass(6_000);
    expect(seen()).toEqual({ agent: null, phase: 'idle', recent: 0, log: 0 });
  });

  it('renewed elsewhere opens the line here, too', async () => {
    signedIn = null;
    page.agent.line.sessionChanged();
    await pass();
    expect(line().name).toBe('signed-out');
    signedIn = 'Bob';
    page.agent.line.sessionChanged();
    await pass();
    expect([line().name, page.agent.line.agent.peek()]).toEqual(['open', 'Bob']);
  });
});

it('another tab that takes the line over while it is being opened waits until it is closed', async () => {
  page.agent.close();
  const phone = createFakePhone();
  phone.hold('open');
  await open({ phone });
  let yielded = false;
  void page.agent.yield().then(() => {
    yielded = true;
  });
  await pass();
  expect([yielded, phone.asked]).toEqual([false, ['open token-1']]);
  phone.allow('open');
  await pass();
  expect([yielded, phone.asked]).toEqual([true, ['open token-1', 'close']]);
});

it('when another tab takes over the line, the session is closed and the ringing ends here', async () => {
  page.phone.ring('leg-1');
  await page.agent.yield();
  expect([line().name, phase().name, page.ringing.size]).toEqual(['following', 'idle', 0]);
  expect(page.phone.asked.at(-1)).toBe('close');
  page.agent.promoted();
  await pass();
  expect(line().name).toBe('open');
});
