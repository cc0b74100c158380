import type { Desk, DeskCall, Reservation } from './desk.ts';
import type { DeskFact } from './events.ts';

/**
 * Whether a webhook came to an address that is not that of its leg. The signature says that the platform sent it,
 * not that this leg was given this address. What a webhook does not say of itself is not held against it.
 */
export function isForeign(desk: Desk, fact: DeskFact): boolean {
  switch (fact.kind) {
    case 'menu answered':
    case 'turn asked':
    case 'next asked':
      return fact.leg != null && !isLegOf(desk.calls.get(fact.call), fact.call, fact.leg);
    case 'agent answered':
    case 'agent leg': {
      const reservation = desk.reservations.get(fact.reservation);
      return reservation !== undefined && !isAgentLeg(desk, reservation, fact);
    }
    case 'customer leg': {
      const call = desk.calls.get(fact.call);
      if (call === undefined) return false;
      if (fact.is === 'started' || fact.is === 'ringing')
        return fact.to != null && digitsOf(fact.to) !== digitsOf(call.from);
      // An earlier try may still be heard of.
      return fact.leg !== null && !isLegOf(call, fact.call, fact.leg);
    }
    default:
      return false;
  }
}

/** A call that the desk does not know is named by its leg, and one that the desk makes may not know its leg yet. */
function isLegOf(call: DeskCall | undefined, id: string, leg: string): boolean {
  if (call === undefined) return id === leg;
  return call.leg === null ? call.stage === 'connecting' : call.leg === leg;
}

function isAgentLeg(
  desk: Desk,
  { id, agent, leg: known }: Reservation,
  { leg, user }: { leg: string | null; user?: string | null },
): boolean {
  if (leg !== null && leg === known) return true;
  if (user != null && user !== agent) return false;
  const others = [...desk.reservations.values()].filter((each) => each.id !== id);
  return leg === null || ![...others, ...desk.calls.values()].some((each) => each.leg === leg);
}

function digitsOf(number: string | null): string {
  return number?.replace(/\D/g, '') ?? '';
}
