import type {
  AgentDesk,
  AgentView,
  DeskCallView,
  DeskView,
  OfferView,
} from '../../../domain/api/desk-api.ts';
import { RING_MARGIN_SECONDS } from '../../../domain/desk/agents.ts';
import {
  type Agent,
  type Desk,
  type DeskCall,
  isOffer,
  lineOf,
  loadOf,
  newAgent,
  offersOf,
  type Reservation,
  reservationOf,
} from '../../../domain/desk/desk.ts';
import { isWaiting } from '../../../domain/desk/matching.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';

/** The desk as pages show it. */
export function viewDesk(desk: Desk, rules: DeskRules, agents: readonly string[], now: number): DeskView {
  const calls = [...desk.calls.values()]
    .filter(({ stage }) => stage !== 'ended')
    .sort((a, b) => a.enteredAt - b.enteredAt);
  return {
    agents: agents.flatMap((name) => {
      const agent = desk.agents.get(name);
      return agent === undefined ? [] : [viewAgent(desk, agent, now)];
    }),
    queues: Object.keys(rules.queues).map((name) => {
      const waiting = calls.filter((call) => call.queue === name && isWaiting(call));
      const longest = Math.max(0, ...waiting.map(({ enqueuedAt }) => now - enqueuedAt));
      return { name, waiting: waiting.length, longestWaitSeconds: Math.floor(longest / 1000) };
    }),
    calls: calls.map((call) => viewCall(desk, call, now)),
  };
}

export function viewAgent(desk: Desk, agent: Agent, now: number): AgentView {
  const reservation = reservationOf(desk, agent.name);
  const line = lineOf(agent, now);
  const load = loadOf(reservation);
  const since = line === 'down' ? agent.lineSince : (reservation?.since ?? agent.chosenAt);
  return {
    name: agent.name,
    choice: agent.chosen.choice,
    reason: agent.chosen.reason,
    next: agent.next,
    line,
    load,
    since,
  };
}

function viewCall(desk: Desk, call: DeskCall, now: number): DeskCallView {
  const [offer] = offersOf(desk, call.id);
  const reservation = call.reservation === null ? offer : desk.reservations.get(call.reservation);
  return {
    id: call.id,
    from: call.from,
    queue: call.queue,
    state: stateOf(call, offer !== undefined, now),
    agent: reservation?.agent ?? null,
    since: call.since,
    callerHears: call.hears,
  };
}

function stateOf(call: DeskCall, isOffered: boolean, now: number): DeskCallView['state'] {
  if (call.stage === 'leaving') return call.exit ?? 'ended';
  if (call.stage !== 'waiting') return call.stage;
  if (call.keptFor !== null && call.keptFor.until > now) return 'recovering';
  if (isOffered) return 'offered';
  return call.turn === 0 ? 'greeting' : 'waiting';
}

/** The desk as one agent's page shows it. */
export function viewForAgent(desk: Desk, name: string, now: number): AgentDesk {
  const agent = desk.agents.get(name) ?? newAgent(name, now);
  const reservation = reservationOf(desk, name);
  const call = reservation && desk.calls.get(reservation.call);
  const isIn = reservation?.state === 'accepting' || reservation?.state === 'connected';
  return {
    now,
    me: viewAgent(desk, agent, now),
    offer: reservation && call && isOffer(reservation) ? viewOffer(reservation, call) : null,
    call: reservation && call && isIn ? { ...viewCall(desk, call, now), reservation: reservation.id } : null,
    wrapUp:
      reservation?.state === 'wrapping'
        ? {
            call: reservation.call,
            from: call?.from ?? null,
            until: reservation.until ?? now,
            extended: reservation.extended,
          }
        : null,
    lastOffer: agent.lastOffer,
  };
}

function viewOffer({ id, state, until, why }: Reservation, call: DeskCall): OfferView {
  const { from, to, queue, enqueuedAt } = call;
  // Before that, `until` is the time by which the leg must exist; after it, the platform gets a margin.
  const rings = state !== 'created' && until !== null;
  return {
    id,
    call: call.id,
    from,
    to,
    queue,
    waitingSince: enqueuedAt,
    until: rings ? until - RING_MARGIN_SECONDS * 1000 : null,
    why,
  };
}
