import type { Ncco } from '../ncco/ncco.ts';
import { type CauseCode, type Explained, explain } from './causes.ts';
import type { FailedAction, Party } from './controls.ts';
import { type DeskCall, isOffer, isOpen, type Reservation, reservationOf } from './desk.ts';
import type { DeskFact, GuestLegStatus } from './events.ts';
import { unringable } from './matching.ts';
import { beginWrapUp, endOffer, endOutside, freeAgain, type Move } from './move.ts';
import { conversation, guestHold, lastWords } from './script.ts';

/*
 * Who is in a call besides the caller and her agent: somebody who is consulted or gets the call, and supervisors.
 */

/** Seconds within which a leg must have been moved. */
export const MOVE_SECONDS = 10;

/** Where the leg of an agent belongs who is consulted, or supervises. */
export function memberAnswered(move: Move, reservation: Reservation, call: DeskCall, leg: string): Ncco {
  const { id, agent, role } = reservation;
  const isOver = call.stage === 'leaving' || call.stage === 'ended';
  const isGuest = role !== 'consult' || call.guest?.id === id;
  const isSameLeg = reservation.leg === null || reservation.leg === leg;
  const isIn = reservation.state === 'connected';
  if (isOver || !isGuest || !isSameLeg || !(isIn || isOffer(reservation))) return gone(move);
  if (!isIn) move.record({ kind: 'joined', reservation: id, call: call.id, agent, leg });
  if (role === 'consult') return whereGuest(move, call.id);
  if (reservation.supervision?.mode === 'barge') return conversation(call);
  if (reservation.supervision?.mode === 'listen') return conversation(call, []);
  const heardBy = agentLegOf(move, call);
  move.record({ kind: 'whispers to', reservation: id, call: call.id, agent, leg: heardBy });
  return conversation(call, heardBy === null ? [] : [heardBy]);
}

/** The telephone that was called into a call was answered, or asks again where it belongs. */
export function guestAnswered(move: Move, id: string, guestId: string, leg: string): Ncco {
  const call = move.call(id);
  const guest = call?.guest;
  if (call === undefined || guest?.id !== guestId || 'agent' in guest.to) return gone(move);
  if (guest.leg !== null && guest.leg !== leg) return gone(move);
  if (guest.state === 'calling' || guest.state === 'ringing') {
    const until = guest.purpose === 'transfer' ? move.in(MOVE_SECONDS) : null;
    move.record({ kind: 'guest joined', call: id, guest: guestId, leg, until });
    if (guest.purpose === 'transfer') move.effects.push({ kind: 'transfer', call: id });
  }
  return whereGuest(move, id);
}

function whereGuest(move: Move, id: string): Ncco {
  const call = move.call(id);
  if (call === undefined) return gone(move);
  return call.guest?.state === 'held' ? guestHold(move.queue(call), move.around.craft) : conversation(call);
}

function gone({ around }: Move): Ncco {
  return lastWords(around.craft.texts.callGone, around.craft);
}

/** The leg of the agent who has the caller. */
function agentLegOf(move: Move, { reservation }: DeskCall): string | null {
  const main = reservation === null ? undefined : move.desk.reservations.get(reservation);
  return main?.state === 'connected' ? main.leg : null;
}

/** What is heard of the telephone that was called into a call. */
export function guestLeg(
  move: Move,
  { call: id, guest: guestId, leg, is }: Extract<DeskFact, { kind: 'guest leg' }>,
): void {
  const call = move.call(id);
  const guest = call?.guest;
  if (call === undefined || guest?.id !== guestId || 'agent' in guest.to) {
    // It was given up before its leg was known.
    if (is === 'started' && leg !== null)
      move.effects.push({ kind: 'hang up', leg, regionUrl: null, of: id });
    return;
  }
  if (leg !== null && guest.leg !== null && leg !== guest.leg) return;
  const isCalled = guest.state === 'calling' || guest.state === 'ringing';
  if (is === 'started' || is === 'ringing') {
    const state = isCalled && is === 'ringing' ? 'ringing' : guest.state;
    if (guest.leg === null || state !== guest.state) {
      move.record({ kind: 'guest is', call: id, guest: guestId, leg: guest.leg ?? leg, state });
    }
  } else if (isCalled) guestNotReached(move, call, REACHED_NOT[is]);
  else guestHungUp(move, call);
}

const REACHED_NOT: Record<Exclude<GuestLegStatus, 'started' | 'ringing'>, CauseCode> = {
  busy: 'busy',
  declined: 'declined',
  'no answer': 'no answer',
  unreachable: 'unreachable',
  ended: 'unreachable',
};

/** Who was called did not come. */
export function guestNotReached(move: Move, call: DeskCall, code: CauseCode): void {
  const { guest } = call;
  if (guest === null) return;
  if (guest.purpose === 'consult') guestGone(move, call, code);
  else {
    hangUpGuest(move, call);
    const { by, to } = guest;
    move.record({ kind: 'transfer failed', call: call.id, by, to, ...explain(code, nameOf(to)) });
    endWrapUpOf(move, guest.by, call.id);
  }
}

/** Who was brought into the call has left it. */
function guestHungUp(move: Move, call: DeskCall): void {
  const { guest } = call;
  if (guest?.purpose === 'transfer') endOutside(move, call);
  else if (guest != null) {
    // In a conference nothing has failed.
    const isConsult = call.stage === 'held' || guest.state === 'held';
    guestGone(move, call, isConsult ? 'hung up' : null);
  }
}

/** Takes somebody who was consulted out of the call. @param code why, for the agent; null: she knows */
export function guestGone(move: Move, call: DeskCall, code: CauseCode | null): void {
  const { guest, id } = call;
  if (guest === null) return;
  move.record({ kind: 'guest left', call: id, guest: guest.id });
  if (code !== null) failed(move, call, guest.by, 'consult', explain(code, nameOf(guest.to)));
  const reservation = move.desk.reservations.get(guest.id);
  if (reservation !== undefined) dismiss(move, reservation);
  hangUpGuest(move, call);
}

function hangUpGuest(move: Move, { id, guest }: DeskCall): void {
  if (guest?.leg != null) move.effects.push({ kind: 'hang up', leg: guest.leg, regionUrl: null, of: id });
}

/** Ends the part in a call of an agent who is consulted or supervises; who met the caller wraps up. */
function dismiss(move: Move, reservation: Reservation): void {
  if (isOffer(reservation)) {
    endOffer(move, reservation, 'rescinded', 'caller');
    move.hangUp(reservation);
  } else if (reservation.state === 'connected') {
    move.hangUp(reservation);
    if (reservation.connectedAt === null) freeAgain(move, reservation);
    else beginWrapUp(move, reservation, 'caller left');
  }
}

/** The leg of an agent who is consulted, or supervises, is over. */
export function memberLeft(move: Move, reservation: Reservation): void {
  const call = move.call(reservation.call);
  if (call?.guest?.id === reservation.id) guestHungUp(move, call);
  const now = move.desk.reservations.get(reservation.id);
  if (now !== undefined) dismiss(move, now);
}

/** Whether somebody else is in the call who can have it. */
export function canTakeOver({ guest }: DeskCall): boolean {
  return guest?.purpose === 'consult' && (guest.state === 'talking' || guest.state === 'held');
}

/** Who was consulted has the caller from now on. */
export function takeOver(move: Move, call: DeskCall): void {
  const { id, guest, stage } = call;
  if (guest === null) return;
  const isHeld = stage === 'held';
  const until = isHeld ? move.in(MOVE_SECONDS) : null;
  const who = 'agent' in guest.to ? { reservation: guest.id, agent: guest.to.agent } : { reservation: null };
  move.record({ kind: 'taken over', call: id, from: guest.by, ...who, until });
  if (isHeld) move.effects.push({ kind: 'transfer', call: id });
  if (guest.state === 'held') moveGuest(move, call);
}

/** The leg of who is consulted asks anew where it belongs. */
export function moveGuest(move: Move, { id, guest }: DeskCall): void {
  if (guest === null) return;
  move.effects.push(
    'agent' in guest.to
      ? { kind: 'move leg', reservation: guest.id }
      : { kind: 'move guest', call: id, guest: guest.id },
  );
}

/** Somebody could not be moved into or out of a hold loop: she is where she was. */
export function guestNotMoved(move: Move, call: DeskCall): void {
  const { guest, id } = call;
  if (guest === null) return;
  const state = guest.state === 'held' ? 'talking' : 'held';
  move.record({ kind: 'guest is', call: id, guest: guest.id, leg: guest.leg, state });
  failed(move, call, guest.by, 'swap', explain(GUEST_MOVES[state], nameOf(guest.to)));
}

const GUEST_MOVES = { talking: 'guest not put on hold', held: 'guest not taken off hold' } as const;

export function failed(
  move: Move,
  { id }: Pick<DeskCall, 'id'>,
  by: string,
  action: FailedAction,
  why: Explained,
): void {
  move.record({ kind: 'control failed', call: id, by, action, ...why });
}

export function nameOf(to: Party): string {
  if ('agent' in to) return to.agent;
  return 'number' in to ? to.number : to.queue;
}

/**
 * Brings everybody in line with what has just happened: guests whose offers ended, transfers that reached nobody,
 * members of calls that are over, whispers to an agent who has left. Returns whether anything changed.
 */
export function follow(move: Move): boolean {
  const before = move.events.length;
  for (const { id, guest, transfer } of move.desk.calls.values()) {
    if (guest !== null) followGuest(move, id);
    if (transfer !== null) followTransfer(move, id);
  }
  for (const { id, role } of move.desk.reservations.values()) {
    if (role === 'supervise') followSupervisor(move, id);
    else if (role === 'consult') followConsulted(move, id);
  }
  return move.events.length > before;
}

function followGuest(move: Move, id: string): void {
  const call = move.call(id);
  if (call?.guest == null) return;
  if (call.stage === 'leaving' || call.stage === 'ended') guestGone(move, call, null);
  else if ('agent' in call.guest.to && call.guest.purpose === 'consult') {
    const reservation = move.desk.reservations.get(call.guest.id);
    if (reservation === undefined || !isOpen(reservation)) {
      guestGone(move, call, notTaken(reservation?.state));
    }
  }
}

/** A transfer to an agent who does not take the call goes back, then to the head of the queue. */
function followTransfer(move: Move, id: string): void {
  const call = move.call(id);
  if (call?.transfer == null || call.stage !== 'waiting') return;
  const { to, by, isComingBack } = call.transfer;
  if (!isComingBack && !('agent' in to)) return;
  const isOffered = [...move.desk.reservations.values()].some((each) => each.call === id && isOffer(each));
  if (isOffered) return;
  if (isComingBack) {
    move.record({ kind: 'moved ahead', call: id });
    return;
  }
  const lastOffer = move.desk.agents.get(nameOf(to))?.lastOffer;
  const code = notTaken(lastOffer?.call === id ? lastOffer.as : undefined);
  move.record({ kind: 'transfer failed', call: id, by, to, ...explain(code, nameOf(to)) });
  endWrapUpOf(move, by, id);
}

/** An agent gets back the caller whom she still wraps up. */
function endWrapUpOf(move: Move, agent: string, call: string): void {
  const reservation = reservationOf(move.desk, agent);
  if (reservation?.state === 'wrapping' && reservation.call === call) freeAgain(move, reservation);
}

function notTaken(as: Reservation['state'] | undefined): CauseCode {
  switch (as) {
    case 'rejected':
      return 'declined';
    case 'timeout':
      return 'no answer';
    case 'rescinded':
      return 'unavailable';
    default:
      return 'unreachable';
  }
}

/** Somebody who is no longer the guest of her call. */
function followConsulted(move: Move, id: string): void {
  const reservation = move.desk.reservations.get(id);
  if (reservation?.role !== 'consult' || !isOpen(reservation) || reservation.state === 'wrapping') return;
  if (move.call(reservation.call)?.guest?.id !== id) dismiss(move, reservation);
}

/** A supervisor leaves with the call, and whispers to whoever has it. */
function followSupervisor(move: Move, id: string): void {
  const reservation = move.desk.reservations.get(id);
  if (reservation === undefined || !isOpen(reservation) || reservation.state === 'wrapping') return;
  const call = move.call(reservation.call);
  if (call === undefined || call.stage === 'leaving' || call.stage === 'ended') {
    dismiss(move, reservation);
    return;
  }
  if (reservation.state !== 'connected' || reservation.supervision?.mode !== 'whisper') return;
  const leg = agentLegOf(move, call);
  if (leg === null || leg === reservation.whispersTo) return;
  move.record({ kind: 'whispers to', reservation: id, call: call.id, agent: reservation.agent, leg });
  move.effects.push({ kind: 'move leg', reservation: id });
}

/** Why an agent cannot be called now; null if she can. */
export function notCallable(move: Move, name: string): CauseCode | null {
  const agent = move.desk.agents.get(name);
  if (agent === undefined) return 'unreachable';
  const because = unringable(agent, reservationOf(move.desk, name), move.now);
  switch (because) {
    case null:
      return null;
    case 'busy':
      return 'in another call';
    case 'wrap-up':
      return 'wrapping up';
    case 'away':
    case 'offline':
      return because;
    default:
      return 'not ready';
  }
}
