import type { Ncco } from '../ncco/ncco.ts';
import { outboundId } from '../webhooks/outbound-id.ts';
import type { DeskCall, DialFailure, Reservation } from './desk.ts';
import { reservationOf } from './desk.ts';
import type { DeskFact } from './events.ts';
import { freeAgain, hangUpCaller, leave, type Move } from './move.ts';
import { readDialled } from './outbound.ts';
import { conversation, type DeskTexts, lastWords } from './script.ts';

/*
 * Calls that an agent dials in her page. Her leg is there first and waits in the conversation of the call; the customer
 * is called into it. In the desk, the customer is the caller of such a call, as of a callback.
 */

/** Seconds in which the customer must have answered: a little longer than the phone rings. */
const CUSTOMER_SECONDS = 50;
/** Seconds in which an agent hears why nobody was reached, unless she hangs up. */
const LAST_WORDS_SECONDS = 10;

/** An agent's leg asks what to do: the number that she dialled is called, or she hears why it is not. */
export function agentDials(move: Move, fact: Extract<DeskFact, { kind: 'agent dials' }>): Ncco {
  const { leg, agent, ours } = fact;
  const { rules, craft } = move.around;
  const call = outboundId(leg);
  if (move.call(call) !== undefined) return whereDialler(move, call);
  if (!move.desk.agents.has(agent)) return lastWords(craft.texts.notDialled, craft);
  const last = reservationOf(move.desk, agent);
  // Who dials again need not hear to the end why nobody was reached.
  if (last !== undefined && hearsWhyNot(move, last)) diallerLeft(move, last);
  const open = reservationOf(move.desk, agent);
  const line = { ours, others: Object.keys(rules.numbers), outbound: rules.outbound };
  const found =
    open === undefined || open.state === 'wrapping' ? readDialled(fact.to ?? '', line) : ALREADY_IN_A_CALL;
  if ('words' in found) {
    move.record({ kind: 'dial failed', call, reservation: null, agent, ...found, until: null });
    return lastWords(craft.texts.notDialled, craft);
  }
  // Whoever calls somebody has done with the call before.
  if (open !== undefined) freeAgain(move, open);
  const queue = Object.values(rules.queues).find(({ agents }) => agents.includes(agent));
  move.record({
    kind: 'agent dialed',
    call,
    reservation: move.around.newId(),
    agent,
    leg,
    legRegionUrl: fact.regionUrl,
    caller: { from: found.number, to: ours, regionUrl: null },
    queue: queue?.name ?? rules.otherNumbers.queue,
    until: move.in(CUSTOMER_SECONDS),
  });
  move.effects.push({ kind: 'call customer', call });
  return whereDialler(move, call);
}

const ALREADY_IN_A_CALL = { reason: 'busy here', words: 'You are in another call already.' } as const;

/** Where the leg belongs that an agent dialled with; it asks again when it is moved. */
export function whereDialler(move: Move, id: string): Ncco {
  const call = move.call(id);
  const { craft } = move.around;
  const dialler = [...move.desk.reservations.values()].find(
    (each) => each.call === id && (each.state === 'accepting' || each.state === 'connected'),
  );
  if (call === undefined || dialler === undefined) return lastWords(craft.texts.callGone, craft);
  if (call.stage !== 'leaving' && call.stage !== 'ended') return conversation(call);
  const failure = move.desk.agents.get(dialler.agent)?.lastFailure;
  const text = failure?.call === id ? SAID[failure.reason ?? 'unreachable'] : 'callGone';
  return lastWords(craft.texts[text], craft);
}

const SAID: Readonly<Record<DialFailure, keyof DeskTexts>> = {
  busy: 'dialledBusy',
  declined: 'dialledNoAnswer',
  'no answer': 'dialledNoAnswer',
  unreachable: 'dialledUnreachable',
  'busy here': 'notDialled',
  'not a number': 'notDialled',
  short: 'notDialled',
  own: 'notDialled',
  'not allowed': 'notDialled',
  premium: 'notDialled',
};

const WORDS: Partial<Record<DialFailure, string>> = {
  busy: 'is busy',
  declined: 'declined the call',
  'no answer': 'did not answer',
};

/** Whether an agent dialled this call, and nobody has answered it yet. */
export function isDialled({ kind, stage }: DeskCall): boolean {
  return kind === 'outbound' && stage === 'connecting';
}

/** Whether the agent is there, and the customer is being called: one whom she dialled, or of a callback. */
export function isCustomerCalled(call: DeskCall): boolean {
  return (
    isDialled(call) || (call.kind === 'callback' && call.stage === 'connecting' && call.hears === 'nothing')
  );
}

/** Whether an agent is only being told that nobody was reached. */
function hearsWhyNot(move: Move, { state, call }: Reservation): boolean {
  const entry = move.call(call);
  return state === 'accepting' && entry?.kind === 'outbound' && entry.stage === 'ended';
}

/** The customer was not reached. The agent is told, and hears it, too. */
export function dialFailed(move: Move, call: DeskCall, reason: DialFailure): void {
  const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  endDialled(move, call, 'desk');
  if (reservation === undefined) return;
  const { id, agent } = reservation;
  const words = `${call.from} ${WORDS[reason] ?? 'could not be reached'}.`;
  const until = move.in(LAST_WORDS_SECONDS);
  move.record({ kind: 'dial failed', call: call.id, reservation: id, agent, reason, words, until });
  move.effects.push({ kind: 'move leg', reservation: id });
}

/** The agent has hung up, or is no longer there, before anybody answered; or she has heard why nobody did. */
export function diallerLeft(move: Move, reservation: Reservation): void {
  const call = move.call(reservation.call);
  if (call !== undefined && isDialled(call)) endDialled(move, call, 'agent');
  move.hangUp(reservation);
  freeAgain(move, reservation);
}

/** The agent hangs up before anybody answered: her page ends her leg, and the desk the rest. */
export function diallerHangsUp(move: Move, { id, call: of, agent }: Reservation): void {
  const call = move.call(of);
  if (call === undefined || !isDialled(call)) return;
  endDialled(move, call, 'agent');
  const until = move.in(LAST_WORDS_SECONDS);
  move.record({ kind: 'setup prolonged', reservation: id, call: of, agent, until });
}

function endDialled(move: Move, { id }: DeskCall, by: 'agent' | 'desk'): void {
  // The phone may ring still.
  hangUpCaller(move, id);
  leave(move, id, 'not reached', by, 'nothing', null);
  move.record({ kind: 'ended', call: id });
}

/** The reservation of the agent who dialled with this leg. */
export function diallerOf(move: Move, leg: string): Reservation | undefined {
  const call = outboundId(leg);
  return [...move.desk.reservations.values()].find((each) => each.call === call && each.leg === leg);
}
