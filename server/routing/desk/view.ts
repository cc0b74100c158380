import type {
  AgentDesk,
  AgentView,
  DeskCallView,
  DeskView,
  MemberView,
  OfferView,
  WrapUpView,
} from '../../../domain/api/desk-api.ts';
import type { CallbackView } from '../../../domain/api/history-api.ts';
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
import { isCustomerCalled } from '../../../domain/desk/dialling.ts';
import { isOpenAt } from '../../../domain/desk/hours.ts';
import { isWaiting } from '../../../domain/desk/matching.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';

/** Who is not to see supervisors that listen to her in private; null: somebody who sees them. */
type Reader = string | null;

/** The desk as pages show it. */
export function viewDesk(
  desk: Desk,
  rules: DeskRules,
  agents: readonly string[],
  now: number,
  reader: Reader,
): DeskView {
  const calls = [...desk.calls.values()]
    .filter(({ stage }) => stage !== 'ended')
    .sort((a, b) => a.enteredAt - b.enteredAt);
  return {
    agents: agents.flatMap((name) => {
      const agent = desk.agents.get(name);
      return agent === undefined ? [] : [viewAgent(desk, agent, now)];
    }),
    queues: Object.entries(rules.queues).map(([name, { hours }]) => {
      // A booked callback waits for its turn, but nobody waits on the line.
      const waiting = calls.filter(
        (call) => call.queue === name && call.kind === 'inbound' && isWaiting(call),
      );
      const longest = Math.max(0, ...waiting.map(({ enqueuedAt }) => now - enqueuedAt));
      return {
        name,
        waiting: waiting.length,
        longestWaitSeconds: Math.floor(longest / 1000),
        isOpen: hours === null || isOpenAt(hours, now),
      };
    }),
    calls: calls.map((call) => viewCall(desk, call, now, reader)),
  };
}

export function viewAgent(desk: Desk, agent: Agent, now: number): AgentView {
  const reservation = reservationOf(desk, agent.name);
  const line = lineOf(agent, now);
  const load = loadOf(reservation, reservation && desk.calls.get(reservation.call));
  const since = line === 'down' ? agent.lineSince : (reservation?.since ?? idleSince(agent));
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

/** Since when an agent without a call has been in her state: it starts again after each call. */
function idleSince({ chosen, chosenAt, idleSince }: Agent): number {
  return chosen.choice === 'available' ? Math.max(chosenAt, idleSince) : chosenAt;
}

/** A call as pages show it. */
export function viewCall(desk: Desk, call: DeskCall, now: number, reader: Reader): DeskCallView {
  const [offer] = offersOf(desk, call.id);
  const reservation = call.reservation === null ? offer : desk.reservations.get(call.reservation);
  return {
    id: call.id,
    kind: call.kind,
    from: call.from,
    queue: call.queue,
    state: stateOf(call, offer !== undefined, now),
    agent: reservation?.agent ?? null,
    since: call.since,
    callerHears: call.hears,
    heldSince: call.held?.since ?? null,
    holdWarning: call.held?.warned ?? null,
    consult:
      call.guest === null
        ? null
        : { with: call.guest.to, by: call.guest.by, state: call.guest.state, since: call.guest.since },
    transfer: call.transfer && {
      to: call.transfer.to,
      by: call.transfer.by,
      isComingBack: call.transfer.isComingBack,
    },
    members: membersOf(desk, call, reader),
    recording: call.recording.state === 'off' ? null : call.recording.state,
    failure: failureOf(desk, call),
  };
}

function membersOf(desk: Desk, call: DeskCall, reader: Reader): MemberView[] {
  const { guest, reservation, stage } = call;
  const state = isCustomerCalled(call)
    ? call.rings
      ? 'ringing'
      : 'calling'
    : stage === 'held'
      ? 'held'
      : 'talking';
  const members: MemberView[] = [{ as: 'caller', name: call.from, state, supervision: null }];
  const main = reservation === null ? undefined : desk.reservations.get(reservation);
  if (main !== undefined) {
    members.push({ as: 'agent', name: main.agent, state: 'talking', supervision: null });
  }
  if (guest !== null) {
    const name = 'agent' in guest.to ? guest.to.agent : guest.to.number;
    members.push({ as: 'guest', name, state: guest.state, supervision: null });
  }
  for (const { role, call: of, agent, state, supervision } of desk.reservations.values()) {
    if (role !== 'supervise' || of !== call.id || supervision === null) continue;
    const isIn = state === 'connected';
    if (!isIn && state !== 'created' && state !== 'dialing' && state !== 'ringing') continue;
    if (supervision.private && reader !== null && reader !== agent) continue;
    members.push({ as: 'supervisor', name: agent, state: isIn ? 'talking' : 'calling', supervision });
  }
  return members;
}

/** The last control of this call that failed, whoever asked for it. */
function failureOf(desk: Desk, { id }: DeskCall): DeskCallView['failure'] {
  const failures = [...desk.agents.values()].flatMap(({ lastFailure }) =>
    lastFailure?.call === id ? lastFailure : [],
  );
  return failures.sort((a, b) => b.at - a.at)[0] ?? null;
}

function stateOf(call: DeskCall, isOffered: boolean, now: number): DeskCallView['state'] {
  if (call.stage === 'leaving') return call.exit ?? 'ended';
  if (isCustomerCalled(call)) return call.rings ? 'ringing' : 'dialing';
  if (call.stage !== 'waiting') return call.stage;
  if (call.keptFor !== null && call.keptFor.until > now) return 'recovering';
  if (isOffered) return 'offered';
  return call.hears === 'greeting' ? 'greeting' : 'waiting';
}

/** The callbacks that are not over, the one that waits longest first. */
export function viewCallbacks(desk: Desk, now: number): Omit<CallbackView, 'contact'>[] {
  return [...desk.calls.values()]
    .filter(({ kind, stage }) => kind === 'callback' && stage !== 'leaving' && stage !== 'ended')
    .sort((a, b) => a.enqueuedAt - b.enqueuedAt)
    .map((call) => {
      const [offer] = offersOf(desk, call.id);
      const taken = call.reservation === null ? undefined : desk.reservations.get(call.reservation);
      return {
        id: call.id,
        number: call.from?.replace(/^\+/, '') ?? null,
        queue: call.queue,
        since: call.enqueuedAt,
        tries: call.failedTries,
        nextTry: call.stage === 'waiting' && call.notBefore > now ? call.notBefore : null,
        state: stateOfCallback(call, offer !== undefined),
        agent: (taken ?? offer)?.agent ?? null,
      };
    });
}

function stateOfCallback({ stage }: DeskCall, isOffered: boolean): CallbackView['state'] {
  if (stage === 'talking') return 'talking';
  if (stage === 'connecting') return 'calling';
  return isOffered ? 'ringing-agent' : 'waiting';
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
    call:
      reservation && call && isIn
        ? { ...viewCall(desk, call, now, name), reservation: reservation.id, role: reservation.role }
        : null,
    wrapUp: reservation?.state === 'wrapping' ? viewWrapUp(reservation, call, now) : null,
    lastOffer: agent.lastOffer,
    lastFailure: agent.lastFailure,
  };
}

function viewWrapUp(
  { call: id, until, extended, ended, note }: Reservation,
  call: DeskCall | undefined,
  now: number,
): WrapUpView {
  return {
    call: id,
    from: call?.from ?? null,
    until: until ?? now,
    extended,
    ended: ended ?? 'caller left',
    note,
  };
}

function viewOffer({ id, state, until, why, role }: Reservation, call: DeskCall): OfferView {
  const { from, to, queue, enqueuedAt, kind } = call;
  // Before that, `until` is the time by which the leg must exist; after it, the platform gets a margin.
  const rings = state !== 'created' && until !== null;
  return {
    id,
    role,
    kind,
    by: (role === 'consult' ? call.guest?.by : call.transfer?.by) ?? null,
    call: call.id,
    from,
    to,
    queue,
    waitingSince: enqueuedAt,
    until: rings ? until - RING_MARGIN_SECONDS * 1000 : null,
    why,
  };
}
