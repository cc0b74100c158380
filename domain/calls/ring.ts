import type { Call, CallEnd } from './call.ts';
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

type Seen = Pick<Call, 'status' | 'answeredAt' | 'direction'>;

/**
 * What the ringing of a call came to, if its newest entries decided that; null: they did not, or it is no caller's.
 * @param before what was known of the call, or of the calls that became one
 * @param heard milliseconds from the first entry of the call to its newest, by the clock of the server
 */
export function ringDecided(
  before: readonly Seen[],
  after: Seen,
  state: CallState,
  heard: number,
): Ring | null {
  const isDecided = ({ status, answeredAt }: Seen) => answeredAt !== null || status === 'ended';
  if (after.direction !== 'inbound' || !isDecided(after) || before.some(isDecided)) return null;
  if (after.answeredAt !== null) return answered(viewCall(state), heard);
  const { end, ringing } = viewCall(state);
  return { result: end ?? 'unknown', rang: ringing, waited: null };
}

/**
 * As long as an app's leg goes on, the platform says that it was answered when it began: only when we heard of it is of
 * use. Of a leg that is over, the platform's times are right, and when we heard of it may be much later.
 */
function answered({ startedAt, answeredAt, ringing, legs }: Call, heard: number): Ring {
  const rung = legs.filter(({ direction }) => direction === 'outbound');
  if (rung.some((leg) => leg.outcome === 'answered' && isOver(leg)))
    return { result: 'answered', rang: ringing, waited: between(startedAt, answeredAt) };
  const before = between(startedAt, earliest(rung.map((leg) => leg.startedAt))) ?? 0;
  return { result: 'answered', rang: Math.max(0, heard - before), waited: heard };
}
