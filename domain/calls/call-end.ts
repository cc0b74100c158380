import type { Call, CallEnd, Leg } from './call.ts';
import { isOver } from './view-leg.ts';

/** Details of `rejected` that tell of the network; the others tell of a person. */
const REFUSED_BY_NETWORK: readonly (string | null)[] = ['invalid_number', 'restricted'];

/**
 * How a call that is over came to its end.
 * @param connects whether the NCCO connects the caller to anybody; null where no NCCO is known.
 */
export function endOf({ legs, errors }: Pick<Call, 'legs' | 'errors'>, connects: boolean | null): CallEnd {
  const rung = legs.filter(({ direction }) => direction === 'outbound');
  const some = (...outcomes: Leg['outcome'][]) => rung.some(({ outcome }) => outcomes.includes(outcome));
  if (some('answered') || legs.some(({ movedTo }) => movedTo !== null)) return 'completed';
  if (rung.length === 0) return endWithoutRinging(legs, errors, connects);
  if (some('cancelled') || !rung.every(isOver)) return 'caller-gave-up';
  if (rung.some((leg) => leg.outcome === 'rejected' && !isRefusedByNetwork(leg))) return 'rejected';
  if (some('timeout', 'unanswered')) return 'nobody-answered';
  if (some('busy')) return 'busy';
  return some('failed', 'disconnected', 'rejected') ? 'failed' : 'nobody-answered';
}

function endWithoutRinging(legs: Call['legs'], errors: Call['errors'], connects: boolean | null): CallEnd {
  if (errors.length > 0) return 'application-error';
  if (legs.some(({ outcome }) => outcome === 'failed')) return 'failed';
  return connects === false ? 'completed' : 'caller-gave-up';
}

function isRefusedByNetwork({ detail }: Leg): boolean {
  return REFUSED_BY_NETWORK.includes(detail);
}
