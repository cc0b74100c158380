import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { SessionState, TokenRequest } from '../../domain/api/page-api.ts';
import { ApiCallError } from '../session/request.ts';
import type { Api } from './api.ts';
import { failureOf, isPassing, signInProblem } from './line-failures.ts';
import {
  firstLine,
  type LineEffect,
  type LineEvent,
  type LineState,
  LOUD_ATTEMPT,
  retryDelay,
  step,
} from './line-machine.ts';
import { messageOf } from './message-of.ts';
import { type Phone, PhoneError, type PhoneEvent, type PhoneKit } from './phone.ts';
import { createServerWatch, type ServerHealth } from './server-watch.ts';
import { createTokenSchedule } from './token-schedule.ts';

interface LineControllerOptions {
  api: Api;
  loadPhone: () => Promise<PhoneKit>;
  /** The agent whom the page's address names, where sign-in is automatic. */
  agent: string | null;
  /** Resolves with whether this tab has the line of an agent, and with a session to take up again. */
  claim: (agent: string) => Promise<{ leads: boolean; sessionId: string | null }>;
  /** Somebody signed in or out here. */
  onSessionChange: () => void;
  /** What the phone says about calls. */
  onCallEvent: (event: PhoneEvent) => void;
  /** Resolves when no conversation would be cut by closing the session. */
  callOver: () => Promise<void>;
  log: (text: string) => void;
  isOnline: () => boolean;
  random: () => number;
}

/** Keeps the line to Vonage open: signs in, gets tokens, opens sessions, tries again. */
export interface LineController {
  state: ReadonlySignal<LineState>;
  /** The state as the page shows it: a line whose server is gone is not open. */
  shown: ReadonlySignal<LineState>;
  /** Who receives calls instead of this agent; null where calls reach this agent. */
  calledInstead: ReadonlySignal<string | null>;
  /** What the server said last about this page. */
  session: ReadonlySignal<SessionState | null>;
  /** The agent for whom the line is, or is to be, open. */
  agent: ReadonlySignal<string | null>;
  kit: ReadonlySignal<PhoneKit | null>;
  sessionId: ReadonlySignal<string | null>;
  /** The phone, once a session has been tried. */
  phone(): Phone | null;
  dispatch(event: LineEvent): void;
  /** Tries at once whatever is in trouble. */
  retry(): void;
  /** The network or the page came back. */
  woke(): void;
  /** Another tab takes the line over; resolves when its session here is closed. */
  yield(): Promise<void>;
  /** In another tab somebody signed in or out. */
  sessionChanged(): void;
  close(): void;
}

export function createLineController(options: LineControllerOptions): LineController {
  const { api, loadPhone, log, random } = options;
  const state = signal<LineState>(firstLine.state);
  const session = signal<SessionState | null>(null);
  const granted = signal<string | null>(null);
  // Where agents sign in, the server knows who this is.
  const named = computed(() => (session.value?.signIn === 'automatic' ? options.agent : null));
  const agent = computed(() => granted.value ?? named.value ?? session.value?.agent ?? null);
  const calledInstead = computed(() => calledInsteadOf(agent.value, session.value));
  const kit = signal<PhoneKit | null>(null);
  const sessionId = signal<string | null>(null);
  let phone: Phone | null = null;
  // A session that the platform may still know, with all that was missed since.
  let resumable: string | null = null;
  let opening = Promise.resolve();
  let closed = Promise.resolve();
  // What was asked for before the newest request has lost its meaning when its answer comes.
  let newest = new AbortController();

  const tokens = createTokenSchedule({
    renew: renewToken,
    isFinal: (error) => !isPassing(failureOf(error)),
    onSpent: (error) => dispatch({ type: 'failed', failure: failureOf(error) }),
    random,
  });

  const watch = createServerWatch({ ask: checkSession });
  const shown = computed(() => withServer(state.value, watch.health.value));
  const hasSession = computed(() => state.value.name === 'open' || state.value.name === 'reconnecting');
  const stopWatching = effect(() => {
    if (hasSession.value) {
      watch.start();
      return watch.stop;
    }
  });

  /** Asks the server who is signed in, as long as the line is open. */
  async function checkSession(): Promise<void> {
    try {
      const asked = await api.session();
      if (!hasSession.peek()) {
        return;
      }
      if (asked.signIn === 'code' && asked.agent !== agent.peek()) {
        dispatch({ type: 'failed', failure: 'sign-in-needed' });
      } else {
        session.value = asked;
      }
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'sign-in-needed') {
        dispatch({ type: 'failed', failure });
      } else if (!(error instanceof ApiCallError && error.failure === 'too-many-tries')) {
        throw error;
      }
    }
  }

  function dispatch(event: LineEvent): void {
    const before = state.peek();
    const { state: after, effects } = step(before, event);
    if (event.type === 'network-lost') {
      resumable ??= sessionId.peek();
    }
    if (after !== before) {
      state.value = after;
      log(`line: ${describe(after)}`);
    }
    for (const one of effects) {
      void perform(one);
    }
  }

  async function perform(one: LineEffect): Promise<void> {
    newest.abort();
    newest = new AbortController();
    const { signal: stale } = newest;
    const answer = (event: LineEvent) => {
      if (!stale.aborted) {
        dispatch(event);
      }
    };
    switch (one.type) {
      case 'ask-agent':
        return askAgent(answer);
      case 'open-session':
        opening = openSession(answer, stale);
        return opening;
      case 'sign-in':
        return signIn(one.agent, one.code, answer);
      case 'sign-out':
        return signOut(answer);
      case 'close-session':
        closed = closeAfterCall(stale);
        return closed;
    }
  }

  async function askAgent(answer: (event: LineEvent) => void): Promise<void> {
    try {
      const asked = await api.session();
      session.value = asked;
      await answerWho(answer);
    } catch (error) {
      fail(error, answer);
    }
  }

  async function answerWho(answer: (event: LineEvent) => void): Promise<void> {
    const name = agent.peek();
    if (name === null) {
      answer({ type: 'agent-known', signedIn: false, leads: false });
      return;
    }
    const { leads, sessionId: left } = await options.claim(name);
    resumable = left ?? resumable;
    answer({ type: 'agent-known', signedIn: true, leads });
  }

  async function signIn(name: string, code: string, answer: (event: LineEvent) => void): Promise<void> {
    try {
      session.value = await api.signIn({ agent: name, code });
      options.onSessionChange();
      await answerWho(answer);
    } catch (error) {
      answer({ type: 'sign-in-failed', problem: signInProblem(error) });
    }
  }

  async function signOut(answer: (event: LineEvent) => void): Promise<void> {
    await closeSession();
    try {
      await api.signOut();
      options.onSessionChange();
    } catch (error) {
      log(`sign-out: ${messageOf(error)}`);
      answer({ type: 'sign-out-failed' });
    }
  }

  async function openSession(answer: (event: LineEvent) => void, stale: AbortSignal): Promise<void> {
    try {
      const [grant, loaded] = await Promise.all([api.token(tokenRequest()), loadKit()]);
      if (stale.aborted) {
        return;
      }
      phone ??= loaded.createPhone(grant.sdk, hear);
      sessionId.value = await openOrStartOver(phone, grant.token);
      if (stale.aborted) {
        // The agent signed out, or another tab took over, while the session was being opened: it must not stay open unseen.
        return hasNoLine() ? closeSession() : undefined;
      }
      resumable = null;
      granted.value = grant.agent;
      tokens.granted(grant.expiresIn);
      answer({ type: 'session-open', at: Date.now() });
    } catch (error) {
      fail(error, answer);
    }
  }

  async function loadKit(): Promise<PhoneKit> {
    const loaded = await loadPhone();
    kit.value = loaded;
    return loaded;
  }

  const hasNoLine = () => ['signed-out', 'following'].includes(state.peek().name);

  /** The platform may have forgotten the session that is taken up again: then a new one. */
  async function openOrStartOver(opened: Phone, token: string): Promise<string> {
    try {
      return await opened.open(token, resumable);
    } catch (error) {
      if (resumable !== null && error instanceof PhoneError && error.failure === 'session-unknown') {
        resumable = null;
        return opened.open(token, null);
      }
      throw error;
    }
  }

  async function renewToken(): Promise<number> {
    const grant = await api.token(tokenRequest());
    await phone?.renew(grant.token);
    log('token renewed');
    return grant.expiresIn;
  }

  async function closeAfterCall(stale: AbortSignal): Promise<void> {
    await Promise.all([options.callOver(), opening]);
    if (!stale.aborted) {
      await closeSession();
    }
  }

  async function closeSession(): Promise<void> {
    tokens.stop();
    granted.value = null;
    resumable = null;
    if (sessionId.peek() !== null) {
      sessionId.value = null;
      await phone?.close().catch((error: unknown) => log(`close: ${messageOf(error)}`));
    }
  }

  function tokenRequest(): TokenRequest {
    const name = named.peek();
    return name === null ? {} : { agent: name };
  }

  function hear(event: PhoneEvent): void {
    switch (event.type) {
      case 'session-reconnecting':
      case 'session-back':
        dispatch(event);
        break;
      case 'session-lost':
        log(`session lost: ${event.loss}`);
        tokens.stop();
        resumable = sessionId.peek();
        dispatch({ ...event, at: Date.now() });
        break;
      default:
        options.onCallEvent(event);
    }
  }

  function fail(error: unknown, answer: (event: LineEvent) => void): void {
    log(`failed: ${messageOf(error)}`);
    const failure = failureOf(error);
    answer({
      type: 'failed',
      failure: failure === 'server-gone' && !options.isOnline() ? 'no-network' : failure,
    });
  }

  const stopRetrying = effect(() => {
    const { value } = state;
    if (value.name !== 'offline') {
      return;
    }
    const timer = setTimeout(() => dispatch({ type: 'retry-due' }), retryDelay(value.attempt, random()));
    return () => clearTimeout(timer);
  });

  // Numbers are written in full before the line is open, and in tabs that follow. A failure comes up again,
  // and is shown, when the line opens.
  loadKit().catch(() => {});
  for (const one of firstLine.effects) {
    void perform(one);
  }

  return {
    state,
    shown,
    calledInstead,
    session,
    agent,
    kit,
    sessionId,
    phone: () => phone,
    dispatch,
    retry() {
      watch.look();
      dispatch({ type: 'retry' });
    },
    async yield() {
      dispatch({ type: 'demoted' });
      await closed;
    },
    sessionChanged() {
      watch.look();
      dispatch({ type: 'session-changed' });
    },
    woke() {
      watch.look();
      dispatch({ type: 'woke' });
    },
    close() {
      newest.abort();
      stopWatching();
      watch.stop();
      stopRetrying();
      tokens.stop();
    },
  };
}

function withServer(line: LineState, server: ServerHealth): LineState {
  const inTrouble = server === 'down' || (server === 'unsure' && line.name === 'open');
  return inTrouble && (line.name === 'open' || line.name === 'reconnecting')
    ? { name: 'offline', attempt: server === 'down' ? LOUD_ATTEMPT : 1, reason: 'server-gone' }
    : line;
}

/** Servers that do not say whom they call, call the first where nobody signs in. */
function calledInsteadOf(agent: string | null, session: SessionState | null): string | null {
  const first = session?.agents[0];
  if (!session || session.routing === 'desk' || agent === null || first === undefined || first === agent) {
    return null;
  }
  const isCalled = session.agent === agent ? session.called : undefined;
  return (isCalled ?? session.signIn === 'code') ? null : first;
}

function describe(state: LineState): string {
  const reason = 'reason' in state && state.reason !== null ? ` (${state.reason})` : '';
  const attempt = 'attempt' in state && state.attempt > 0 ? `, attempt ${state.attempt}` : '';
  return `${state.name}${reason}${attempt}`;
}
