import { LEG_FAILURES, LEG_STATUSES, type Leg, type LegStatus } from './call.ts';
import type { CallState, LegFacts } from './call-state.ts';
import { greatest, least } from './join.ts';

/** Statuses after which nobody is on the leg. `completed` follows most of them, but not `rejected`. */
const ENDS: readonly LegStatus[] = [...LEG_FAILURES, 'completed'];

/** How long before the caller's leg a leg may end that ended because the caller hung up: both ends are told apart. */
const SAME_MOMENT_MS = 2000;

/** Whether nobody is on a leg any more. */
export function isOver({ status }: Pick<Leg, 'status'>): boolean {
  return ENDS.includes(status);
}

/** The legs of a call, as one looks at them. */
export function viewLegs({ legs }: Pick<CallState, 'legs'>): Leg[] {
  const isAskedFor = legs.some(({ asked }) => asked);
  const seen = legs.map((facts) => viewLeg(facts, isAskedFor));
  return seen.map((leg) => (leg.outcome === null ? { ...leg, outcome: impliedOutcome(leg, seen) } : leg));
}

/** @param isAskedFor whether an NCCO was asked for any leg of the call. */
function viewLeg(facts: LegFacts, isAskedFor: boolean): Leg {
  const outcome = outcomeOf(facts);
  const startedAt = least(timeOf(facts, 'started'), timeOf(facts, 'ringing'));
  const ringingAt = timeOf(facts, 'ringing');
  const answeredAt = outcome === 'answered' ? notBefore(ringingAt ?? startedAt, answerTimeOf(facts)) : null;
  return {
    uuid: facts.key,
    // Vonage asks what to do with a leg that comes in; who is called is asked about only when the server placed the call.
    direction: facts.direction?.[0] ?? (facts.asked ? 'inbound' : isAskedFor ? 'outbound' : null),
    // Events of a caller's app leg name the caller as the one who is called.
    from: facts.askedFrom ?? facts.from?.[0] ?? null,
    to: facts.askedTo ?? facts.to?.[0] ?? null,
    status: LEG_STATUSES.findLast((status) => wasTold(facts, status)) ?? 'unknown',
    outcome,
    startedAt,
    ringingAt,
    answeredAt,
    endedAt: notBefore(answeredAt ?? ringingAt ?? startedAt, endTimeOf(facts)),
    duration: facts.duration?.[0] ?? null,
    price: facts.price?.[0] ?? null,
    rate: facts.rate?.[0] ?? null,
    network: facts.network?.[0] ?? null,
    detail: facts.detail?.[0] ?? null,
    sipCode: facts.sipCode?.[0] ?? null,
    disconnectedBy: facts.disconnectedBy?.[0] ?? null,
    machine: facts.machine?.[0] ?? null,
  };
}

function wasTold({ statuses }: LegFacts, status: LegStatus): boolean {
  return statuses.some(({ key }) => key === status);
}

function timeOf({ statuses }: LegFacts, status: LegStatus): number | null {
  return statuses.find(({ key }) => key === status)?.at ?? null;
}

/** A time that is known, moved to the one before it where it would precede that. */
function notBefore(previous: number | null, time: number | null): number | null {
  return time === null ? null : greatest(previous, time);
}

function outcomeOf(facts: LegFacts): Leg['outcome'] {
  // A leg that was billed was answered, even where the event that said so is lost.
  const wasBilled = facts.startTime !== null && (facts.duration?.[0] ?? 0) > 0;
  if (wasBilled || wasTold(facts, 'answered')) return 'answered';
  return LEG_FAILURES.findLast((status) => wasTold(facts, status)) ?? null;
}

/** Why a leg that rang went to `completed` without a reason: who hung up tells. */
function impliedOutcome(leg: Leg, legs: readonly Leg[]): Leg['outcome'] {
  if (leg.direction !== 'outbound' || leg.status !== 'completed') return null;
  if (leg.disconnectedBy === 'user') return 'rejected';
  const callers = legs.filter(({ direction }) => direction === 'inbound');
  const hungUp = callers.filter(({ disconnectedBy }) => disconnectedBy === 'user');
  if (hungUp.some((caller) => endedWith(leg, caller))) return 'cancelled';
  return callers.some(({ disconnectedBy }) => disconnectedBy !== null) ? 'unanswered' : null;
}

function endedWith(leg: Leg, caller: Leg): boolean {
  if (leg.endedAt === null || caller.endedAt === null) return true;
  return leg.endedAt >= caller.endedAt - SAME_MOMENT_MS;
}

/**
 * An app leg's "answered" bears the time of its "started" (Vonage's published transcript of a phone-to-app
 * call). The start that is billed is right there, but known to the second only.
 */
function answerTimeOf(facts: LegFacts): number | null {
  const told = timeOf(facts, 'answered');
  const startedAt = least(timeOf(facts, 'started'), timeOf(facts, 'ringing'));
  const isPlausible = told !== null && startedAt !== null && told > startedAt;
  return isPlausible ? told : greatest(told, facts.startTime?.[0] ?? null);
}

/** "completed" may be late, and its end_time is known to the second only. */
function endTimeOf(facts: LegFacts): number | null {
  const times = ENDS.map((status) => timeOf(facts, status));
  return times.reduce(least) ?? facts.endTime?.[0] ?? null;
}
