import type { Call, CallEnd, HungUpBy, Leg } from './call.ts';
import { isOver } from './view-leg.ts';

/** Details of `rejected` caused by the network; the others are caused by a person. */
const REFUSED_BY_NETWORK: readonly (string | null)[] = ['invalid_number', 'restricted'];

/**
 * How a call that is over came to its end.
 * @param connects whether an NCCO connects the caller to anyone; null where no NCCO is known.
 */
export function endOf(
  { legs, errors, hungUpBy }: Pick<Call, 'legs' | 'errors' | 'hungUpBy'>,
  connects: boolean | null,
): CallEnd {
  const rung = legs.filter(({ direction }) => direction === 'outbound');
  const some = (...outcomes: Leg['outcome'][]) => rung.some(({ outcome }) => outcomes.includes(outcome));
  if (some('answered') || haveMet(legs)) return 'completed';
  if (legs.some(isLost)) return 'unknown';
  if (rung.length === 0) return endWithoutRinging(legs, errors, hungUpBy, connects);
  // The platform cancels, too: what a server no longer wants to ring.
  const gaveUp = some('cancelled') || !rung.every(isOver);
  if (gaveUp && hungUpBy !== 'platform') return 'caller-gave-up';
  if (rung.some((leg) => leg.outcome === 'rejected' && !isRefusedByNetwork(leg))) return 'rejected';
  if (some('timeout', 'unanswered')) return 'nobody-answered';
  if (some('busy')) return 'busy';
  return some('failed', 'disconnected', 'rejected') ? 'failed' : 'nobody-answered';
}

/** Whether the platform, asked about a caller who had been silent for long, knew nothing of the call. */
function isLost({ direction, detail }: Leg): boolean {
  return direction === 'inbound' && detail === 'not_found';
}

/** Whether callers came together without anyone being rung: in a conference. */
function haveMet(legs: readonly Leg[]): boolean {
  return (
    legs.filter(({ direction, outcome }) => direction === 'inbound' && outcome === 'answered').length > 1
  );
}

function endWithoutRinging(
  legs: Call['legs'],
  errors: Call['errors'],
  hungUpBy: Call['hungUpBy'],
  connects: boolean | null,
): CallEnd {
  if (errors.length > 0) return 'application-error';
  if (legs.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (hungUpBy === 'platform' && connects === null) return 'completed';
  if (hungUpBy === 'platform' && connects) return 'failed';
  return connects === false ? 'completed' : 'caller-gave-up';
}

function isRefusedByNetwork({ detail }: Leg): boolean {
  return REFUSED_BY_NETWORK.includes(detail);
}

/**
 * Who ended a call that is over; null where nothing tells. Vonage says of each leg whether its own user hung up.
 * Where that was no caller, it was the agent whose leg ended last, unless somebody else was rung after that.
 * @param isDialled whether an agent began the call: then the one who was rung is the customer, who counts as the caller
 */
export function hungUpByOf(legs: readonly Leg[], isDialled = false): HungUpBy | null {
  const callers = legs.filter(({ direction }) => direction === 'inbound');
  const rung = legs.filter(({ direction }) => direction !== 'inbound');
  const [caller, other] = [lastEnded(callers), lastEnded(rung)];
  if (caller?.disconnectedBy === 'user') return isDialled ? 'agent' : 'caller';
  if (other?.disconnectedBy === 'user' && other.outcome === 'answered') return isDialled ? 'caller' : 'agent';
  return (caller ?? other)?.disconnectedBy === 'platform' ? 'platform' : null;
}

function lastEnded(legs: readonly Leg[]): Leg | undefined {
  return legs.toSorted((a, b) => (a.endedAt ?? -Infinity) - (b.endedAt ?? -Infinity) || 0).at(-1);
}
