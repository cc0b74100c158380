import type { Call, CallEnd, Leg } from './call.ts';
import type { CallState } from './call-state.ts';
import { between, earliest } from './call-times.ts';
import { viewCall } from './view-call.ts';
import { isOver } from './view-leg.ts';

/** What the ringing of a caller came to whom no desk received. */
export interface Ring {
  /** `answered`, or how the call ended that nobody answered. */
  result: 'answered' | CallEnd;
  /** Milliseconds that somebody was rung; null: nobody was. */
  rang: number | null;
  /** Milliseconds until somebody answered; null: nobody did. */
  waited: number | null;
}

/**
 * What the ringing of a call came to, if its newest entries decided that; null: they did not, or it is no caller's.
 * @param before what was known of the call before them, or of the calls that became one
 * @param heard milliseconds from the first entry of the call to its newest, by the clock of the server; null: they tell
 * what was looked up, of which nobody knows when it happened
 */
export function ringDecided(
  before: readonly CallState[],
  after: CallState,
  heard: number | null,
): Ring | null {
  const call = viewCall(after);
  if (call.direction !== 'inbound' || !isDecided(call)) return null;
  if (before.some((state) => isDecided(viewCall(state)))) return null;
  if (call.answeredAt !== null) return answered(call, heard);
  return { result: call.end ?? 'unknown', rang: call.ringing, waited: null };
}

/** The end of who was rung may tell that they talked, even if nothing else does: it is waited for. */
function isDecided({ answeredAt, status, legs }: Call): boolean {
  return answeredAt !== null || (status === 'ended' && rungIn(legs).every(isOver));
}

function rungIn(legs: readonly Leg[]): readonly Leg[] {
  return legs.filter(({ direction }) => direction === 'outbound');
}

/**
 * As long as an app's leg goes on, the platform says that it was answered when it began: only when we heard of it is of
 * use. Of a leg that is over, the platform's times are right, and when we heard of it may be much later.
 */
function answered({ startedAt, answeredAt, ringing, legs }: Call, heard: number | null): Ring {
  const rung = rungIn(legs);
  if (rung.some((leg) => leg.outcome === 'answered' && isOver(leg)))
    return { result: 'answered', rang: ringing, waited: between(startedAt, answeredAt) };
  if (heard === null) return { result: 'answered', rang: null, waited: null };
  const before = between(startedAt, earliest(rung.map((leg) => leg.startedAt))) ?? 0;
  return { result: 'answered', rang: Math.max(0, heard - before), waited: heard };
}
