import { endByDesk } from './agents.ts';
import { type CauseCode, explain } from './causes.ts';
import type { Control, Party, Person, Refusal, SupervisionMode } from './controls.ts';
import { type DeskCall, offersOf, type Reservation, reservationOf } from './desk.ts';
import type { DeskFact } from './events.ts';
import {
  canTakeOver,
  failed,
  guestGone,
  guestNotReached,
  MOVE_SECONDS,
  memberLeft,
  moveGuest,
  nameOf,
  notCallable,
  takeOver,
} from './members.ts';
import { beginWrapUp, type Move, rescind, SETUP_SECONDS } from './move.ts';
import { dialable } from './outbound.ts';
import { spokenSeconds } from './script.ts';

/*
 * What agents and supervisors do in a call. Each is decided at once, and refused in words where the call is in no state
 * for it; the platform follows by effects, and what it does not do is undone, with words.
 */

/** Seconds that a telephone is rung that is called into a call. */
export const OUTSIDE_RING_SECONDS = 30;
/** Seconds that it may be called in all. */
const OUTSIDE_SECONDS = 45;

export function control(move: Move, fact: Extract<DeskFact, { kind: 'control' }>): Refusal | null {
  const { by, control: wanted, mayControl } = fact;
  const call = move.call(fact.call);
  if (call === undefined) return { status: 404, ...explain('no such call') };
  const over = whyOver(call);
  switch (wanted.action) {
    case 'supervise':
    case 'leave':
    case 'end':
    case 'move':
      if (!mayControl) return { status: 403, ...explain('supervisors only') };
      return over ?? supervise(move, call, by, wanted);
  }
  if (over !== null) return over;
  const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  if (reservation?.agent !== by) return notHers(move, call, by, reservation);
  if (reservation.state !== 'connected') return not('not connected');
  return inCall(move, call, reservation, wanted);
}

function not(code: CauseCode, name?: string): Refusal {
  return { status: 409, ...explain(code, name) };
}

function whyOver({ stage, leftOnHold, endedBy }: DeskCall): Refusal | null {
  if (stage !== 'leaving' && stage !== 'ended') return null;
  if (leftOnHold) return not('caller left on hold');
  return not(endedBy === 'caller' ? 'caller left' : 'call over');
}

function notHers(move: Move, call: DeskCall, by: string, main: Reservation | undefined): Refusal {
  const own = reservationOf(move.desk, by);
  if (own?.call !== call.id) return { status: 403, ...explain('call of another') };
  return own.role === 'consult' && main !== undefined
    ? { status: 403, ...explain('call of', main.agent) }
    : not('no longer in call');
}

type AgentControl = Exclude<Control, { action: 'supervise' | 'leave' | 'end' | 'move' }>;

/** What the agent does who has the caller. */
function inCall(move: Move, call: DeskCall, reservation: Reservation, wanted: AgentControl): Refusal | null {
  switch (wanted.action) {
    case 'hold':
      return hold(move, call, reservation);
    case 'resume':
      return resume(move, call, reservation);
    case 'transfer':
      return transfer(move, call, reservation, wanted.to);
    case 'consult':
      return consult(move, call, reservation, wanted.to);
    case 'swap':
      return swap(move, call);
    case 'merge':
      return merge(move, call);
    case 'complete':
      return complete(move, call, reservation);
    case 'cancel':
      if (call.guest === null) return noGuest(move, call, reservation);
      guestGone(move, call, null);
      return null;
    case 'say':
      return say(move, call, reservation, wanted.phrase);
    case 'record':
      return record(move, call, reservation, wanted.on);
  }
}

function hold(move: Move, call: DeskCall, { id, agent }: Reservation): Refusal | null {
  if (call.stage === 'held') return not('already on hold');
  if (call.guest !== null && call.guest.state !== 'talking') {
    return not('swap first', nameOf(call.guest.to));
  }
  move.record({ kind: 'held', reservation: id, call: call.id, agent, until: move.in(MOVE_SECONDS) });
  move.effects.push({ kind: 'transfer', call: call.id });
  return null;
}

function resume(move: Move, call: DeskCall, { id, agent }: Reservation): Refusal | null {
  if (call.stage !== 'held') return not('not on hold');
  if (call.guest !== null) {
    return not('would hear', nameOf(call.guest.to));
  }
  move.record({ kind: 'resumed', reservation: id, call: call.id, agent, until: move.in(MOVE_SECONDS) });
  move.effects.push({ kind: 'transfer', call: call.id });
  return null;
}

/** Who can be called now; or why not. */
function target(move: Move, by: string, to: Party): Refusal | { to: Party } {
  const { rules, isOpen } = move.around;
  if ('queue' in to) {
    const queue = Object.hasOwn(rules.queues, to.queue) ? rules.queues[to.queue] : undefined;
    if (queue === undefined) return { status: 404, ...explain('no such queue') };
    return isOpen(queue) ? { to } : not('queue closed', to.queue);
  }
  if ('number' in to) {
    const found = dialable(to.number, rules.outbound);
    return 'reason' in found ? { status: 403, ...explain(found.reason) } : { to: found };
  }
  if (to.agent === by) return not('you');
  if (!move.desk.agents.has(to.agent)) return { status: 404, ...explain('no such agent') };
  const code = notCallable(move, to.agent);
  return code === null ? { to } : not(code, to.agent);
}

function transfer(move: Move, call: DeskCall, reservation: Reservation, wanted: Party): Refusal | null {
  if (call.guest !== null) {
    return not('complete first', nameOf(call.guest.to));
  }
  const found = target(move, reservation.agent, wanted);
  if ('status' in found) return found;
  const { to } = found;
  const { id, agent } = reservation;
  const queue = 'queue' in to ? to.queue : call.queue;
  const until = move.in(SETUP_SECONDS);
  move.record({ kind: 'transferred', reservation: id, call: call.id, agent, to, queue, until });
  // The caller is moved first: alone in a conversation she would hear nothing.
  move.effects.push({ kind: 'transfer', call: call.id });
  if ('number' in to) callOutside(move, call, agent, to.number, 'transfer');
  move.hangUp(reservation);
  beginWrapUp(move, reservation, 'transferred');
  return null;
}

function callOutside(
  move: Move,
  { id }: DeskCall,
  by: string,
  number: string,
  purpose: 'consult' | 'transfer',
): void {
  const guest = `out${move.around.newId()}`;
  const until = move.in(OUTSIDE_SECONDS);
  move.record({ kind: 'guest called', call: id, guest, to: { number }, by, purpose, until });
  move.effects.push({ kind: 'call number', call: id, guest, number });
}

function consult(move: Move, call: DeskCall, reservation: Reservation, wanted: Person): Refusal | null {
  if (call.guest !== null) return not('in call already', nameOf(call.guest.to));
  const found = target(move, reservation.agent, wanted);
  if ('status' in found) return found;
  const { to } = found;
  const by = reservation.agent;
  if (call.stage !== 'held') hold(move, call, reservation);
  if ('number' in to) callOutside(move, call, by, to.number, 'consult');
  else if ('agent' in to) {
    const guest = offer(move, call, to.agent, { role: 'consult' });
    move.record({ kind: 'guest called', call: call.id, guest, to, by, purpose: 'consult', until: null });
  }
  return null;
}

/** Calls an agent into a call, beside the one who has it. */
function offer(
  move: Move,
  { id }: DeskCall,
  agent: string,
  as: { role: 'consult' } | { role: 'supervise'; supervision: { mode: SupervisionMode; private: boolean } },
): string {
  const reservation = move.around.newId();
  const until = move.in(SETUP_SECONDS);
  const why = { candidates: [], passedOver: [] };
  move.record({ kind: 'offered', reservation, call: id, agent, why, until, ...as });
  move.effects.push({ kind: 'create leg', reservation });
  return reservation;
}

/** Why nobody is consulted: perhaps because somebody has just left. */
function noGuest(move: Move, { id }: DeskCall, { agent }: Reservation): Refusal {
  const failure = move.desk.agents.get(agent)?.lastFailure;
  const cause = failure?.call === id && failure.action === 'consult' ? failure.cause : undefined;
  return cause === undefined ? not('nobody else') : not(cause.code, cause.name ?? undefined);
}

function ready(move: Move, call: DeskCall): Refusal | null {
  const { guest } = call;
  const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  if (guest === null) {
    return reservation === undefined ? not('nobody else') : noGuest(move, call, reservation);
  }
  return canTakeOver(call) ? null : not('not answered yet', nameOf(guest.to));
}

function swap(move: Move, call: DeskCall): Refusal | null {
  const refusal = ready(move, call);
  if (refusal !== null || call.guest === null) return refusal;
  if (call.stage === 'talking' && call.guest.state === 'talking') return not('all in call');
  const held = call.stage === 'held' ? 'guest' : 'caller';
  const until = move.in(MOVE_SECONDS);
  move.record({ kind: 'swapped', call: call.id, by: call.guest.by, held, until });
  // Whoever is to hear less is moved first.
  if (held === 'guest') moveGuest(move, call);
  move.effects.push({ kind: 'transfer', call: call.id });
  if (held === 'caller') moveGuest(move, call);
  return null;
}

function merge(move: Move, call: DeskCall): Refusal | null {
  const refusal = ready(move, call);
  if (refusal !== null || call.guest === null) return refusal;
  const isHeld = call.stage === 'held';
  if (!isHeld && call.guest.state === 'talking') return not('all in call');
  const until = isHeld ? move.in(MOVE_SECONDS) : null;
  move.record({ kind: 'merged', call: call.id, by: call.guest.by, until });
  if (isHeld) move.effects.push({ kind: 'transfer', call: call.id });
  if (call.guest.state === 'held') moveGuest(move, call);
  return null;
}

function complete(move: Move, call: DeskCall, reservation: Reservation): Refusal | null {
  const refusal = ready(move, call);
  if (refusal !== null) return refusal;
  takeOver(move, call);
  move.hangUp(reservation);
  beginWrapUp(move, reservation, 'transferred');
  return null;
}

function say(move: Move, call: DeskCall, { agent }: Reservation, phrase: string): Refusal | null {
  const { phrases } = move.around.rules;
  const text = Object.hasOwn(phrases, phrase) ? phrases[phrase] : undefined;
  if (text === undefined) return { status: 404, ...explain('no such phrase') };
  if (call.stage !== 'talking') return not('on hold');
  move.record({ kind: 'said', call: call.id, by: agent, phrase });
  move.effects.push({ kind: 'say', call: call.id, agent, text });
  return null;
}

function record(move: Move, call: DeskCall, { agent: by }: Reservation, on: boolean): Refusal | null {
  if (move.queue(call)?.recording !== true) {
    return { status: 403, ...explain('no recordings') };
  }
  const { state } = call.recording;
  if (on) {
    if (state !== 'off') return not('already recorded');
    if (call.stage !== 'talking') return not('on hold');
    const text = move.around.craft.texts.recordingStarts;
    const until = move.in(spokenSeconds(text));
    move.record({ kind: 'recording', call: call.id, by, state: 'announced', until });
    move.effects.push({ kind: 'say', call: call.id, agent: by, text });
    return null;
  }
  if (state === 'off') return not('not recorded');
  move.record({ kind: 'recording', call: call.id, by, state: 'off', until: null });
  if (state === 'on') moveAll(move, call.id);
  return null;
}

/** The caller has been told: everybody goes to a conversation that is recorded. */
function beginRecording(move: Move, { id, reservation }: DeskCall): void {
  const by = (reservation === null ? undefined : move.desk.reservations.get(reservation)?.agent) ?? '';
  move.record({ kind: 'recording', call: id, by, state: 'on', until: null });
  moveAll(move, id);
}

function moveAll(move: Move, id: string): void {
  const call = move.call(id);
  if (call === undefined) return;
  if (call.stage === 'talking') {
    move.record({ kind: 'caller moving', call: id, until: move.in(MOVE_SECONDS) });
    move.effects.push({ kind: 'transfer', call: id });
  }
  for (const { id: reservation, call: of, state } of move.desk.reservations.values()) {
    if (of === id && state === 'connected') move.effects.push({ kind: 'move leg', reservation });
  }
  if (call.guest !== null && 'number' in call.guest.to && canTakeOver(call)) moveGuest(move, call);
}

type SupervisorControl = Exclude<Control, AgentControl>;

function supervise(move: Move, call: DeskCall, by: string, wanted: SupervisorControl): Refusal | null {
  switch (wanted.action) {
    case 'supervise':
      return join(move, call, by, { mode: wanted.mode, private: wanted.private ?? false });
    case 'leave': {
      const own = reservationOf(move.desk, by);
      if (own?.role !== 'supervise' || own.call !== call.id) return not('not supervised');
      memberLeft(move, own);
      return null;
    }
    case 'end':
      endByDesk(move, call);
      return null;
    case 'move':
      return moveWaiting(move, call, wanted.to);
  }
}

function join(
  move: Move,
  call: DeskCall,
  by: string,
  supervision: { mode: SupervisionMode; private: boolean },
): Refusal | null {
  const own = reservationOf(move.desk, by);
  if (own?.role === 'supervise' && own.call === call.id) {
    move.record({ kind: 'supervision', reservation: own.id, call: call.id, agent: by, supervision });
    if (own.state === 'connected' && own.supervision?.mode !== supervision.mode) {
      move.effects.push({ kind: 'move leg', reservation: own.id });
    }
    return null;
  }
  if (own?.call === call.id && own.state !== 'wrapping') return not('own call');
  if (call.stage !== 'talking' && call.stage !== 'held') return not('nobody talks');
  const agent = move.desk.agents.get(by);
  if (agent === undefined) return not('no line');
  // A supervisor need not be available to callers.
  const code = own === undefined ? lineFault(move, by) : 'you in another call';
  if (code !== null) return not(code);
  offer(move, call, by, { role: 'supervise', supervision });
  return null;
}

function lineFault(move: Move, name: string): CauseCode | null {
  const agent = move.desk.agents.get(name);
  const page = agent?.page;
  return page == null || page.line === 'down' ? 'line down' : null;
}

function moveWaiting(move: Move, call: DeskCall, to: { queue: string } | 'front'): Refusal | null {
  if (call.stage !== 'waiting') return not('not waiting');
  if (to === 'front') {
    move.record({ kind: 'moved ahead', call: call.id });
    return null;
  }
  if (!Object.hasOwn(move.around.rules.queues, to.queue)) {
    return { status: 404, ...explain('no such queue') };
  }
  if (to.queue === call.queue) return not('same queue');
  rescind(move, offersOf(move.desk, call.id), 'supervisor');
  move.record({ kind: 'queue chosen', call: call.id, queue: to.queue, moved: true });
  return null;
}

/** The caller could not be moved in time. */
export function callerNotMoved(move: Move, call: DeskCall): void {
  const { id, hears, stage } = call;
  const main = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  const isAsked = (stage === 'held') !== (hears === 'hold');
  if (main === undefined || !isAsked) {
    // Somebody waits for her: she is moved again, as long as it takes.
    move.record({ kind: 'caller moving', call: id, until: move.in(MOVE_SECONDS) });
    move.effects.push({ kind: 'transfer', call: id });
    return;
  }
  move.record({ kind: 'caller not moved', call: id });
  if (stage === 'held') failed(move, call, main.agent, 'hold', explain('not put on hold'));
  else failed(move, call, main.agent, 'resume', explain('not taken off hold'));
}

/** Seconds after which a caller is moved again whose move failed: not at once, for the way of answers may be broken. */
const AGAIN_SECONDS = 1;

/** The platform was not told where the caller belongs. A call that is leaving is hung up in any case. */
export function moveFailed(move: Move, id: string): void {
  const stage = move.call(id)?.stage;
  if (stage === undefined || stage === 'leaving' || stage === 'ended') return;
  move.record({ kind: 'caller moving', call: id, until: move.in(AGAIN_SECONDS) });
}

/** Seconds on hold after which the agent and the wall are told. */
const HOLD_SECONDS = { alert: 120, alarm: 180 } as const;

/** What becomes of a call by itself, because time has passed. */
export function controlTimePassed(move: Move): void {
  for (const { id } of move.desk.calls.values()) {
    const call = move.call(id);
    if (call === undefined || dueInCall(call) > move.now) continue;
    const { held, reservation, guest, recording } = call;
    if (held !== null && warningDue(held) <= move.now) {
      const agent = reservation === null ? undefined : move.desk.reservations.get(reservation)?.agent;
      const warning = move.now - held.since >= HOLD_SECONDS.alarm * 1000 ? 'alarm' : 'alert';
      if (agent !== undefined) move.record({ kind: 'hold warned', call: id, agent, warning });
    }
    if (recording.until !== null && recording.until <= move.now) beginRecording(move, call);
    if (guest !== null && guest.until !== null && guest.until <= move.now) {
      guestNotReached(move, call, 'no answer');
    }
    const after = move.call(id);
    if (after?.movingUntil != null && after.movingUntil <= move.now) callerNotMoved(move, after);
  }
}

/** When something of this happens next in a call; infinity: nothing. */
export function dueInCall({ held, movingUntil, guest, recording, stage }: DeskCall): number {
  if (stage === 'leaving' || stage === 'ended') return Infinity;
  return Math.min(
    held === null ? Infinity : warningDue(held),
    movingUntil ?? Infinity,
    guest?.until ?? Infinity,
    recording.until ?? Infinity,
  );
}

function warningDue({ since, warned }: NonNullable<DeskCall['held']>): number {
  if (warned === 'alarm') return Infinity;
  return since + HOLD_SECONDS[warned === null ? 'alert' : 'alarm'] * 1000;
}
