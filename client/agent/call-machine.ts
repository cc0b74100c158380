import {
  type Call,
  type CallState,
  currentCall,
  type EndedCall,
  type EndReason,
  hasTakenCall,
  type Interruption,
  isDialled,
  isLive,
  type MicrophoneProblem,
  noCalls,
  type OfferEnd,
  type Phase,
  type RingingCall,
} from './call-state.ts';

/**
 * The calls of this page as a pure function of what happened to them: at most one call rings, is being
 * joined or is talked in; those that come meanwhile wait.
 */

export type CallEvent =
  | { type: 'invited'; call: Call; at: number }
  | { type: 'joined'; callId: string; at: number }
  | { type: 'join-failed'; callId: string; at: number }
  | { type: 'microphone-failed'; callId: string; problem: MicrophoneProblem }
  | { type: 'over'; callId: string; reason: EndReason; at: number }
  | { type: 'media-lost'; callId: string; at: number }
  | { type: 'media-back'; callId: string }
  | { type: 'microphone-changed'; callId: string; state: 'lost' | 'back' | 'steady' }
  | { type: 'mute-changed'; callId: string; muted: boolean }
  | { type: 'mute-unconfirmed'; callId: string }
  | { type: 'interruption-found'; call: Call; interruption: Interruption }
  | { type: 'interruption-expired'; callId: string; at: number }
  | { type: 'end-shown'; callId: string }
  /** The clock was looked at. Calls that have rung for `ringLimit` milliseconds ring no longer. */
  | { type: 'tick'; at: number; ringLimit: number }
  /** The desk said who calls. */
  | { type: 'caller-known'; callId: string; from: string }
  /** The desk said how an offer ended, before or after the platform did. */
  | { type: 'offer-over'; callId: string; end: OfferEnd; at: number }
  /** A caller whose conversation was interrupted calls again, through the desk. */
  | { type: 'came-back'; call: Call; interruption: Interruption; at: number }
  /** The desk no longer knows of a call that the platform never ended here. */
  | { type: 'gone'; callId: string; at: number }
  /** Another agent uses this page from now on. */
  | { type: 'forget' }
  /** The agent dials; the platform has not named the call yet. */
  | { type: 'dial'; call: Call; at: number }
  /** The platform has named a call that was dialled, and her audio flows. @param leg the name */
  | { type: 'dial-placed'; callId: string; leg: string; at: number }
  | { type: 'dial-progress'; callId: string; progress: 'ringing' | 'answered'; at: number }
  | { type: 'dial-failed'; callId: string; reason: EndReason; at: number }
  | { type: 'answer' }
  | { type: 'reject'; at: number }
  | { type: 'hang-up'; at: number }
  | { type: 'toggle-mute' }
  | { type: 'rejoin' }
  | { type: 'reject-waiting'; callId: string; at: number }
  | { type: 'take-next'; callId: string; at: number };

/** What the platform is to be asked for, and what belongs in the history. */
export type CallEffect =
  | { type: 'answer'; call: Call }
  | { type: 'rejoin'; call: Call }
  | { type: 'dial'; call: Call }
  /** The agent gives up a call that the platform has not named yet. */
  | { type: 'cancel-dial'; callId: string }
  | { type: 'reject'; callId: string }
  | { type: 'hang-up'; callId: string }
  /** End a leg that the platform still counts as joined, while this page has no audio of it. */
  | { type: 'leave'; callId: string }
  | { type: 'set-muted'; callId: string; muted: boolean }
  | { type: 'record'; ended: EndedCall }
  /** What was recorded of a call is to be put right. */
  | { type: 'correct'; callId: string; end: OfferEnd };

interface CallStep {
  state: CallState;
  effects: CallEffect[];
}

/** The next state of the calls. An event that means nothing now leaves the state as it is. */
export function step(state: CallState, event: CallEvent): CallStep {
  const { phase } = state;
  switch (event.type) {
    case 'invited':
      return invited(state, { ...event.call, since: event.at });
    case 'joined':
      return joined(state, event.callId, event.at);
    case 'join-failed':
      return joinFailed(state, event.callId, event.at);
    case 'microphone-failed':
      return microphoneFailed(state, event.callId, event.problem);
    case 'over':
      return over(state, event.callId, event.reason, event.at);
    case 'media-lost':
      return inCall(state, event.callId, { mediaLostAt: event.at });
    case 'media-back':
      return inCall(state, event.callId, { mediaLostAt: null });
    case 'microphone-changed':
      return inCall(state, event.callId, { microphone: event.state === 'steady' ? 'works' : event.state });
    case 'mute-changed':
      return inCall(state, event.callId, { muted: event.muted, mutedWanted: null });
    case 'mute-unconfirmed':
      return muteUnconfirmed(state, event.callId);
    case 'interruption-found':
      return phase.name === 'idle'
        ? go({ ...state, phase: interrupted(event.call, event.interruption) })
        : same(state);
    case 'interruption-expired':
      return interruptionExpired(state, event.callId, event.at);
    case 'end-shown':
      return phase.name === 'ended' && phase.ended.call.id === event.callId
        ? go({ ...state, phase: { name: 'idle' } })
        : same(state);
    case 'tick':
      return tick(state, event.at, event.ringLimit);
    case 'caller-known':
      return callerKnown(state, event.callId, event.from);
    case 'offer-over':
      return offerOver(state, event.callId, event.end, event.at);
    case 'came-back':
      return cameBack(state, event.call, event.interruption, event.at);
    case 'gone':
      return gone(state, event.callId, event.at);
    case 'forget':
      return go(noCalls);
    case 'dial':
      return dial(state, event.call, event.at);
    case 'dial-placed':
      return dialPlaced(state, event.callId, event.leg, event.at);
    case 'dial-progress':
      return dialProgress(state, event.callId, event.progress, event.at);
    case 'dial-failed':
      // She hears it, too, before the desk hangs up her leg.
      return isDialling(phase, event.callId) ? end(state, event.reason, event.at) : same(state);
    case 'answer':
      return phase.name === 'ringing'
        ? go({ ...state, phase: { name: 'joining', call: phase.call, interruption: null } }, [
            { type: 'answer', call: phase.call },
          ])
        : same(state);
    case 'reject':
      return phase.name === 'ringing'
        ? end(state, 'you-rejected', event.at, [{ type: 'reject', callId: phase.call.id }])
        : same(state);
    case 'hang-up':
      return hangUp(state, event.at);
    case 'toggle-mute':
      return toggleMute(state);
    case 'rejoin':
      return phase.name === 'rejoinable' || phase.name === 'returning'
        ? go({ ...state, phase: rejoining(phase) }, [{ type: 'rejoin', call: phase.call }])
        : same(state);
    case 'reject-waiting':
      return rejectWaiting(state, event.callId, event.at);
    case 'take-next':
      return takeNext(state, event.callId, event.at);
  }
}

function same(state: CallState): CallStep {
  return { state, effects: [] };
}

function go(state: CallState, effects: CallEffect[] = []): CallStep {
  return { state, effects };
}

function invited(state: CallState, call: RingingCall): CallStep {
  const { phase, waiting } = state;
  // After a reconnection the platform repeats invitations that this page has seen.
  const known =
    (phase.name === 'ended' ? phase.ended.call.id : currentCall(phase)?.id) === call.id ||
    waiting.some((other) => other.id === call.id);
  if (known) {
    return same(state);
  }
  return currentCall(phase) === null
    ? go({ ...state, phase: { name: 'ringing', call } })
    : go({ ...state, waiting: [...waiting, call] });
}

function joined(state: CallState, callId: string, at: number): CallStep {
  const { phase } = state;
  if (currentCall(phase)?.id !== callId) {
    // The agent hung up while the answer was on its way.
    return { state, effects: [{ type: 'hang-up', callId }] };
  }
  if (phase.name !== 'joining') {
    return same(state);
  }
  return go({
    ...state,
    phase: {
      name: 'in-call',
      call: phase.call,
      since: phase.interruption?.since ?? at,
      muted: false,
      mutedWanted: null,
      alive: at,
      mediaLostAt: null,
      microphone: 'works',
    },
  });
}

function dial(state: CallState, given: Call, at: number): CallStep {
  const { phase } = state;
  if (phase.name !== 'idle' && phase.name !== 'ended') {
    return same(state);
  }
  const call = { ...given, progress: 'dialing' as const };
  return go({ ...state, phase: { name: 'joining', call: { ...call, since: at }, interruption: null } }, [
    { type: 'dial', call },
  ]);
}

function dialPlaced(state: CallState, callId: string, leg: string, at: number): CallStep {
  const { phase } = state;
  if (phase.name !== 'joining' || phase.call.id !== callId) {
    // The agent gave it up while it was on its way.
    return { state, effects: [{ type: 'hang-up', callId: leg }] };
  }
  return joined({ ...state, phase: { ...phase, call: { ...phase.call, id: leg } } }, leg, at);
}

/** The conversation begins when somebody answers. */
function dialProgress(
  state: CallState,
  callId: string,
  progress: 'ringing' | 'answered',
  at: number,
): CallStep {
  const { phase } = state;
  if (phase.name !== 'in-call' || !isDialling(phase, callId) || phase.call.progress === progress) {
    return same(state);
  }
  const since = progress === 'answered' ? at : phase.since;
  return go({ ...state, phase: { ...phase, since, call: { ...phase.call, progress } } });
}

function isDialling(phase: Phase, callId: string): boolean {
  const call = currentCall(phase);
  return call !== null && call.id === callId && isDialled(call);
}

/** Nothing was sent to the platform yet, so the call goes on ringing, or can still be rejoined. */
function microphoneFailed(state: CallState, callId: string, microphoneError: MicrophoneProblem): CallStep {
  const { phase } = state;
  if (phase.name !== 'joining' || phase.call.id !== callId) {
    return same(state);
  }
  const { call, interruption } = phase;
  if (isDialled(call)) {
    return hangUp(state, call.since, 'no-microphone');
  }
  return go({
    ...state,
    phase:
      interruption && interruption.deskCall === undefined
        ? { name: 'rejoinable', call, interruption, microphoneError }
        : { name: 'ringing', call, microphoneError },
  });
}

function rejoining({ call, interruption }: Extract<Phase, { name: 'rejoinable' | 'returning' }>): Phase {
  return { name: 'joining', call: { ...call, since: interruption.since }, interruption };
}

function interrupted(call: Call, interruption: Interruption): Phase {
  const name = interruption.deskCall === undefined ? 'rejoinable' : 'returning';
  return { name, call, interruption };
}

/** The platform may count the agent as joined although no audio flows: that leg is ended. */
function joinFailed(state: CallState, callId: string, at: number): CallStep {
  const { phase } = state;
  if (phase.name !== 'joining' || phase.call.id !== callId) {
    return same(state);
  }
  if (isDialled(phase.call)) {
    return hangUp(state, at, 'not-placed');
  }
  const effects: CallEffect[] = [{ type: 'hang-up', callId }];
  return mayReturn(phase, at)
    ? go({ ...state, phase: returning(phase) }, effects)
    : end(state, 'connection-lost', at, effects);
}

type Rejoining = Extract<Phase, { name: 'joining' }> & { interruption: Interruption };

/** Whether the desk brings the caller back whose call could not be rejoined. */
function mayReturn(phase: Phase, at: number): phase is Rejoining {
  return (
    phase.name === 'joining' && phase.interruption?.deskCall !== undefined && at < phase.interruption.until
  );
}

function returning({ call, interruption }: Rejoining): Phase {
  return { name: 'returning', call: plain(call), interruption };
}

function interruptionExpired(state: CallState, callId: string, at: number): CallStep {
  const { phase } = state;
  if ((phase.name !== 'rejoinable' && phase.name !== 'returning') || phase.call.id !== callId) {
    return same(state);
  }
  const effects: CallEffect[] = phase.name === 'rejoinable' ? [{ type: 'leave', callId }] : [];
  return end(state, 'connection-lost', at, effects);
}

function callerKnown(state: CallState, callId: string, from: string): CallStep {
  const named = <T extends Call>(call: T): T =>
    call.id === callId && call.from !== from ? { ...call, from } : call;
  const { phase, waiting } = state;
  return go({
    phase: currentCall(phase)?.id === callId ? withCall(phase, from) : phase,
    waiting: waiting.map(named),
  });
}

function withCall(phase: Phase, from: string): Phase {
  switch (phase.name) {
    case 'idle':
    case 'ended':
      return phase;
    case 'ringing':
    case 'joining':
      return { ...phase, call: { ...phase.call, from } };
    default:
      return { ...phase, call: { ...phase.call, from } };
  }
}

/** Whichever of the desk and the platform is first stops the ringing; the desk knows why. */
function offerOver(state: CallState, callId: string, said: OfferEnd, at: number): CallStep {
  const { phase } = state;
  const { reason, answeredBy } = said;
  if (currentCall(phase)?.id === callId) {
    const answered = isLive(phase);
    const gone = answered && reason === 'caller-gave-up' ? 'caller-gone' : reason;
    return end(state, gone, at, answered ? [{ type: 'hang-up', callId }] : [], answeredBy);
  }
  if (state.waiting.some(({ id }) => id === callId)) {
    return leaveQueue(state, callId, reason, at, []);
  }
  const correct: CallEffect = { type: 'correct', callId, end: said };
  return phase.name === 'ended' && phase.ended.call.id === callId
    ? go({ ...state, phase: { name: 'ended', ended: explained(phase.ended, said) } }, [correct])
    : go(state, [correct]);
}

/** A call that has ended, with the reason that the desk gives; the agent's own button needs none. */
export function explained(ended: EndedCall, { reason, answeredBy }: OfferEnd): EndedCall {
  if (ended.reason === 'you-rejected' || ended.reason === 'you-hung-up') {
    return ended;
  }
  const wasAnswered = ended.talked !== null;
  return {
    ...ended,
    reason: wasAnswered && reason === 'caller-gave-up' ? 'caller-gone' : reason,
    ...(answeredBy !== null && { answeredBy }),
  };
}

/** She was in this conversation a moment ago, so it goes on by itself. */
function cameBack(state: CallState, call: Call, interruption: Interruption, at: number): CallStep {
  const { phase } = state;
  const waiting = state.waiting.filter(({ id }) => id !== call.id);
  if (isLive(phase)) {
    return same(state);
  }
  return go({ phase: { name: 'joining', call: { ...call, since: at }, interruption }, waiting }, [
    { type: 'answer', call },
  ]);
}

/** A gap between two looks at the clock that only a sleeping machine explains (milliseconds). */
const SLEEP_MS = 10_000;

/** Nothing reports a caller who left while the machine slept, so a ring has an end of its own. */
function tick(state: CallState, at: number, ringLimit: number): CallStep {
  const { phase } = state;
  if (phase.name === 'in-call') {
    const gap = at - phase.alive;
    const since = gap > SLEEP_MS ? phase.since + gap : phase.since;
    return withoutStaleCalls(go({ ...state, phase: { ...phase, since, alive: at } }), at, ringLimit);
  }
  return withoutStaleCalls(go(state), at, ringLimit);
}

function withoutStaleCalls(before: CallStep, at: number, ringLimit: number): CallStep {
  const { phase, waiting } = before.state;
  const isStale = ({ since }: RingingCall) => at - since >= ringLimit;
  const stale = [...waiting, ...(phase.name === 'ringing' ? [phase.call] : [])].find(isStale);
  if (!stale) {
    return before;
  }
  const { state, effects } = over(before.state, stale.id, 'nobody-answered', at);
  return withoutStaleCalls({ state, effects: [...before.effects, ...effects] }, at, ringLimit);
}

function over(state: CallState, callId: string, reason: EndReason, at: number): CallStep {
  const { phase } = state;
  if (phase.name === 'returning' && phase.call.id === callId) {
    // The leg that the reload cut off: another one comes.
    return same(state);
  }
  if (mayReturn(phase, at) && phase.call.id === callId) {
    return go({ ...state, phase: returning(phase) });
  }
  if (currentCall(phase)?.id === callId) {
    // The platform ends a call that nobody answers as if the other side had hung up.
    const isUnanswered = reason === 'caller-hung-up' && isDialling(phase, callId);
    return end(state, isUnanswered ? 'no-answer' : reason, at);
  }
  return leaveQueue(state, callId, reason, at, []);
}

/** The phone may hold on to a call whose end it missed: hanging up gives its audio back. */
function gone(state: CallState, callId: string, at: number): CallStep {
  const { phase } = state;
  return phase.name === 'in-call' && phase.call.id === callId
    ? end(state, 'over', at, [{ type: 'hang-up', callId }])
    : same(state);
}

function inCall(
  state: CallState,
  callId: string,
  change: Partial<
    Pick<Extract<Phase, { name: 'in-call' }>, 'muted' | 'mutedWanted' | 'mediaLostAt' | 'microphone'>
  >,
): CallStep {
  const { phase } = state;
  return phase.name === 'in-call' && phase.call.id === callId
    ? go({ ...state, phase: { ...phase, ...change } })
    : same(state);
}

function toggleMute(state: CallState): CallStep {
  const { phase } = state;
  if (phase.name !== 'in-call' || phase.mutedWanted !== null) {
    return same(state);
  }
  const muted = !phase.muted;
  return go({ ...state, phase: { ...phase, mutedWanted: muted } }, [
    { type: 'set-muted', callId: phase.call.id, muted },
  ]);
}

/** The SDK switches the track before it asks the platform: put it back to what the button shows. */
function muteUnconfirmed(state: CallState, callId: string): CallStep {
  const { phase } = state;
  if (phase.name !== 'in-call' || phase.call.id !== callId || phase.mutedWanted === null) {
    return same(state);
  }
  return go({ ...state, phase: { ...phase, mutedWanted: null } }, [
    { type: 'set-muted', callId, muted: phase.muted },
  ]);
}

function hangUp(state: CallState, at: number, reason: EndReason = 'you-hung-up'): CallStep {
  const { phase } = state;
  switch (phase.name) {
    case 'joining':
      return end(state, reason, at, [
        { type: isDialled(phase.call) ? 'cancel-dial' : 'hang-up', callId: phase.call.id },
      ]);
    case 'in-call':
      return end(state, reason, at, [{ type: 'hang-up', callId: phase.call.id }]);
    case 'rejoinable':
      return end(state, 'you-hung-up', at, [{ type: 'leave', callId: phase.call.id }]);
    default:
      return same(state);
  }
}

function rejectWaiting(state: CallState, callId: string, at: number): CallStep {
  return leaveQueue(state, callId, 'you-rejected', at, [{ type: 'reject', callId }]);
}

function leaveQueue(
  state: CallState,
  callId: string,
  reason: EndReason,
  at: number,
  effects: CallEffect[],
): CallStep {
  const call = state.waiting.find((other) => other.id === callId);
  if (!call) {
    return same(state);
  }
  const waiting = state.waiting.filter((other) => other !== call);
  return go({ ...state, waiting }, [
    ...effects,
    { type: 'record', ended: { call: plain(call), reason, at, talked: null } },
  ]);
}

/** Ends the present conversation and answers the call that waits. */
function takeNext(state: CallState, callId: string, at: number): CallStep {
  const next = state.waiting.find((other) => other.id === callId);
  if (!next || !hasTakenCall(state.phase)) {
    return same(state);
  }
  const { effects } = hangUp({ ...state, waiting: [] }, at);
  const waiting = state.waiting.filter((other) => other !== next);
  return go({ phase: { name: 'joining', call: next, interruption: null }, waiting }, [
    ...effects,
    { type: 'answer', call: next },
  ]);
}

/** Ends the current call; the one that has waited longest rings at once. */
function end(
  state: CallState,
  reason: EndReason,
  at: number,
  effects: CallEffect[] = [],
  answeredBy: string | null = null,
): CallStep {
  const { phase, waiting } = state;
  const call = currentCall(phase);
  if (!call) {
    return same(state);
  }
  const ended: EndedCall = {
    call: plain(call),
    reason,
    at,
    talked: talkedIn(phase, at),
    ...(answeredBy !== null && { answeredBy }),
  };
  const [next, ...others] = waiting;
  return go(
    next
      ? { phase: { name: 'ringing', call: next }, waiting: others }
      : { phase: { name: 'ended', ended }, waiting },
    [...effects, { type: 'record', ended }],
  );
}

function plain({ id, from, kind, progress }: Call): Call {
  return { id, from, kind, ...(progress !== undefined && { progress }) };
}

/** Nobody talks while a conversation is cut, while its audio is lost, or while the machine sleeps. */
function talkedIn(phase: Phase, at: number): number | null {
  switch (phase.name) {
    case 'in-call':
      return isDialled(phase.call) ? null : Math.max(0, lastTalk(phase, at) - phase.since);
    case 'joining':
    case 'rejoinable':
    case 'returning':
      return phase.interruption && phase.interruption.cut - phase.interruption.since;
    default:
      return null;
  }
}

function lastTalk({ alive, mediaLostAt }: Extract<Phase, { name: 'in-call' }>, at: number): number {
  const awake = at - alive > SLEEP_MS ? alive : at;
  return mediaLostAt === null ? awake : Math.min(awake, mediaLostAt);
}
