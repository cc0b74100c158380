import type { Ncco } from '../ncco/ncco.ts';
import {
  addAgents,
  agentAnswered,
  agentLeft,
  agentLeg,
  agentLost,
  agentsChanged,
  askUnanswered,
  chose,
  customerLeg,
  dialed,
  feedOpened,
  isDialler,
  legRequested,
  pageClosed,
  pageReported,
  pageSeen,
  setupFailed,
  wrapUp,
} from './agents.ts';
import {
  callArrived,
  callerEnded,
  cancelCallback,
  menuAnswered,
  messageLeft,
  turnAsked,
  whereTo,
} from './callers.ts';
import { explain } from './causes.ts';
import { callerNotMoved, control, controlTimePassed, dueInCall, moveFailed } from './control.ts';
import type { Refusal } from './controls.ts';
import {
  type Desk,
  type DeskCall,
  isOffer,
  isOpen,
  offersOf,
  type Reservation,
  reservationOf,
} from './desk.ts';
import { agentDials, diallerHangsUp, diallerLeft, diallerOf, isCustomerCalled } from './dialling.ts';
import type { DeskEvent, DeskFact, Effect } from './events.ts';
import { isForeign } from './foreign.ts';
import { isWaiting, match } from './matching.ts';
import {
  failed,
  follow,
  guestAnswered,
  guestLeg,
  guestNotMoved,
  guestNotReached,
  memberLeft,
} from './members.ts';
import { endOffer, freeAgain, Move, rescindOffers, SETUP_SECONDS, type Surroundings } from './move.ts';
import { type DeskRules, queueOf } from './rules.ts';
import { lastWords, TAIL_SECONDS } from './script.ts';

/** What follows from a fact. */
export interface Decision {
  desk: Desk;
  events: readonly DeskEvent[];
  effects: readonly Effect[];
  /** Answer to the webhook that brought the fact, if it asked for one. */
  ncco: Ncco | null;
  /** Why a control is not carried out; null if it is, and for all other facts. */
  refusal: Refusal | null;
}

/** What the desk does about a fact: what is stored, what is done to legs, and what the webhook is answered. */
export function decide(desk: Desk, fact: DeskFact, around: Surroundings): Decision {
  const move = new Move(desk, around);
  const refusal = fact.kind === 'control' ? control(move, fact) : null;
  const ncco = fact.kind === 'control' ? null : answerTo(move, fact);
  offerCalls(move);
  // Whom nobody takes goes back, then to the head of the queue: each may be offered again.
  for (let round = 0; round < MOST_ROUNDS && follow(move); round += 1) offerCalls(move);
  return { desk: move.desk, events: move.events, effects: move.effects, ncco, refusal };
}

const MOST_ROUNDS = 4;

function answerTo(move: Move, fact: NoControl): Ncco | null {
  return isForeign(move.desk, fact) ? refuse(fact, move.around) : respond(move, fact);
}

/** Whoever asks at the address of another leg is told something; events are only acknowledged. */
function refuse({ kind }: DeskFact, { craft }: Surroundings): Ncco | null {
  if (kind === 'agent leg' || kind === 'customer leg') return null;
  return lastWords(craft.texts.apology, craft);
}

type NoControl = Exclude<DeskFact, { kind: 'control' }>;

function respond(move: Move, fact: NoControl): Ncco | null {
  switch (fact.kind) {
    case 'call arrived':
      return callArrived(move, fact.leg, fact);
    case 'menu answered':
      return menuAnswered(move, fact.call, fact.keys);
    case 'turn asked':
      return turnAsked(move, fact);
    case 'next asked':
      knowLeg(move, fact.call, fact.leg ?? null);
      return whereTo(move, fact.call);
    case 'move failed':
      moveFailed(move, fact.call);
      return null;
    case 'agent answered':
      return agentAnswered(move, fact.reservation, fact.leg);
    case 'guest answered':
      return guestAnswered(move, fact.call, fact.guest, fact.leg);
    case 'guest leg':
      guestLeg(move, fact);
      return null;
    case 'agent dials':
      return agentDials(move, fact);
    case 'caller ended': {
      const dialler = diallerOf(move, fact.call);
      const is = fact.hungUp === true ? 'ended by the agent' : 'ended by the platform';
      if (dialler === undefined) callerEnded(move, fact.call);
      else agentLeg(move, dialler.id, fact.call, is);
      return null;
    }
    case 'message left':
      messageLeft(move, fact.call);
      return null;
    case 'callback canceled':
      cancelCallback(move, fact.call, fact.by);
      return null;
    case 'customer leg':
      if (customerLeg(move, fact.call, fact.leg, fact.is)) callerEnded(move, fact.call);
      return null;
    case 'agent leg':
      agentLeg(move, fact.reservation, fact.leg, fact.is);
      return null;
    case 'page seen':
      pageSeen(move, fact.agent, fact.page, fact.until);
      return null;
    case 'feed opened':
      feedOpened(move, fact.agent, fact.tab, fact.server);
      return null;
    case 'page closed':
      pageClosed(move, fact);
      return null;
    case 'chose':
      chose(move, fact.agent, fact.chosen, fact.after);
      return null;
    case 'wrap-up':
      wrapUp(move, fact.agent, fact.does, fact.note ?? {});
      return null;
    case 'agent hung up': {
      const reservation = reservationOf(move.desk, fact.agent);
      // A late report must not end the next call.
      if (reservation?.call !== fact.call) return null;
      if (isDialler(move, reservation)) diallerHangsUp(move, reservation);
      else if (reservation.state !== 'connected') return null;
      else if (reservation.role === 'agent') agentLeft(move, reservation);
      else memberLeft(move, reservation);
      return null;
    }
    case 'page reported':
      pageReported(move, fact);
      return null;
    case 'leg delayed': {
      const reservation = move.desk.reservations.get(fact.reservation);
      if (reservation !== undefined) legRequested(move, reservation, 'not yet', fact.reason);
      return null;
    }
    case 'effect done':
      effectDone(move, fact.effect, fact.outcome);
      return null;
    case 'time passed':
      timePassed(move);
      return null;
    case 'agents changed':
      agentsChanged(move, fact.agents);
      return null;
    case 'server started':
      serverStarted(move, fact.agents, fact.until);
      return null;
    case 'store was slow':
      giveTime(move, fact.until);
      return null;
  }
}

/** The customer of a callback may be here before the platform has said which leg is theirs. */
function knowLeg(move: Move, id: string, leg: string | null): void {
  const call = move.call(id);
  if (leg === null || call === undefined || call.leg !== null) return;
  move.record({ kind: 'customer called', call: id, leg });
}

function serverStarted(move: Move, agents: readonly string[], until: number): void {
  addAgents(move, agents);
  giveTime(move, until);
  askForEnds(move);
}

/** What could not be heard of meanwhile, pages and legs, gets time to be heard of. */
function giveTime(move: Move, until: number): void {
  for (const { name, page, pageUntil } of move.desk.agents.values()) {
    if (page !== null && pageUntil < until) move.record({ kind: 'page', agent: name, page, until });
  }
  const setUpBy = move.in(SETUP_SECONDS);
  for (const { id, call, agent, state, until: setUp } of move.desk.reservations.values()) {
    if (state !== 'created' && state !== 'accepting') continue;
    if (setUp === null || setUp >= setUpBy) continue;
    move.record({ kind: 'setup prolonged', reservation: id, call, agent, until: setUpBy });
  }
}

/** The end of a leg may have been told while nobody listened: neither caller nor agent may be left alone with it. */
function askForEnds(move: Move): void {
  for (const call of move.desk.calls.values()) {
    const bound = [...move.desk.reservations.values()].filter(
      (each) =>
        each.call === call.id &&
        (isOffer(each) || each.state === 'connected' || each.id === call.reservation),
    );
    // Whom the desk calls asks by himself, once he answers.
    const isOnTheWay = call.stage === 'connecting' && !isCustomerCalled(call);
    if (isBetween(call) || isJustMoved(call, move.now) || isOnTheWay) moveAgain(move, call);
    if (bound.length > 0 || call.guest !== null || mayHaveLeft(call, move.now)) ask(move, call, bound);
  }
}

function effectDone(
  move: Move,
  effect: Effect,
  outcome: Extract<DeskFact, { kind: 'effect done' }>['outcome'],
): void {
  if (effect.kind === 'create leg') {
    const reservation = move.desk.reservations.get(effect.reservation);
    if (reservation === undefined) return;
    if (outcome.is !== 'done') {
      legRequested(move, reservation, 'failed', outcome.is === 'failed' ? outcome.reason : null);
    } else if (isOpen(reservation)) legRequested(move, reservation, 'created', null);
    if (outcome.is === 'done') {
      const others = [...move.desk.reservations.values()].filter(({ id }) => id !== reservation.id);
      const isOfOther = outcome.leg !== null && others.some(({ leg }) => leg === outcome.leg);
      if (reservation.state === 'created') dialed(move, reservation, isOfOther ? null : outcome.leg);
      else if (!isOpen(reservation) && outcome.leg !== null && !isOfOther) {
        move.effects.push({ kind: 'hang up', leg: outcome.leg, regionUrl: null, of: reservation.id });
      }
    } else if (reservation.state === 'created') endOffer(move, reservation, 'canceled', null);
    return;
  }
  if (effect.kind === 'call customer') {
    if (outcome.is === 'done')
      customerLeg(move, effect.call, unlessOfOther(move, effect.call, outcome.leg), 'started');
    else customerLeg(move, effect.call, null, 'unreachable');
    return;
  }
  const call = 'call' in effect ? move.call(effect.call) : undefined;
  switch (effect.kind) {
    case 'transfer':
      if (outcome.is === 'gone') callerEnded(move, effect.call);
      else if (outcome.is === 'failed' && call?.movingUntil != null) callerNotMoved(move, call);
      return;
    case 'move leg': {
      const reservation = move.desk.reservations.get(effect.reservation);
      if (reservation === undefined || outcome.is === 'done') return;
      if (isDialler(move, reservation)) diallerLeft(move, reservation);
      if (reservation.state !== 'connected') return;
      if (outcome.is === 'gone') agentLeg(move, reservation.id, reservation.leg, 'ended by the platform');
      else legNotMoved(move, reservation);
      return;
    }
    case 'call number':
      if (outcome.is === 'done') {
        const { guest, call: id } = effect;
        guestLeg(move, { kind: 'guest leg', call: id, guest, leg: outcome.leg, is: 'started' });
      } else if (call?.guest?.id === effect.guest) {
        guestNotReached(move, call, 'not called');
      }
      return;
    case 'move guest':
      if (call?.guest?.id !== effect.guest || outcome.is === 'done') return;
      if (outcome.is === 'failed') guestNotMoved(move, call);
      else {
        const { guest, call: id } = effect;
        guestLeg(move, { kind: 'guest leg', call: id, guest, leg: null, is: 'ended' });
      }
      return;
    case 'say':
      if (outcome.is === 'failed' && call !== undefined) {
        failed(move, call, effect.agent, 'say', explain('not heard'));
      }
      return;
    case 'look up': {
      const { of } = effect;
      if (outcome.is === 'done' && 'call' in of) takeUpAgain(move, of.call);
      if (outcome.is !== 'gone') return;
      if ('call' in of) callerEnded(move, of.call, outcome.endedAt);
      else if ('reservation' in of) agentLeg(move, of.reservation, effect.leg, 'ended by the platform');
      else {
        const { guest, inCall } = of;
        guestLeg(move, { kind: 'guest leg', call: inCall, guest, leg: effect.leg, is: 'ended' });
      }
    }
  }
}

/** A leg that was found by the number that it calls, unless it is known to be another one's. */
function unlessOfOther({ desk }: Move, id: string, leg: string | null): string | null {
  const others = [...desk.calls.values()].flatMap((each) => [
    each.guest?.leg,
    ...(each.id === id ? [] : [each.leg]),
  ]);
  return leg !== null && others.includes(leg) ? null : leg;
}

/** An agent's leg stays where it was. */
function legNotMoved(move: Move, reservation: Reservation): void {
  const call = move.call(reservation.call);
  if (call === undefined) return;
  if (reservation.role === 'supervise') {
    failed(move, call, reservation.agent, 'supervise', explain('mode not changed'));
  } else if (call.guest?.id === reservation.id) guestNotMoved(move, call);
  // The caller is in another conversation by now, because a recording began or ended.
  else if (reservation.role === 'agent') agentLost(move, reservation);
}

/** A caller who hears the safety tail is asked back to her place, unless she may be leaving a message by now. */
function takeUpAgain(move: Move, id: string): void {
  const call = move.call(id);
  if (call === undefined || call.leg === null || !isWaiting(call) || call.turnBy > move.now) return;
  if (move.now >= call.turnBy + TAIL_SECONDS * 1000) return;
  move.effects.push({ kind: 'transfer', call: id });
}

function timePassed(move: Move): void {
  const { now } = move;
  for (const reservation of move.desk.reservations.values()) {
    if (reservation.until === null || reservation.until > now) continue;
    switch (reservation.state) {
      case 'created':
        endOffer(move, reservation, 'canceled', null);
        break;
      case 'dialing':
      case 'ringing':
        endOffer(move, reservation, 'timeout', null);
        move.hangUp(reservation);
        askUnanswered(move, reservation.agent);
        break;
      case 'accepting':
        setupFailed(move, reservation);
        break;
      case 'wrapping':
        freeAgain(move, reservation);
        break;
      default:
    }
  }
  for (const { name, page, pageUntil } of move.desk.agents.values()) {
    if (page === null || pageUntil > now) continue;
    move.record({ kind: 'page', agent: name, page: null, until: 0 });
    rescindOffers(move, name, 'line');
  }
  for (const call of move.desk.calls.values()) {
    if (isBetween(call) && call.since + MOVED_MS <= move.now) moveAgain(move, call);
  }
  controlTimePassed(move);
  askAboutSilentLegs(move);
  for (const { id, keptFor, stage } of move.desk.calls.values()) {
    if (stage === 'waiting' && keptFor !== null && keptFor.until <= now) {
      move.record({ kind: 'waits again', call: id });
    }
  }
}

/** Milliseconds within which a caller who is moved away from an agent asks where she belongs. */
const MOVED_MS = 3_000;

/** Whether a caller was taken from an agent and has not asked where she belongs: until then she hears nothing. */
function isBetween({ stage, leg, heardAt, since }: DeskCall): boolean {
  return stage === 'waiting' && leg !== null && heardAt < since;
}

/** Milliseconds within which an answer may have been decided, but not sent, when a server died. */
const UNSENT_MS = 5_000;

/** Whether a caller, away from an agent, asked where she belongs so shortly ago that she may not have been told. */
function isJustMoved({ stage, leg, heardAt, answeredAt }: DeskCall, now: number): boolean {
  const isAway = (stage === 'waiting' || stage === 'held') && answeredAt !== null;
  return isAway && leg !== null && now - heardAt <= UNSENT_MS;
}

/** The platform moved the caller, but its question may have found nobody. */
function moveAgain(move: Move, { id }: DeskCall): void {
  move.record({ kind: 'asked', call: id, reservation: null });
  move.effects.push({ kind: 'transfer', call: id });
}

/** Whether a caller's end may have come while no server listened. Whoever waits, and whose turn is to come, is there. */
function mayHaveLeft({ stage, leg, turnBy }: DeskCall, now: number): boolean {
  return leg !== null && stage !== 'ended' && (stage !== 'waiting' || turnBy <= now);
}

/** Asks the platform about legs of which nothing was heard for long: their last event may be lost. */
function askAboutSilentLegs(move: Move): void {
  for (const call of move.desk.calls.values()) {
    if (lookAt(call) > move.now) continue;
    const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
    const members = [...move.desk.reservations.values()].filter(
      (each) => each.call === call.id && each.state === 'connected' && each.id !== reservation?.id,
    );
    ask(move, call, reservation === undefined ? members : [reservation, ...members]);
  }
}

/** Asks the platform whether the legs of a call, and of agents who are bound to it, are alive. */
function ask(
  move: Move,
  { id, leg, regionUrl, guest }: DeskCall,
  reservations: readonly Reservation[],
): void {
  move.record({ kind: 'asked', call: id, reservation: null });
  if (leg !== null) move.effects.push({ kind: 'look up', leg, regionUrl, of: { call: id } });
  if (guest?.leg != null && guest.until === null) {
    const of = { guest: guest.id, inCall: id };
    move.effects.push({ kind: 'look up', leg: guest.leg, regionUrl: null, of });
  }
  for (const each of reservations) {
    if (each.leg === null) continue;
    move.record({ kind: 'asked', call: id, reservation: each.id });
    const { leg: agentLeg, legRegionUrl } = each;
    move.effects.push({
      kind: 'look up',
      leg: agentLeg,
      regionUrl: legRegionUrl,
      of: { reservation: each.id },
    });
  }
}

/** When the platform is to be asked about a call's legs. */
function lookAt({ stage, leg, heardAt, turnBy }: DeskCall): number {
  const isTaken = stage === 'talking' || stage === 'held';
  // An agent may be with a customer whose leg is not known.
  if (stage === 'ended' || (leg === null && !isTaken)) return Infinity;
  const quietSeconds = isTaken ? LOOK_SECONDS.talking : LOOK_SECONDS.others;
  const since = stage === 'waiting' ? Math.max(heardAt, turnBy) : heardAt;
  return since + quietSeconds * 1000;
}

/** Seconds without news of a leg after which the platform is asked. */
const LOOK_SECONDS = { talking: 30, others: 60 } as const;

const DAY_MS = 86_400_000;

/** Nobody is called back while the queue is closed. */
function putOffCallbacks(move: Move): void {
  for (const call of move.desk.calls.values()) {
    if (call.kind !== 'callback' || !isWaiting(call) || call.notBefore > move.now) continue;
    const queue = move.queue(call);
    if (queue === undefined || move.around.isOpen(queue)) continue;
    const notBefore = move.around.opensAt(queue) ?? move.now + DAY_MS;
    move.record({ kind: 'callback put off', call: call.id, notBefore });
  }
}

/** Rings the agents whom the rules choose. */
function offerCalls(move: Move): void {
  putOffCallbacks(move);
  for (const { call, agent, why } of match(move.desk, move.around.rules, move.now)) {
    const reservation = move.around.newId();
    move.record({ kind: 'offered', reservation, call, agent, why, until: move.in(SETUP_SECONDS) });
    move.effects.push({ kind: 'create leg', reservation });
  }
}

/** The next time at which something happens by itself; null: never. */
export function nextDue(desk: Desk, rules: DeskRules, now: number): number | null {
  let due = Infinity;
  for (const { until } of desk.reservations.values()) if (until !== null) due = Math.min(due, until);
  for (const { page, pageUntil } of desk.agents.values()) if (page !== null) due = Math.min(due, pageUntil);
  for (const call of desk.calls.values()) {
    due = Math.min(due, lookAt(call), dueInCall(call));
    if (!isWaiting(call)) continue;
    if (isBetween(call)) due = Math.min(due, call.since + MOVED_MS);
    if (call.kind === 'callback' && call.notBefore > now) due = Math.min(due, call.notBefore);
    if (call.keptFor !== null) due = Math.min(due, call.keptFor.until);
    const queue = queueOf(rules, call.queue);
    if (queue?.addAgentSeconds == null) continue;
    for (const { createdAt } of offersOf(desk, call.id)) {
      // Past that time, one more agent rings as soon as there is one.
      const oneMore = createdAt + queue.addAgentSeconds * 1000;
      if (oneMore > now) due = Math.min(due, oneMore);
    }
  }
  return due === Infinity ? null : due;
}

/** Whether what an effect was meant for still holds. */
export function isStillWanted(desk: Desk, effect: Effect): boolean {
  switch (effect.kind) {
    case 'create leg':
      return desk.reservations.get(effect.reservation)?.state === 'created';
    case 'transfer': {
      const call = desk.calls.get(effect.call);
      // A leg that is not known cannot be moved, which does not mean that it is over.
      if (call === undefined || call.leg === null) return false;
      if (call.stage === 'talking') return call.movingUntil !== null;
      return call.stage === 'connecting' || call.stage === 'waiting' || call.stage === 'held';
    }
    case 'move leg': {
      const state = desk.reservations.get(effect.reservation)?.state;
      return state === 'connected' || state === 'accepting';
    }
    case 'call number':
    case 'move guest':
      return desk.calls.get(effect.call)?.guest?.id === effect.guest;
    case 'say':
      return desk.calls.get(effect.call)?.stage === 'talking';
    case 'call customer':
      return desk.calls.get(effect.call)?.stage === 'connecting';
    case 'hang up':
    case 'look up':
      return true;
  }
}
