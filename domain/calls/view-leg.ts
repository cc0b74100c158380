import { LEG_FAILURES, LEG_STATUSES, type Leg, type LegStatus } from './call.ts';
import type { LegFacts } from './call-state.ts';
import { greatest, least } from './join.ts';

/** Statuses after which nobody is on the leg. `completed` follows most of them, but not `rejected`. */
const ENDS: readonly LegStatus[] = [...LEG_FAILURES, 'completed'];

/** Whether nobody is on a leg any more, at least not in this call. */
export function isOver({ status, movedTo }: Leg): boolean {
  return movedTo !== null || ENDS.includes(status);
}

/** What is known of a leg, as one looks at it. */
export function viewLeg(facts: LegFacts): Leg {
  const startedAt = least(timeOf(facts, 'started'), timeOf(facts, 'ringing'));
  const outcome = outcomeOf(facts);
  return {
    uuid: facts.key,
    // Vonage asks the answer URL about a leg that comes in, unless it says otherwise.
    direction: facts.direction?.[0] ?? (facts.asked ? 'inbound' : null),
    from: facts.from?.[0] ?? null,
    to: facts.to?.[0] ?? null,
    status: LEG_STATUSES.findLast((status) => wasTold(facts, status)) ?? 'unknown',
    outcome,
    movedTo: facts.movedTo?.[0] ?? null,
    startedAt,
    ringingAt: timeOf(facts, 'ringing'),
    answeredAt: outcome === 'answered' ? answeredAt(facts, startedAt) : null,
    endedAt: endedAt(facts),
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

function outcomeOf(facts: LegFacts): Leg['outcome'] {
  // A leg that was billed was answered, even where the event that said so is lost.
  const wasBilled = facts.startTime !== null && (facts.duration?.[0] ?? 0) > 0;
  if (wasBilled || wasTold(facts, 'answered')) return 'answered';
  return LEG_FAILURES.findLast((status) => wasTold(facts, status)) ?? null;
}

/**
 * An app leg's "answered" bears the time of its "started" (Vonage's published transcript of a phone-to-app
 * call). The start that is billed is right there, but known to the second only.
 */
function answeredAt(facts: LegFacts, startedAt: number | null): number | null {
  const told = timeOf(facts, 'answered');
  const isPlausible = told !== null && startedAt !== null && told > startedAt;
  return isPlausible ? told : greatest(told, facts.startTime?.[0] ?? null);
}

/** "completed" may be late, and its end_time is known to the second only. */
function endedAt(facts: LegFacts): number | null {
  const times = ENDS.map((status) => timeOf(facts, status));
  return [...times, facts.movedTo?.[1] ?? null].reduce(least) ?? facts.endTime?.[0] ?? null;
}
