import type { Ncco } from '../ncco/ncco.ts';
import { outboundId } from '../webhooks/outbound-id.ts';
import {
  type ChosenStatus,
  type DeskCall,
  isOffer,
  isOpen,
  loadOf,
  newAgent,
  offersOf,
  type PageState,
  type Reservation,
  reservationOf,
  type WrapUpNote,
} from './desk.ts';
import { dialFailed, diallerLeft, isCustomerCalled, isDialled, whereDialler } from './dialling.ts';
import type { AgentLegStatus, DeskFact, GuestLegStatus } from './events.ts';
import { isWaiting } from './matching.ts';
import { canTakeOver, memberAnswered, memberLeft, takeOver } from './members.ts';
import {
  beginWrapUp,
  endOffer,
  freeAgain,
  hangUpCaller,
  leave,
  type Move,
  rescind,
  rescindOffers,
  SETUP_SECONDS,
} from './move.ts';
import { conversation, lastWords } from './script.ts';

/** Seconds that a callback's customer may take to answer. */
const CUSTOMER_SECONDS = 60;
/** Seconds that a leg may ring longer than it was told to. */
export const RING_MARGIN_SECONDS = 5;

export function agentAnswered(move: Move, id: string, leg: string): Ncco {
  const reservation = move.desk.reservations.get(id);
  const call = reservation && move.call(reservation.call);
  const gone = () => lastWords(move.around.craft.texts.callGone, move.around.craft);
  if (reservation === undefined || call === undefined) return gone();
  if (reservation.role !== 'agent') return memberAnswered(move, reservation, call, leg);
  if (call.id === outboundId(leg)) return whereDialler(move, call.id);
  const { state } = reservation;
  const isSameLeg = reservation.leg === null || reservation.leg === leg;
  if ((state === 'accepting' || state === 'connected') && isSameLeg) return conversation(call);
  if (!isOffer(reservation) || !isWaiting(call)) return gone();
  const { agent } = reservation;
  // Of two legs of one offer, the one that answers stays.
  if (reservation.leg !== null && reservation.leg !== leg) move.hangUp(reservation);
  move.record({
    kind: 'accepted',
    reservation: id,
    call: call.id,
    agent,
    leg,
    until: move.in(call.leg === null ? CUSTOMER_SECONDS : SETUP_SECONDS),
  });
  rescind(move, offersOf(move.desk, call.id), 'another agent');
  move.effects.push(
    call.leg === null ? { kind: 'call customer', call: call.id } : { kind: 'transfer', call: call.id },
  );
  return conversation(call);
}

export function agentLeg(move: Move, id: string, leg: string | null, is: AgentLegStatus): void {
  const reservation = move.desk.reservations.get(id);
  if (reservation === undefined) return;
  if (leg !== null && reservation.leg !== null && reservation.leg !== leg) {
    // A second leg of the same reservation: only one may stay.
    if (is === 'started') move.effects.push({ kind: 'hang up', leg, regionUrl: null, of: id });
    return;
  }
  switch (is) {
    case 'started':
      if (reservation.state === 'created') dialed(move, reservation, leg);
      else if (!isOpen(reservation) && leg !== null) {
        move.effects.push({ kind: 'hang up', leg, regionUrl: null, of: id });
      }
      return;
    case 'ringing':
      if (reservation.state === 'created' || reservation.state === 'dialing') rang(move, reservation, leg);
      return;
    case 'rejected':
      notTaken(move, reservation, 'rejected');
      return;
    case 'rang out':
      notTaken(move, reservation, 'timeout');
      return;
    case 'unreachable':
      if (isOffer(reservation)) {
        move.record({ kind: 'page', agent: reservation.agent, page: null, until: 0 });
      }
      notTaken(move, reservation, 'unreachable');
      return;
    case 'ended by the agent':
    case 'ended by the platform':
      agentLegEnded(move, reservation, is === 'ended by the agent');
      return;
  }
}

/** Minutes after which a customer is called again who was not reached. */
const TRY_AGAIN_MINUTES = [5, 15] as const;

/** What became of the leg of the customer whom the desk called. Returns whether the call ended with it. */
export function customerLeg(move: Move, id: string, leg: string | null, is: GuestLegStatus): boolean {
  const call = move.call(id);
  if (call === undefined) return false;
  if (is === 'started' || is === 'ringing') {
    if (call.stage === 'connecting') {
      move.record({ kind: 'customer called', call: id, leg });
      if (is === 'ringing' && !call.rings) move.record({ kind: 'customer rings', call: id });
    } else if (leg !== null && call.leg !== leg) {
      // It was given up before its leg was known.
      move.effects.push({ kind: 'hang up', leg, regionUrl: null, of: id });
    }
    return false;
  }
  if (call.stage === 'ended') return false;
  // The end of a leg is told once more after what became of it, and means nothing to the next try.
  const isOfThisTry = call.leg === null ? is !== 'ended' : leg === null || leg === call.leg;
  if (!isOfThisTry) return false;
  if (isDialled(call)) dialFailed(move, call, is === 'ended' ? 'declined' : is);
  else if (call.stage === 'connecting') customerNotReached(move, call);
  else return is === 'ended';
  return false;
}

function customerNotReached(move: Move, call: DeskCall): void {
  const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  const minutes = TRY_AGAIN_MINUTES[call.failedTries];
  if (minutes === undefined) {
    leave(move, call.id, 'not reached', 'desk', 'nothing', null);
    move.record({ kind: 'ended', call: call.id });
  } else {
    move.record({ kind: 'customer not reached', call: call.id, notBefore: move.in(minutes * 60) });
  }
  if (reservation === undefined) return;
  move.hangUp(reservation);
  beginWrapUp(move, reservation, 'caller left');
}

export function dialed(move: Move, { id, call, agent }: Reservation, leg: string | null): void {
  move.record({ kind: 'dialed', reservation: id, call, agent, leg, until: ringsUntil(move, call) });
}

/** What became of an attempt to create an agent's leg: told to who asks why it did not ring. */
export function legRequested(
  move: Move,
  { id, call, agent }: Reservation,
  result: 'created' | 'failed' | 'not yet',
  reason: string | null,
): void {
  move.record({ kind: 'leg requested', reservation: id, call, agent, result, reason });
}

/** The agent's page says that a call reached it, or rang: each is noted once. */
export function pageReported(
  move: Move,
  { agent, call, fact, sound, tab, notice = null }: Extract<DeskFact, { kind: 'page reported' }>,
): void {
  const reservation = reservationOf(move.desk, agent);
  if (reservation === undefined || reservation.call !== call || !isOffer(reservation)) return;
  if (reservation.state === 'ringing' || (fact === 'invited' && reservation.invited === true)) return;
  move.record({ kind: 'page reported', reservation: reservation.id, call, agent, fact, sound, tab, notice });
  if (fact === 'rang') rang(move, reservation, null);
}

function rang(move: Move, reservation: Reservation, leg: string | null): void {
  if (reservation.state === 'created') dialed(move, reservation, leg);
  const { id, call, agent } = reservation;
  move.record({ kind: 'rang', reservation: id, call, agent });
}

function ringsUntil(move: Move, call: string): number {
  const entry = move.call(call);
  const seconds = (entry && move.queue(entry)?.ringSeconds) ?? 20;
  return move.in(seconds + RING_MARGIN_SECONDS);
}

/** The offer was not taken; after the end of the leg, only the reason is put right. */
function notTaken(move: Move, reservation: Reservation, as: 'rejected' | 'timeout' | 'unreachable'): void {
  const isLate = reservation.state === 'canceled' && reservation.rescindedBy === null;
  if (!isOffer(reservation) && !isLate) return;
  endOffer(move, reservation, as, null, !isLate);
  if (as === 'timeout') askUnanswered(move, reservation.agent);
}

/** An agent who let several calls ring out is away until she says otherwise. */
export function askUnanswered(move: Move, name: string): void {
  const agent = move.desk.agents.get(name);
  if (agent === undefined || agent.chosen.choice !== 'available') return;
  if (agent.unanswered < move.around.rules.unansweredLimit) return;
  const chosen = { choice: 'away', reason: NO_ANSWER } as const;
  move.record({ kind: 'chose', agent: name, chosen, next: null, by: 'no answer' });
}

/** The reason of an agent who was set to away because calls rang out. */
export const NO_ANSWER = 'no answer';

function agentLegEnded(move: Move, reservation: Reservation, onPurpose: boolean): void {
  switch (reservation.state) {
    case 'created':
    case 'dialing':
    case 'ringing':
      endOffer(move, reservation, 'canceled', null);
      return;
    case 'accepting':
      if (isDialler(move, reservation)) diallerLeft(move, reservation);
      else setupFailed(move, reservation);
      return;
    case 'connected':
      if (reservation.role !== 'agent') memberLeft(move, reservation);
      else if (onPurpose) agentLeft(move, reservation);
      else agentLost(move, reservation);
      return;
    default:
      return;
  }
}

/** Whether an agent waits for somebody to answer whom she dialled, or hears that nobody did. */
export function isDialler(move: Move, { state, call }: Reservation): boolean {
  const entry = move.call(call);
  return state === 'accepting' && entry?.kind === 'outbound' && entry.answeredAt === null;
}

/** The agent answered, but the caller could not be brought to her: somebody else is rung. */
export function setupFailed(move: Move, reservation: Reservation): void {
  const call = move.call(reservation.call);
  if (call?.kind === 'outbound' && call.answeredAt === null) {
    if (isDialled(call)) dialFailed(move, call, 'no answer');
    else diallerLeft(move, reservation);
    return;
  }
  if (call !== undefined && isCustomerCalled(call)) {
    // Her phone may ring still.
    hangUpCaller(move, call.id);
    customerNotReached(move, call);
    return;
  }
  endOffer(move, reservation, 'canceled', null);
  move.hangUp(reservation);
  move.effects.push({ kind: 'transfer', call: reservation.call });
}

/** The agent hung up: the call is over, unless somebody else is in it who has the caller then. */
export function agentLeft(move: Move, reservation: Reservation): void {
  const call = move.call(reservation.call);
  const isGoingOn = call !== undefined && canTakeOver(call);
  if (isGoingOn) takeOver(move, call);
  else {
    leave(move, reservation.call, 'completed', 'agent', 'goodbye', null);
    hangUpCaller(move, reservation.call);
  }
  move.hangUp(reservation);
  beginWrapUp(move, reservation, isGoingOn ? 'transferred' : 'agent left');
}

/** A supervisor ends a call, in whatever stage it is. */
export function endByDesk(move: Move, { id, answeredAt, reservation: of }: DeskCall): void {
  const reservation = of === null ? undefined : move.desk.reservations.get(of);
  if (reservation !== undefined && isDialler(move, reservation)) {
    diallerLeft(move, reservation);
    return;
  }
  rescind(move, offersOf(move.desk, id), 'supervisor');
  leave(move, id, answeredAt === null ? 'overflow' : 'completed', 'desk', 'goodbye', null);
  hangUpCaller(move, id);
  if (reservation === undefined) return;
  if (reservation.state === 'accepting') endOffer(move, reservation, 'rescinded', 'supervisor');
  else beginWrapUp(move, reservation, 'ended by the desk');
  move.hangUp(reservation);
}

/**
 * The agent's connection broke: the caller is kept company, and waits for this agent, then for any. Somebody else who is
 * in the call has the caller then.
 * @param isAsking the caller asks where she belongs just now
 */
export function agentLost(
  move: Move,
  reservation: Reservation,
  keptUntil = move.in(move.around.rules.comeBackSeconds),
  isAsking = false,
): void {
  const { id, call, agent } = reservation;
  const entry = move.call(call);
  if (entry !== undefined && canTakeOver(entry)) {
    takeOver(move, entry);
    move.record({ kind: 'page', agent, page: null, until: 0 });
    freeAgain(move, reservation);
  } else {
    move.record({ kind: 'agent lost', reservation: id, call, agent, keptUntil });
    if (!isAsking) move.effects.push({ kind: 'transfer', call });
  }
  move.hangUp(reservation);
}

/** @param noted what is left out stays as it was */
export function wrapUp(
  move: Move,
  agent: string,
  does: 'end' | 'extend' | 'note',
  noted: Partial<WrapUpNote>,
): void {
  const reservation = reservationOf(move.desk, agent);
  if (reservation === undefined || (reservation.state !== 'wrapping' && reservation.state !== 'connected')) {
    return;
  }
  const { id, call, until, since, extended, state } = reservation;
  if (noted.outcome !== undefined || noted.note !== undefined) {
    const note = { outcome: null, note: null, ...reservation.note, ...noted };
    move.record({ kind: 'noted', reservation: id, call, agent, note });
  }
  if (state !== 'wrapping' || does === 'note') return;
  if (does === 'end') {
    freeAgain(move, reservation);
    return;
  }
  if (extended) return;
  const length = (until ?? move.now) - since;
  move.record({
    kind: 'wrap-up',
    reservation: id,
    call,
    agent,
    until: (until ?? move.now) + length,
    extended: true,
  });
}

export function chose(move: Move, name: string, chosen: ChosenStatus, after: 'now' | 'call'): void {
  const agent = move.desk.agents.get(name) ?? newAgent(name, move.now);
  const reservation = reservationOf(move.desk, name);
  const load = loadOf(reservation, reservation && move.call(reservation.call));
  if (after === 'call' && load !== 'free' && load !== 'reserved') {
    move.record({ kind: 'chose', agent: name, chosen: agent.chosen, next: chosen, by: 'agent' });
    return;
  }
  move.record({ kind: 'chose', agent: name, chosen, next: null, by: 'agent' });
  if (chosen.choice !== 'available') rescindOffers(move, name, 'choice');
}

/** One tab takes the calls: the one that did, as long as it can. */
export function pageSeen(move: Move, name: string, page: PageState, until: number): void {
  const { page: known, pageUntil } = move.desk.agents.get(name) ?? newAgent(name, move.now);
  const isOther = known !== null && known.tab !== page.tab && pageUntil > move.now;
  if (isOther && (known.line === 'up' || page.line === 'down')) return;
  move.record({ kind: 'page', agent: name, page, until });
  if (page.line === 'down') rescindOffers(move, name, 'line');
}

export function addAgents(move: Move, names: readonly string[]): void {
  for (const agent of names) {
    if (!move.desk.agents.has(agent)) move.record({ kind: 'agent added', agent });
  }
}

/** New agents are added. A removed one loses her page, her offer, and her call, whose caller waits for another agent. */
export function agentsChanged(move: Move, names: readonly string[]): void {
  addAgents(move, names);
  const present = new Set(names);
  for (const { name, page } of move.desk.agents.values()) {
    if (present.has(name)) continue;
    if (page !== null) move.record({ kind: 'page', agent: name, page: null, until: 0 });
    rescindOffers(move, name, 'line');
    const reservation = reservationOf(move.desk, name);
    if (reservation?.state === 'accepting') setupFailed(move, reservation);
    if (reservation?.state === 'connected') agentLost(move, reservation, move.now);
    if (reservation?.state === 'wrapping') freeAgain(move, reservation);
  }
}

/** The page that takes the calls has opened its feed at a server: that one will know when the page is gone. */
export function feedOpened(move: Move, name: string, tab: string, server: string): void {
  const agent = move.desk.agents.get(name);
  if (agent?.page?.tab !== tab || agent.feedAt === server) return;
  const { page, pageUntil } = agent;
  move.record({ kind: 'page', agent: name, page, until: pageUntil, feedAt: server });
}

/** The feed of the page that takes the calls has closed. A call in it is lost now, offers at the end of the lease. */
export function pageClosed(
  move: Move,
  { agent: name, until, from }: Extract<DeskFact, { kind: 'page closed' }>,
): void {
  const agent = move.desk.agents.get(name);
  if (agent === undefined || agent.page === null) return;
  const isElsewhere = agent.feedAt !== null && from !== undefined && agent.feedAt !== from.server;
  if (isElsewhere || (from !== undefined && agent.page.tab !== from.tab)) return;
  const reservation = reservationOf(move.desk, name);
  if (reservation !== undefined && isDialler(move, reservation)) {
    move.record({ kind: 'page', agent: name, page: null, until: 0 });
    diallerLeft(move, reservation);
  } else if (reservation?.state === 'connected' && reservation.role === 'agent') agentLost(move, reservation);
  else if (reservation?.state === 'connected') {
    move.record({ kind: 'page', agent: name, page: null, until: 0 });
    memberLeft(move, reservation);
  } else if (until < agent.pageUntil) move.record({ kind: 'page', agent: name, page: agent.page, until });
}
