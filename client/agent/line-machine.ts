/** The line to Vonage as a pure function of what happened to it. Times are milliseconds since the epoch. */

export type SignInProblem =
  | 'wrong-code'
  | 'too-many-tries'
  | 'not-allowed'
  | 'unreachable'
  | 'signed-out-elsewhere'
  | 'sign-out-failed';

/** Temporary problems: the page retries automatically. */
type OfflineReason = 'no-network' | 'server-gone' | 'vonage-unreachable';

/** Problems that last until someone does something. */
type RefusedReason =
  | 'token-refused'
  | 'token-expired'
  | 'session-limit'
  | 'not-allowed'
  | 'no-role'
  | 'no-agent';

export type LineFailure = OfflineReason | RefusedReason | 'sign-in-needed';

export type SessionLoss = 'expired' | 'transport';

export type LineState =
  | { name: 'loading' }
  | { name: 'signed-out'; problem: SignInProblem | null }
  | { name: 'signing-in' }
  /** Another tab has the session of this agent. */
  | { name: 'following' }
  | { name: 'connecting'; attempt: number; again: boolean; reason: OfflineReason | null }
  | { name: 'open'; attempt: number; since: number }
  /** The SDK lost its socket and is reconnecting. */
  | { name: 'reconnecting'; attempt: number; since: number }
  | { name: 'offline'; attempt: number; reason: OfflineReason }
  | { name: 'refused'; reason: RefusedReason };

export type LineEvent =
  /** `leads`: this tab is the one that has the session. */
  | { type: 'agent-known'; signedIn: boolean; leads: boolean }
  | { type: 'promoted' }
  | { type: 'demoted' }
  /** In another tab somebody signed in or out. */
  | { type: 'session-changed' }
  | { type: 'sign-in'; agent: string; code: string }
  | { type: 'sign-in-failed'; problem: SignInProblem }
  | { type: 'sign-out' }
  | { type: 'sign-out-failed' }
  | { type: 'session-open'; at: number }
  | { type: 'session-reconnecting' }
  | { type: 'session-back' }
  | { type: 'session-lost'; loss: SessionLoss; at: number }
  | { type: 'failed'; failure: LineFailure }
  | { type: 'retry-due' }
  | { type: 'retry' }
  /** The browser says that the computer has no network. */
  | { type: 'network-lost' }
  /** The network or the page came back. */
  | { type: 'woke' }
  /** The machine slept so long that the session cannot be alive. */
  | { type: 'slept' };

export type LineEffect =
  | { type: 'ask-agent' }
  | { type: 'open-session' }
  | { type: 'sign-in'; agent: string; code: string }
  | { type: 'sign-out' }
  | { type: 'close-session' };

interface LineStep {
  state: LineState;
  effects: LineEffect[];
}

export const firstLine: LineStep = { state: { name: 'loading' }, effects: [{ type: 'ask-agent' }] };

/** After this many failures in a row the page says "Offline" instead of "Reconnecting". */
export const LOUD_ATTEMPT = 4;

/** A session that lives shorter than this counts as one more failure, so that the page slows down. */
const SHORT_LIFE_MS = 10_000;

/** Expired tokens in a row before the page stops asking for new ones: a clock must be wrong. */
const EXPIRED_LIMIT = 3;

/** The next state of the line. An event that means nothing now leaves the state as it is. */
export function step(state: LineState, event: LineEvent): LineStep {
  if (event.type === 'sign-out') {
    return state.name === 'signed-out'
      ? stay(state)
      : { state: { name: 'signed-out', problem: null }, effects: [{ type: 'sign-out' }] };
  }
  if (event.type === 'demoted' && hasLine(state)) {
    return { state: { name: 'following' }, effects: [{ type: 'close-session' }] };
  }
  switch (state.name) {
    case 'following':
      return whileFollowing(state, event);
    case 'loading':
    case 'signing-in':
    case 'connecting':
      return whileConnecting(state, event);
    case 'signed-out':
      if (event.type === 'sign-in') {
        const { agent, code } = event;
        return { state: { name: 'signing-in' }, effects: [{ type: 'sign-in', agent, code }] };
      }
      if (event.type === 'session-changed') {
        return firstLine;
      }
      if (event.type === 'sign-out-failed') {
        return { state: { name: 'signed-out', problem: event.type }, effects: [] };
      }
      return stay(state);
    case 'open':
    case 'reconnecting':
      return whileOpen(state, event);
    case 'offline':
      if (event.type === 'network-lost') {
        return networkGone(state.attempt);
      }
      return ['retry-due', 'retry', 'woke', 'session-changed'].includes(event.type)
        ? ask(state.attempt, state.reason)
        : stay(state);
    case 'refused':
      return event.type === 'retry' || event.type === 'session-changed' ? ask(0, null) : stay(state);
  }
}

function hasLine({ name }: LineState): boolean {
  return !['loading', 'signed-out', 'signing-in', 'following'].includes(name);
}

function whileFollowing(state: LineState, event: LineEvent): LineStep {
  switch (event.type) {
    case 'promoted':
      return { state: connecting, effects: [{ type: 'ask-agent' }] };
    case 'session-changed':
      return { state, effects: [{ type: 'ask-agent' }] };
    case 'agent-known':
      return known(connecting, event);
    default:
      return stay(state);
  }
}

/** Milliseconds to wait before attempt number `attempt` (1, 2, …): doubling from 1 s to 30 s, with jitter. */
export function retryDelay(attempt: number, random: number): number {
  const longest = Math.min(30_000, 1_000 * 2 ** Math.max(0, attempt - 1));
  return longest * (0.5 + random / 2);
}

type Connecting = Extract<LineState, { name: 'loading' | 'signing-in' | 'connecting' }>;
type Open = Extract<LineState, { name: 'open' | 'reconnecting' }>;

function whileConnecting(state: Connecting, event: LineEvent): LineStep {
  switch (event.type) {
    case 'agent-known':
      return known(state, event);
    case 'sign-in-failed':
      return state.name === 'signing-in'
        ? { state: { name: 'signed-out', problem: event.problem }, effects: [] }
        : stay(state);
    case 'session-open':
      return state.name === 'connecting'
        ? { state: { name: 'open', attempt: state.attempt, since: event.at }, effects: [] }
        : stay(state);
    case 'network-lost':
      return state.name === 'connecting' ? networkGone(state.attempt) : stay(state);
    case 'session-lost':
      return state.name === 'connecting' ? failed(state.attempt, 'server-gone') : stay(state);
    case 'failed':
      return failed(state.name === 'connecting' ? state.attempt : 0, event.failure);
    default:
      return stay(state);
  }
}

function whileOpen(state: Open, event: LineEvent): LineStep {
  switch (event.type) {
    case 'session-reconnecting':
      return { state: { ...state, name: 'reconnecting' }, effects: [] };
    case 'session-back':
      return { state: { ...state, name: 'open' }, effects: [] };
    case 'session-lost':
      return lost(state, event.loss, event.at);
    case 'network-lost':
      return networkGone(0);
    case 'slept':
      return ask(0, null);
    case 'failed':
      // Comes from renewing the token, after many tries of its own.
      return failed(LOUD_ATTEMPT, event.failure);
    default:
      return stay(state);
  }
}

function lost(state: Open, loss: SessionLoss, at: number): LineStep {
  if (at - state.since < SHORT_LIFE_MS) {
    return failed(state.attempt, 'server-gone');
  }
  return loss === 'expired' ? openAgain(0) : ask(0, null);
}

function failed(attempt: number, failure: LineFailure): LineStep {
  switch (failure) {
    case 'sign-in-needed':
      return {
        state: { name: 'signed-out', problem: 'signed-out-elsewhere' },
        effects: [{ type: 'close-session' }],
      };
    case 'token-expired':
      return attempt + 1 < EXPIRED_LIMIT
        ? openAgain(attempt + 1)
        : { state: { name: 'refused', reason: failure }, effects: [] };
    case 'token-refused':
    case 'session-limit':
    case 'not-allowed':
    case 'no-role':
    case 'no-agent':
      return { state: { name: 'refused', reason: failure }, effects: [] };
    default:
      return { state: { name: 'offline', attempt: attempt + 1, reason: failure }, effects: [] };
  }
}

/** The platform notices a network that is gone only seconds later, and the SDK with it. */
function networkGone(attempt: number): LineStep {
  return { state: { name: 'offline', attempt: Math.max(1, attempt), reason: 'no-network' }, effects: [] };
}

const connecting: Connecting = { name: 'connecting', attempt: 0, again: false, reason: null };

function known(state: Connecting, event: Extract<LineEvent, { type: 'agent-known' }>): LineStep {
  if (!event.signedIn) {
    return { state: { name: 'signed-out', problem: null }, effects: [] };
  }
  return event.leads ? open(state) : { state: { name: 'following' }, effects: [] };
}

function open(state: Connecting): LineStep {
  return {
    state: state.name === 'connecting' ? state : connecting,
    effects: [{ type: 'open-session' }],
  };
}

function openAgain(attempt: number): LineStep {
  return {
    state: { name: 'connecting', attempt, again: true, reason: null },
    effects: [{ type: 'open-session' }],
  };
}

function ask(attempt: number, reason: OfflineReason | null): LineStep {
  return {
    state: { name: 'connecting', attempt, again: true, reason },
    effects: [{ type: 'ask-agent' }],
  };
}

function stay(state: LineState): LineStep {
  return { state, effects: [] };
}
