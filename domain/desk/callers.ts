import type { Ncco } from '../ncco/ncco.ts';
import { callbackId } from '../webhooks/identity.ts';
import { agentLost } from './agents.ts';
import { type Agent, type DeskCall, type Exit, type Hears, lineOf, offersOf } from './desk.ts';
import { dialFailed, isDialled } from './dialling.ts';
import type { Caller, DeskFact } from './events.ts';
import { isWaiting, positionOf } from './matching.ts';
import { beginWrapUp, endOffer, leave, type Move, rescind } from './move.ts';
import { type QueueRules, receptionOf } from './rules.ts';
import {
  announcement,
  conversation,
  type DeskTexts,
  lastWords,
  menu,
  TAIL_SECONDS,
  voicemail,
  waitingTurn,
} from './script.ts';

/** Fewest recent calls from which a wait is estimated. */
const FEWEST_SAMPLES = 3;

export function callArrived(move: Move, leg: string, caller: Caller): Ncco {
  const known = move.call(leg);
  if (known !== undefined) return whereTo(move, leg);
  const { rules, craft } = move.around;
  const reception = receptionOf(rules, caller.to);
  const place = keptPlace(move, caller.from);
  enter(move, leg, caller, reception.queue, reception.menu === null ? 'waiting' : 'menu', place);
  if (reception.menu !== null) return menu(leg, reception, craft);
  return enterQueue(move, leg, reception.greeting);
}

/** From when the waiting of a caller counts who was cut off a moment ago, and calls again. */
function keptPlace(move: Move, from: string | null): number | null {
  if (from === null) return null;
  const since = move.now - move.around.rules.placeKeptSeconds * 1000;
  const cutOff = [...move.desk.calls.values()].filter(
    (call) =>
      call.from === from && call.stage === 'ended' && call.exit === 'abandoned' && call.since >= since,
  );
  return cutOff.length === 0 ? null : Math.min(...cutOff.map(({ enqueuedAt }) => enqueuedAt));
}

function enter(
  move: Move,
  call: string,
  { from, to, regionUrl }: Caller,
  queue: string,
  stage: 'menu' | 'waiting',
  enqueuedAt: number | null,
): void {
  const caller = { from, to, regionUrl };
  move.record({ kind: 'entered', call, caller, queue, stage, enqueuedAt: enqueuedAt ?? move.now });
}

export function menuAnswered(move: Move, id: string, keys: string): Ncco {
  const call = move.call(id);
  const { rules, craft } = move.around;
  if (call?.stage !== 'menu') return whereTo(move, id);
  const reception = receptionOf(rules, call.to);
  const chosen = reception.menu?.keys[keys.slice(0, 1)];
  if (chosen === undefined && keys !== '') return menu(id, { ...reception, greeting: '' }, craft);
  move.record({ kind: 'queue chosen', call: id, queue: chosen ?? reception.queue, moved: false });
  return enterQueue(move, id, '');
}

/** The first turn of the waiting loop, or the way out of a queue that is closed or full. */
function enterQueue(move: Move, id: string, greeting: string): Ncco {
  const call = move.call(id);
  const queue = call && move.queue(call);
  if (call === undefined || queue === undefined) return nothingMore(move);
  const { craft } = move.around;
  if (!move.around.isOpen(queue)) {
    return leaveQueue(move, call, queue, 'closed', craft.texts.closed, greeting);
  }
  // A booked callback takes no line.
  const waiting = [...move.desk.calls.values()].filter(
    (each) => each.queue === queue.name && each.kind !== 'callback' && isWaiting(each),
  );
  if (queue.mostWaiting !== null && waiting.length > queue.mostWaiting) {
    return leaveQueue(move, call, queue, 'overflow', greeting, greeting);
  }
  return turn(move, call, queue, 0, greeting, 'greeting', null);
}

export function turnAsked(move: Move, fact: Extract<DeskFact, { kind: 'turn asked' }>): Ncco {
  if (move.call(fact.call) === undefined) {
    const reception = receptionOf(move.around.rules, fact.caller.to);
    enter(move, fact.call, fact.caller, reception.queue, 'waiting', fact.enqueuedAt);
  }
  const call = move.call(fact.call);
  const queue = call && move.queue(call);
  if (call === undefined || queue === undefined || !isWaiting(call)) {
    return whereTo(move, fact.call, fact.turn);
  }
  const { craft } = move.around;
  if (canCallBack(call, queue) && fact.keys.includes('1')) return bookCallback(move, call);
  if (queue.voicemail && fact.keys.includes('2')) return leaveQueue(move, call, queue, 'voicemail', '');
  const reason = reasonToLeave(move, call, queue);
  if (reason !== null) {
    const why = reason === 'closed' ? craft.texts.closed : craft.texts.apology;
    return leaveQueue(move, call, queue, reason, why);
  }
  if (call.keptFor !== null || isOnTheWay(call))
    return turn(move, call, queue, fact.turn, '', 'music', call.told);
  const { said, told } = announce(move, call, queue);
  return turn(move, call, queue, fact.turn, said, 'music', told);
}

/** Whether a caller was transferred to an agent: her place in the queue does not matter. */
function isOnTheWay({ transfer }: DeskCall): boolean {
  return transfer !== null && (transfer.isComingBack || 'agent' in transfer.to);
}

/** Callers with a withheld number cannot be called back. */
function canCallBack({ from }: DeskCall, { callback }: QueueRules): boolean {
  return callback && from !== null && /^\+?[0-9]{7,15}$/.test(from);
}

/** The caller hangs up, and keeps her place. */
function bookCallback(move: Move, call: DeskCall): Ncco {
  const { craft } = move.around;
  rescind(move, offersOf(move.desk, call.id), 'caller');
  leave(move, call.id, 'callback', 'desk', 'goodbye', null);
  const { from, to, regionUrl, queue, enqueuedAt } = call;
  move.record({
    kind: 'callback booked',
    call: callbackId(call.id),
    caller: { from, to, regionUrl },
    queue,
    enqueuedAt,
    notBefore: move.now,
  });
  const digits = (from ?? '').slice(-3).split('').join(' ');
  return lastWords(craft.texts.callbackBooked.replace('{digits}', digits), craft);
}

/** Ends a callback, unless an agent has taken it: then the customer is being called. */
export function cancelCallback(move: Move, id: string, by: string): void {
  const call = move.call(id);
  if (call?.kind !== 'callback' || call.stage !== 'waiting') return;
  rescind(move, offersOf(move.desk, id), 'caller');
  move.record({ kind: 'callback canceled', call: id, by });
  leave(move, id, 'not reached', 'agent', 'nothing', null);
  move.record({ kind: 'ended', call: id });
}

function reasonToLeave(move: Move, call: DeskCall, queue: QueueRules): Exit | null {
  if (offersOf(move.desk, call.id).length > 0) return null;
  if (closesFor(move, call, queue)) return 'closed';
  if (move.now - call.waitingSince >= queue.longestWait * 1000) return 'overflow';
  const here = queue.agents
    .map((name) => move.desk.agents.get(name))
    .filter((agent) => agent !== undefined && isSignedIn(agent, move.now));
  if (here.length > 0) return null;
  const seen = queue.agents.map((name) => lastHere(move.desk.agents.get(name)));
  const since = Math.max(call.enteredAt, call.waitingSince, ...seen);
  return move.now - since >= queue.nobodyAfter * 1000 ? 'overflow' : null;
}

/** Whether the queue has closed while the caller waits. Callers whose agent was lost are still served. */
function closesFor({ around }: Move, { answeredAt }: DeskCall, queue: QueueRules): boolean {
  return answeredAt === null && queue.hours?.untilEmpty === false && !around.isOpen(queue);
}

function isSignedIn(agent: Agent, now: number): boolean {
  return agent.chosen.choice !== 'offline' && lineOf(agent, now) !== 'down';
}

function lastHere(agent: Agent | undefined): number {
  if (agent === undefined || agent.page !== null) return 0;
  return Math.max(agent.lineSince, agent.chosen.choice === 'offline' ? agent.chosenAt : 0);
}

/**
 * Another queue, a voicemail, or an apology.
 * @param before what a caller hears who leaves
 * @param moving what a caller hears who goes to another queue
 */
function leaveQueue(
  move: Move,
  call: DeskCall,
  queue: QueueRules,
  exit: Exit,
  before: string,
  moving = '',
): Ncco {
  const { craft, rules } = move.around;
  if (exit !== 'voicemail' && typeof queue.overflow === 'object') {
    const other = rules.queues[queue.overflow.queue];
    if (other !== undefined && other.name !== queue.name && move.around.isOpen(other)) {
      move.record({ kind: 'queue chosen', call: call.id, queue: other.name, moved: true });
      return turn(
        move,
        { ...call, queue: other.name },
        other,
        call.turn,
        moving,
        moving === '' ? 'music' : 'greeting',
        null,
      );
    }
  }
  rescind(move, offersOf(move.desk, call.id), 'caller');
  const takesMessage = queue.voicemail && (exit === 'voicemail' || queue.overflow !== 'apology');
  const id = takesMessage ? move.around.newId() : null;
  leave(move, call.id, exit, 'desk', id === null ? 'apology' : 'voicemail', id);
  return id === null ? lastWords(before || craft.texts.apology, craft) : voicemail(id, before, craft);
}

function turn(
  move: Move,
  call: DeskCall,
  queue: QueueRules,
  number: number,
  said: string,
  hears: Hears,
  told: DeskCall['told'],
): Ncco {
  const { ncco, seconds } = waitingTurn(call, number, said, queue, move.around.craft);
  move.record({ kind: 'turn', call: call.id, turn: number, turnBy: move.in(seconds), hears, told });
  return ncco;
}

/** What a caller is told about the queue: seldom, and only what is better than before. */
function announce(move: Move, call: DeskCall, queue: QueueRules): { said: string; told: DeskCall['told'] } {
  const { now, around, desk } = move;
  const { told } = call;
  const { position: saysPosition, wait: saysWait, firstAfter, every } = queue.announce;
  const since = told === null ? now - call.enqueuedAt - firstAfter * 1000 : now - told.at - every * 1000;
  if (since < 0) return { said: '', told };
  const place = positionOf(call, desk, around.rules, now);
  const position = saysPosition && (told?.position == null || place < told.position) ? place : null;
  const estimate = saysWait ? waitInMinutes(move, place, queue) : null;
  const minutes = estimate !== null && (told?.minutes == null || estimate < told.minutes) ? estimate : null;
  if (position === null && minutes === null) return { said: '', told };
  return {
    said: announcement({ position, minutes }, around.craft),
    told: {
      position: position ?? told?.position ?? null,
      minutes: minutes ?? told?.minutes ?? null,
      at: now,
    },
  };
}

/** About 2, 5, 10 or more than 15 minutes (16); null while too little is known. */
function waitInMinutes(move: Move, position: number, queue: QueueRules): number | null {
  const samples = move.around.handleTimes(queue.name);
  if (samples.length < FEWEST_SAMPLES) return null;
  const serving = queue.agents.filter((name) => {
    const agent = move.desk.agents.get(name);
    return agent !== undefined && agent.chosen.choice === 'available' && lineOf(agent, move.now) !== 'down';
  });
  if (serving.length === 0) return null;
  const average = samples.reduce((sum, each) => sum + each, 0) / samples.length;
  const minutes = (position * average) / serving.length / 60;
  return [2, 5, 10].find((limit) => minutes <= limit) ?? 16;
}

/**
 * Where a caller belongs now. May be asked at any time and repeatedly.
 * @param number the turn of the loop that asks; undefined: the call was transferred
 */
export function whereTo(move: Move, id: string, number?: number): Ncco {
  const call = move.call(id);
  const { craft } = move.around;
  if (call === undefined) return nothingMore(move);
  switch (call.stage) {
    case 'menu':
      return menu(id, receptionOf(move.around.rules, call.to), craft);
    case 'waiting': {
      const queue = move.queue(call);
      if (queue === undefined) return nothingMore(move);
      const said = saidAtFirst(call, craft.texts);
      return turn(move, call, queue, call.turn, said, said === '' ? 'music' : 'one moment', call.told);
    }
    case 'held':
      return holdTurn(move, call, number);
    case 'connecting':
    case 'talking': {
      const { reservation } = call;
      const open = reservation === null ? undefined : move.desk.reservations.get(reservation);
      if (open?.state === 'accepting') {
        move.record({ kind: 'connected', reservation: open.id, call: id, agent: open.agent });
      } else if (call.stage === 'talking' && (call.movingUntil !== null || call.hears !== 'agent')) {
        move.record({ kind: 'caller moved', call: id, hears: 'agent' });
      }
      return conversation(call);
    }
    case 'leaving':
      return call.voicemail === null
        ? lastWords(craft.texts.goodbye, craft)
        : voicemail(call.voicemail, '', craft);
    case 'ended':
      return nothingMore(move);
  }
}

/** What a caller is told who has just left an agent. */
function saidAtFirst({ hears, transfer }: DeskCall, { oneMoment, transferring }: DeskTexts): string {
  if (hears === 'one moment') return oneMoment;
  return transfer !== null && (hears === 'agent' || hears === 'hold') ? transferring : '';
}

/**
 * The hold loop: music, and a word each other turn. It notices an agent whose page is gone, and gives her caller back to
 * the queue.
 */
function holdTurn(move: Move, call: DeskCall, number: number | undefined): Ncco {
  const { craft } = move.around;
  const queue = move.queue(call);
  if (queue === undefined) return nothingMore(move);
  const main = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  const agent = main && move.desk.agents.get(main.agent);
  if (main !== undefined && (agent?.page == null || agent.pageUntil <= move.now)) {
    agentLost(move, main, undefined, true);
    return whereTo(move, call.id);
  }
  const first = call.transfer === null ? craft.texts.hold : craft.texts.transferring;
  const isFirst = number === undefined || call.hears !== 'hold';
  const said = isFirst ? first : number % 2 === 0 ? craft.texts.stillOnHold : '';
  const loop = { ...queue, callback: false, voicemail: false };
  return turn(move, call, loop, number ?? call.turn, said, 'hold', call.told);
}

function nothingMore({ around }: Move): Ncco {
  return lastWords(around.craft.texts.goodbye, around.craft);
}

/** Whoever has left a message waits no longer. */
export function messageLeft(move: Move, id: string): void {
  const call = move.call(id);
  if (call === undefined || call.answeredAt !== null || !isWaiting(call)) return;
  rescind(move, offersOf(move.desk, id), 'caller');
  leave(move, id, 'voicemail', 'desk', 'voicemail', null);
}

/** @param endedAt milliseconds since 1970 */
export function callerEnded(move: Move, id: string, endedAt = move.now): void {
  const call = move.call(id);
  if (call === undefined || call.stage === 'ended') return;
  if (isDialled(call)) {
    dialFailed(move, call, 'declined');
    return;
  }
  rescind(move, offersOf(move.desk, id), 'caller');
  const reservation = call.reservation === null ? undefined : move.desk.reservations.get(call.reservation);
  if (call.stage === 'waiting' && endedAt >= call.turnBy + TAIL_SECONDS * 1000) {
    // She went through the whole tail: her message may have been lost with the turns that she asked for.
    leave(move, id, 'overflow', 'desk', 'voicemail', id);
  } else if (call.stage !== 'leaving') {
    const exit = call.answeredAt === null ? 'abandoned' : 'completed';
    leave(move, id, exit, 'caller', 'nothing', null);
  }
  if (reservation?.state === 'accepting') endOffer(move, reservation, 'rescinded', 'caller');
  if (reservation?.state === 'connected') {
    const isOnHold = move.call(id)?.leftOnHold === true;
    beginWrapUp(move, reservation, isOnHold ? 'caller left on hold' : 'caller left');
  }
  if (reservation !== undefined) move.hangUp(reservation);
  move.record({ kind: 'ended', call: id });
}
