import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../ui/entries.ts';
import { firstLine, type LineEvent, type LineState, LOUD_ATTEMPT, retryDelay, step } from './line-machine.ts';

const states = {
  loading: firstLine.state,
  'signed-out': { name: 'signed-out', problem: null },
  'signing-in': { name: 'signing-in' },
  connecting: { name: 'connecting', attempt: 0, again: false, reason: null },
  'connecting again': { name: 'connecting', attempt: 2, again: true, reason: 'server-gone' },
  open: { name: 'open', attempt: 0, since: 0 },
  'open just now': { name: 'open', attempt: 1, since: 55_000 },
  reconnecting: { name: 'reconnecting', attempt: 0, since: 0 },
  offline: { name: 'offline', attempt: 1, reason: 'server-gone' },
  refused: { name: 'refused', reason: 'session-limit' },
  following: { name: 'following' },
} satisfies Record<string, LineState>;

type StateName = keyof typeof states;

const at = 60_000;

const events = {
  'agent known': { type: 'agent-known', signedIn: true, leads: true },
  'nobody signed in': { type: 'agent-known', signedIn: false, leads: false },
  'agent known in a second tab': { type: 'agent-known', signedIn: true, leads: false },
  promoted: { type: 'promoted' },
  demoted: { type: 'demoted' },
  'session-changed': { type: 'session-changed' },
  'sign-in': { type: 'sign-in', agent: 'Alice', code: 'secret' },
  'sign-in-failed': { type: 'sign-in-failed', problem: 'wrong-code' },
  'sign-out': { type: 'sign-out' },
  'sign-out-failed': { type: 'sign-out-failed' },
  'session-open': { type: 'session-open', at },
  'session-reconnecting': { type: 'session-reconnecting' },
  'session-back': { type: 'session-back' },
  'token ran out': { type: 'session-lost', loss: 'expired', at },
  'transport lost': { type: 'session-lost', loss: 'transport', at },
  'server gone': { type: 'failed', failure: 'server-gone' },
  'vonage gone': { type: 'failed', failure: 'vonage-unreachable' },
  'no network': { type: 'failed', failure: 'no-network' },
  'token expired': { type: 'failed', failure: 'token-expired' },
  'session limit': { type: 'failed', failure: 'session-limit' },
  'token refused': { type: 'failed', failure: 'token-refused' },
  'sign-in needed': { type: 'failed', failure: 'sign-in-needed' },
  'network-lost': { type: 'network-lost' },
  'retry-due': { type: 'retry-due' },
  retry: { type: 'retry' },
  woke: { type: 'woke' },
  slept: { type: 'slept' },
} satisfies Record<string, LineEvent>;

type EventName = keyof typeof events;

const failures = {
  'server gone': 'offline 1 server-gone',
  'vonage gone': 'offline 1 vonage-unreachable',
  'no network': 'offline 1 no-network',
  'token expired': 'connecting 1 again | open-session',
  'session limit': 'refused session-limit',
  'token refused': 'refused token-refused',
  'sign-in needed': 'signed-out signed-out-elsewhere | close-session',
};

const renewalFailures = {
  ...failures,
  'server gone': `offline ${LOUD_ATTEMPT + 1} server-gone`,
  'vonage gone': `offline ${LOUD_ATTEMPT + 1} vonage-unreachable`,
  'no network': `offline ${LOUD_ATTEMPT + 1} no-network`,
  'token expired': 'refused token-expired',
};

const signOut = { 'sign-out': 'signed-out | sign-out' };

const lost = {
  'token ran out': 'connecting 0 again | open-session',
  'transport lost': 'connecting 0 again | ask-agent',
};

/** Where each event leads, and what it asks for. What is not listed must change nothing. */
const table: Record<StateName, Partial<Record<EventName, string>>> = {
  loading: {
    'agent known in a second tab': 'following',
    ...failures,
    ...signOut,
    'agent known': 'connecting 0 | open-session',
    'nobody signed in': 'signed-out',
  },
  'signed-out': {
    'session-changed': 'loading | ask-agent',
    'sign-in': 'signing-in | sign-in Alice secret',
    'sign-out-failed': 'signed-out sign-out-failed',
  },
  'signing-in': {
    'agent known in a second tab': 'following',
    ...failures,
    ...signOut,
    'agent known': 'connecting 0 | open-session',
    'nobody signed in': 'signed-out',
    'sign-in-failed': 'signed-out wrong-code',
  },
  connecting: {
    'agent known in a second tab': 'following',
    demoted: 'following | close-session',
    ...failures,
    ...signOut,
    'agent known': 'connecting 0 | open-session',
    'nobody signed in': 'signed-out',
    'session-open': 'open 0 since 60000',
    'network-lost': 'offline 1 no-network',
    'token ran out': 'offline 1 server-gone',
    'transport lost': 'offline 1 server-gone',
  },
  'connecting again': {
    'agent known in a second tab': 'following',
    demoted: 'following | close-session',
    ...failures,
    ...signOut,
    'agent known': 'connecting 2 again server-gone | open-session',
    'nobody signed in': 'signed-out',
    'session-open': 'open 2 since 60000',
    'network-lost': 'offline 2 no-network',
    'token ran out': 'offline 3 server-gone',
    'transport lost': 'offline 3 server-gone',
    'server gone': 'offline 3 server-gone',
    'vonage gone': 'offline 3 vonage-unreachable',
    'no network': 'offline 3 no-network',
    'token expired': 'refused token-expired',
  },
  open: {
    demoted: 'following | close-session',
    ...renewalFailures,
    ...signOut,
    ...lost,
    'session-reconnecting': 'reconnecting 0 since 0',
    'network-lost': 'offline 1 no-network',
    slept: 'connecting 0 again | ask-agent',
  },
  'open just now': {
    demoted: 'following | close-session',
    ...renewalFailures,
    ...signOut,
    'token ran out': 'offline 2 server-gone',
    'transport lost': 'offline 2 server-gone',
    'session-reconnecting': 'reconnecting 1 since 55000',
    'network-lost': 'offline 1 no-network',
    slept: 'connecting 0 again | ask-agent',
  },
  reconnecting: {
    demoted: 'following | close-session',
    ...renewalFailures,
    ...signOut,
    ...lost,
    'session-back': 'open 0 since 0',
    'network-lost': 'offline 1 no-network',
    slept: 'connecting 0 again | ask-agent',
  },
  offline: {
    demoted: 'following | close-session',
    'session-changed': 'connecting 1 again server-gone | ask-agent',
    ...signOut,
    'network-lost': 'offline 1 no-network',
    'retry-due': 'connecting 1 again server-gone | ask-agent',
    retry: 'connecting 1 again server-gone | ask-agent',
    woke: 'connecting 1 again server-gone | ask-agent',
  },
  following: {
    ...signOut,
    'agent known': 'connecting 0 | open-session',
    'nobody signed in': 'signed-out',
    promoted: 'connecting 0 | ask-agent',
    'session-changed': 'following | ask-agent',
  },
  refused: {
    demoted: 'following | close-session',
    'session-changed': 'connecting 0 again | ask-agent',
    ...signOut,
    retry: 'connecting 0 again | ask-agent',
  },
};

function describeState(state: LineState): string {
  const parts: string[] = [state.name];
  if ('attempt' in state) {
    parts.push(String(state.attempt));
  }
  if ('again' in state && state.again) {
    parts.push('again');
  }
  if ('since' in state) {
    parts.push(`since ${state.since}`);
  }
  if ('reason' in state && state.reason) {
    parts.push(state.reason);
  }
  if ('problem' in state && state.problem) {
    parts.push(state.problem);
  }
  return parts.join(' ');
}

function describeStep(state: LineState, event: LineEvent): string {
  const { state: next, effects } = step(state, event);
  const asked = effects.map((effect) =>
    effect.type === 'sign-in' ? `sign-in ${effect.agent} ${effect.code}` : effect.type,
  );
  return [describeState(next), ...asked].join(' | ');
}

describe.each(entriesOf(states))('%s', (stateName, state) => {
  it.each(entriesOf(events))('then %s', (eventName, event) => {
    expect(describeStep(state, event)).toBe(table[stateName][eventName] ?? describeState(state));
  });
});

describe('the wait before the next attempt', () => {
  it('doubles from half a second or more up to 30 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => retryDelay(attempt, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(retryDelay(1, 0)).toBe(500);
  });
});

it('grows if each new session fails immediately', () => {
  let state: LineState = { name: 'open', attempt: 0, since: 0 };
  const attempts: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    state = step(state, { type: 'session-lost', loss: 'expired', at: 1_000 }).state;
    attempts.push(state.name === 'offline' ? state.attempt : 0);
    state = step(state, { type: 'retry-due' }).state;
    state = step(state, { type: 'session-open', at: 500 }).state;
  }
  expect(attempts).toEqual([1, 2, 3, 4]);
});
