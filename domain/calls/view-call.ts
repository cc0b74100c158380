import type { Call, CallStatus, CallSummary, Leg, Recording } from './call.ts';
import { endOf, hungUpByOf } from './call-end.ts';
import { type CallState, idOf, inOrderOfTime, type RecordingFacts } from './call-state.ts';
import { durationsOf, earliest, latest } from './call-times.ts';
import { isOver, viewLegs } from './view-leg.ts';

/** Digits that a rounded sum of prices keeps after the point: as many as Vonage's prices have. */
const PRICE_DIGITS = 8;

/** Other ids of a call that its line in the list tells. */
const MOST_ALIASES = 20;

/** A call as its entries tell it so far: everything here is derived from what they said. */
export function viewCall(state: CallState): Call {
  const legs = legsOf(state);
  const errors = errorsOf(state);
  const told = {
    ...outlineOf(state, legs, errors),
    conversations: inOrderOfTime(state.conversations).map(({ key }) => key),
    price: priceOf(legs),
    legs,
    recordings: state.recordings.flatMap(viewRecording).sort(by(({ startedAt }) => startedAt)),
    errors,
  };
  return { ...told, ...durationsOf(told) };
}

/** What a line in the list says of a call, which is made far more often than all the rest. */
function outlineOf(state: CallState, legs: readonly Leg[], errors: readonly string[]) {
  const callers = legs.filter(({ direction }) => direction === 'inbound');
  const rung = legs.filter(({ direction }) => direction === 'outbound');
  // A call lasts as long as who called is there. Only a call that the server placed has nobody like that.
  const deciding = callers.length > 0 ? callers : legs;
  const isEnded = deciding.length > 0 && deciding.every(isOver);
  const dialler = diallerOf(state);
  const hungUpBy = isEnded ? hungUpByOf(legs, dialler !== null) : null;
  const startedAt = earliest(deciding.map((leg) => leg.startedAt));
  const endedAt = isEnded ? within(startedAt, latest(deciding.map((leg) => leg.endedAt)), null) : null;
  return {
    id: idOf(state),
    from: deciding[0]?.from ?? null,
    to: deciding[0]?.to ?? null,
    agent: agentOf(rung, state) ?? dialler,
    direction: dialler !== null ? 'outbound' : callers.length > 0 ? 'inbound' : (legs[0]?.direction ?? null),
    status: isEnded ? 'ended' : statusOf(callers, rung, state),
    end: isEnded ? endOf({ legs, errors, hungUpBy }, state.connects) : null,
    hungUpBy,
    startedAt,
    answeredAt: within(startedAt, earliest(rung.map((leg) => leg.answeredAt)), endedAt),
    endedAt,
  } satisfies Partial<Call>;
}

/** An agent may be there before the caller, and answer as the caller leaves: a call is answered while it lasts. */
function within(start: number | null, time: number | null, end: number | null): number | null {
  if (time === null) return null;
  return Math.min(Math.max(time, start ?? -Infinity), end ?? Infinity);
}

function legsOf(state: CallState): Leg[] {
  return viewLegs(state).sort(by(timeOf));
}

function errorsOf({ errors }: CallState): string[] {
  return errors.toSorted(by(({ at }) => at)).map(({ key }) => key);
}

/**
 * A call as one line in the list of calls, but for what only the desk knows.
 * @param log when the call's first entry was received, and the id of its newest one.
 */
export function summarise(
  state: CallState,
  log: Pick<CallSummary, 'firstSeenAt' | 'lastHeardAt' | 'lastEntryId'>,
): Omit<CallSummary, 'queue' | 'exit'> {
  const { firstSeenAt, lastHeardAt, lastEntryId } = log;
  const legs = legsOf(state);
  const outline = outlineOf(state, legs, errorsOf(state));
  const aliases = state.conversations.map(({ key }) => key).filter((id) => id !== outline.id);
  return {
    ...outline,
    aliases: aliases.slice(0, MOST_ALIASES),
    firstSeenAt,
    lastHeardAt,
    lastEntryId,
  };
}

/** The user of an app who began a call: an agent, who dialled somebody. Vonage calls such a leg inbound; the call is not. */
function diallerOf({ legs }: CallState): string | null {
  return legs.find(({ askedUser }) => askedUser !== null)?.askedUser ?? null;
}

/**
 * Where a call that goes on is: what counts are the legs that are open, else those that were. Whom a desk rang does not
 * count any more once that leg is over: the caller waits, whether the agent did not answer or was lost.
 */
function statusOf(callers: readonly Leg[], rung: readonly Leg[], { legs }: CallState): CallStatus {
  // Callers who share a call were brought together in a conversation.
  const present = callers.filter((leg) => leg.outcome === 'answered' && !isOver(leg));
  if (present.length > 1) return 'in-call';
  const open = rung.filter((leg) => !isOver(leg));
  const offered = new Set(legs.filter((leg) => leg.offered).map(({ key }) => key));
  const past = rung.filter(({ uuid }) => !offered.has(uuid));
  const counting = open.length > 0 ? open : past;
  if (counting.some(({ outcome }) => outcome === 'answered')) return 'in-call';
  return counting.length > 0 ? 'ringing' : 'started';
}

/** The user who was rung last, else the first whom the NCCO is going to ring. */
function agentOf(rung: readonly Leg[], { users }: CallState): string | null {
  const isUser = (name: string) => users.some(({ key }) => key === name) || !/^\+?\d+$|:/.test(name);
  const last = rung.findLast(({ to }) => to !== null && isUser(to))?.to;
  return last ?? users.toSorted(by(({ at }) => at))[0]?.key ?? null;
}

function priceOf(legs: readonly Leg[]): number | null {
  const prices = legs.map(({ price }) => price).filter((price) => price !== null);
  if (prices.length === 0) return null;
  return Number(prices.reduce((sum, price) => sum + Number(price), 0).toFixed(PRICE_DIGITS));
}

function viewRecording({ key: _, url, ...facts }: RecordingFacts): Recording[] {
  return url === null ? [] : [{ url, ...facts }];
}

function timeOf({ startedAt, answeredAt, endedAt }: Leg): number | null {
  return startedAt ?? answeredAt ?? endedAt;
}

/** Compares by a number; what has none comes last. Equals keep their order, which in a state is that of the keys. */
function by<T>(numberOf: (item: T) => number | null): (a: T, b: T) => number {
  return (a, b) => {
    const [numberOfA, numberOfB] = [numberOf(a) ?? Infinity, numberOf(b) ?? Infinity];
    return numberOfA === numberOfB ? 0 : numberOfA - numberOfB;
  };
}
