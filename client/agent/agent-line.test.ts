import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../../domain/api/page-api.ts';
import { ApiCallError } from '../session/request.ts';
import {
  createFakeAgent,
  createFakeApi,
  type FakeAgent,
  type FakeAgentChanges,
  fakeGrant,
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

const phase = () => page.agent.calls.phase.peek();
const line = () => page.agent.line.state.peek();
async function open(changes?: FakeAgentChanges): Promise<void> {
  page = createFakeAgent(changes);
  await pass();
}

async function talk(): Promise<void> {
  page.phone.ring('leg-1');
  page.press.answer();
  await pass();
}

describe('the line', () => {
  it('opens by itself, as the agent that the address names', async () => {
    const token = vi.fn(async () => fakeGrant);
    await open({ name: 'Bob', api: { ...createFakeApi(), token } });
    expect(line().name).toBe('open');
    expect(token).toHaveBeenCalledWith({ agent: 'Bob' });
  });

  it('retries when the server is unreachable, and says so if that lasts', async () => {
    const api = createFakeApi();
    api.session = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
    await open({ api });
    expect(line()).toMatchObject({ name: 'offline', attempt: 1, reason: 'server-gone' });
    await pass(1_000 + 2_000 + 4_000);
    expect(line()).toMatchObject({ name: 'offline', attempt: 4 });
    api.session = async () => fakeSession;
    page.agent.line.dispatch({ type: 'retry' });
    await pass();
    expect(line().name).toBe('open');
  });

  it('distinguishes a missing network from an unreachable server', async () => {
    const api = createFakeApi();
    api.token = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
    await open({ api, isOnline: () => false });
    expect(line()).toMatchObject({ name: 'offline', reason: 'no-network' });
  });

  it('is offline as soon as the network is lost, and open as soon as it is back, in the same session', async () => {
    await open();
    await talk();
    page.agent.line.dispatch({ type: 'network-lost' });
    expect(line()).toEqual({ name: 'offline', attempt: 1, reason: 'no-network' });
    page.agent.line.dispatch({ type: 'woke' });
    await pass();
    expect(line().name).toBe('open');
    expect(page.phone.asked.at(-1)).toBe('open token-1 session-1');
    expect(phase().name).toBe('in-call');
  });

  it('recovers when the platform returns with other keys and rejects the token', async () => {
    await open();
    await pass(20_000);
    page.phone.say({ type: 'session-reconnecting' });
    page.phone.say({ type: 'session-back' });
    expect(line().name).toBe('open');
    page.phone.say({ type: 'session-lost', loss: 'expired' });
    expect(line().name).toBe('connecting');
    await pass();
    expect(line().name).toBe('open');
    expect(page.phone.asked).toEqual(['open token-1', 'open token-1 session-1']);
  });

  it('waits for a person if Vonage rejects it', async () => {
    const phone = createFakePhone();
    phone.refuse('open', new PhoneError('session-limit', 'Too many.'));
    await open({ phone });
    await pass(120_000);
    expect(line()).toEqual({ name: 'refused', reason: 'session-limit' });
    expect(phone.asked).toHaveLength(1);
    phone.allow('open');
    page.agent.line.dispatch({ type: 'retry' });
    await pass();
    expect(line().name).toBe('open');
  });

  it('opens a new session immediately when its token expired, and keeps the call', async () => {
    await open();
    await talk();
    await pass(20_000);
    page.phone.say({ type: 'session-lost', loss: 'expired' });
    await pass();
    expect(page.phone.asked.slice(-1)).toEqual(['open token-1 session-1']);
    expect(line().name).toBe('open');
    expect(phase().name).toBe('in-call');
  });

  it('renews its token long before it expires', async () => {
    await open();
    await pass(900_000 * 0.7);
    expect(page.phone.asked).toContain('renew token-1');
    expect(line().name).toBe('open');
  });

  it('turns red when the token cannot be renewed', async () => {
    const api = createFakeApi();
    await open({ api });
    api.token = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
    api.session = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
    await pass(900_000);
    expect(line()).toMatchObject({ name: 'offline', reason: 'server-gone' });
  });

  it('ignores the response to an outdated request', async () => {
    const phone = createFakePhone();
    phone.hold('open');
    const session = { ...fakeSession, signIn: 'code' as const };
    await open({ phone, api: { ...createFakeApi(), session: async () => session } });
    page.agent.line.dispatch({ type: 'sign-out' });
    phone.allow('open');
    await pass();
    expect(line().name).toBe('signed-out');
    // Whether it was opened before or after that: it is closed in the end.
    expect(phone.asked.at(-1)).toBe('close');
  });
});

describe('signing in', () => {
  const asked = { ...fakeSession, agent: null, agents: [], signIn: 'code' as const };

  it('is required if nobody is signed in, and opens the line', async () => {
    await open({ api: { ...createFakeApi(), session: async () => asked } });
    expect(line()).toEqual({ name: 'signed-out', problem: null });
    page.agent.line.dispatch({ type: 'sign-in', agent: 'Alice', code: 'correct' });
    await pass();
    expect(line().name).toBe('open');
  });

  it.each(['wrong-code', 'too-many-tries', 'not-allowed'] as const)(
    'says what is wrong: %s',
    async (code) => {
      const signIn = () => Promise.reject(new ApiCallError(code, 'No.'));
      await open({ api: { ...createFakeApi(), session: async () => asked, signIn } });
      page.agent.line.dispatch({ type: 'sign-in', agent: 'Alice', code: 'wrong' });
      await pass();
      expect(line()).toEqual({ name: 'signed-out', problem: code });
    },
  );

  it('ended during a call does not affect the call, and closes the session afterwards', async () => {
    const api = createFakeApi();
    await open({ api });
    await talk();
    api.token = () => Promise.reject(new ApiCallError('sign-in-needed', 'Sign in.'));
    await pass(900_000 * 0.7);
    expect(line()).toEqual({ name: 'signed-out', problem: 'signed-out-elsewhere' });
    expect(phase().name).toBe('in-call');
    expect(page.phone.asked).not.toContain('close');
    page.press.hangUp();
    await pass();
    expect(page.phone.asked).toContain('close');
  });

  it('says so if the sign-out did not reach the server', async () => {
    const signOut = () => Promise.reject(new ApiCallError('unreachable', 'Gone.'));
    await open({ api: { ...createFakeApi(), signOut } });
    page.agent.line.dispatch({ type: 'sign-out' });
    await pass();
    expect(line()).toEqual({ name: 'signed-out', problem: 'sign-out-failed' });
  });

  it('ends with the session closed on both sides', async () => {
    const signOut = vi.fn(async () => {});
    await open({ api: { ...createFakeApi(), signOut } });
    page.agent.line.dispatch({ type: 'sign-out' });
    await pass();
    expect(page.phone.asked).toContain('close');
    expect(signOut).toHaveBeenCalledOnce();
  });
});

describe('an open line', () => {
  const shown = () => page.agent.line.shown.peek();
  const gone = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));

  it('is shown as closed within seconds when the server is down, and as open when it is back', async () => {
    const api = createFakeApi();
    await open({ api });
    api.session = gone;
    await pass(5_000);
    expect(shown()).toMatchObject({ name: 'offline', attempt: 1, reason: 'server-gone' });
    await pass(1_000);
    expect(shown()).toMatchObject({ name: 'offline', attempt: 4 });
    // The session at the platform is left alone, and with it a call.
    expect(line().name).toBe('open');
    api.session = async () => fakeSession;
    page.agent.line.retry();
    await pass();
    expect(shown().name).toBe('open');
  });

  it('is not shown as open if the server accepts a request but never responds', async () => {
    const api = createFakeApi();
    await open({ api });
    api.session = () => new Promise(() => {});
    await pass(9_000);
    expect(shown().name).toBe('offline');
  });

  it('asks the server immediately when the page wakes', async () => {
    const api = createFakeApi();
    await open({ api });
    api.session = gone;
    page.agent.line.woke();
    await pass();
    expect(shown().name).toBe('offline');
  });

  it('stays open while the server only limits its requests', async () => {
    const api = createFakeApi();
    await open({ api });
    api.session = () => Promise.reject(new ApiCallError('too-many-tries', 'Later.'));
    await pass(20_000);
    expect(shown().name).toBe('open');
  });

  it.each<[string, string | null, SessionState]>([
    ['nobody', null, { ...fakeSession, agents: ['Alice', 'Bob'], called: true }],
    ['nobody, in a desk', null, { ...fakeSession, agents: ['Bob', 'Alice'], called: true }],
    ['Bob', 'Bob', { ...fakeSession, agents: ['Bob', 'Alice'], signIn: 'code', called: false }],
    [
      'nobody, of a server that does not say',
      null,
      { ...fakeSession, agents: ['Bob', 'Alice'], signIn: 'code' },
    ],
    [
      'Bob, where the address names the agent',
      'Bob',
      { ...fakeSession, agent: 'Bob', agents: ['Bob', 'Alice'], called: true },
    ],
  ])('shows who is called instead: %s', async (_who, instead, session) => {
    await open({ name: 'Alice', api: { ...createFakeApi(), session: async () => session } });
    expect(page.agent.line.calledInstead.peek()).toBe(instead);
  });

  it.each([
    ['nobody', null],
    ['somebody else', 'Bob'],
  ])('closes within seconds when %s is still signed in on the server', async (_who, agent) => {
    const api = createFakeApi();
    const signedIn: SessionState = { ...fakeSession, signIn: 'code' };
    api.session = async () => signedIn;
    await open({ api });
    expect(line().name).toBe('open');
    api.session = async () => ({ ...signedIn, agent });
    await pass(5_000);
    expect(line()).toEqual({ name: 'signed-out', problem: 'signed-out-elsewhere' });
    expect(page.phone.asked.at(-1)).toBe('close');
  });
});
