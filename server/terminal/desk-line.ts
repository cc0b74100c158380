import type { Party } from '../../domain/desk/controls.ts';
import type { Rescinder } from '../../domain/desk/desk.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { type WhyRung, whyRung } from '../../domain/desk/why.ts';

/** One line about what the desk did, or null where it is of no interest to who watches calls. */
export function deskLine(event: DeskEvent, from: string | null): string | null {
  const words = wordsOf(event);
  return words === null ? null : `DESK: call from ${from ?? 'a withheld number'}: ${words}`;
}

function wordsOf(event: DeskEvent): string | null {
  switch (event.kind) {
    case 'entered':
      return event.stage === 'menu' ? 'hears the menu' : `waits in ${event.queue}`;
    case 'queue chosen':
      return `waits in ${event.queue}`;
    case 'turn': {
      const isTold = event.told !== null && event.told.at === event.at;
      if (!isTold) return event.turn === 0 || event.hears === 'one moment' ? hears(event.hears) : null;
      const position = event.told?.position ?? null;
      return position === null ? 'is told how long it may take' : `is told that its position is ${position}`;
    }
    case 'offered':
      if (event.role === 'consult') return null;
      if (event.role === 'supervise') return `${event.agent} is about to listen`;
      return `offered to ${event.agent} (${reasonsOf(event)})`;
    case 'accepted':
      return `taken by ${event.agent}`;
    case 'connected':
      return hears('agent');
    case 'offer ended':
      return event.first ? endOf(event) : `corrected: ${endOf(event)}`;
    case 'agent lost':
      return `lost the connection to ${event.agent}, ${hears('one moment')}`;
    case 'waits again':
      return 'waits for any agent';
    case 'left':
      return `left the queue: ${event.exit}, ${hears(event.hears)}`;
    case 'ended':
      return 'is over';
    case 'callback canceled':
      return `callback canceled by ${event.by}`;
    case 'callback booked':
      return `waits for a callback in ${event.queue}`;
    case 'agent dialed':
      return `dialed by ${event.agent}`;
    case 'dial failed':
      return `not reached by ${event.agent}: ${event.reason}`;
    case 'customer rings':
      return 'rings';
    case 'customer not reached':
      return 'was not reached';
    case 'held':
      return `put on hold by ${event.agent}`;
    case 'resumed':
      return `taken off hold by ${event.agent}`;
    case 'hold warned':
      return `on hold for ${event.warning === 'alert' ? 2 : 3} minutes`;
    case 'transferred':
      return `transferred by ${event.agent} to ${partyOf(event.to)}`;
    case 'transfer failed':
      return `not transferred to ${partyOf(event.to)}: ${event.words}`;
    case 'guest called':
      return `${event.by} ${event.purpose === 'consult' ? 'consults' : 'transfers it to'} ${partyOf(event.to)}`;
    case 'guest left':
      return 'the second person has left';
    case 'swapped':
      return event.held === 'caller'
        ? `put on hold by ${event.by}, who talks to the second person`
        : `back with ${event.by}, while the second person waits`;
    case 'merged':
      return `joined to the second person by ${event.by}`;
    case 'taken over':
      return `left by ${event.from} to ${event.agent ?? 'the second person'}`;
    case 'control failed':
      return `${event.by} could not ${event.action}: ${event.words}`;
    case 'said':
      return `is told the phrase ${event.phrase}`;
    case 'recording':
      return event.state === 'announced' ? null : `recording ${event.state}`;
    default:
      return null;
  }
}

function partyOf(party: Party): string {
  if ('agent' in party) return party.agent;
  return 'queue' in party ? `the queue ${party.queue}` : party.number;
}

function hears(what: string): string {
  return `hears ${what}`;
}

/** Who else could have been rung, and why others could not. */
function reasonsOf({ why }: Extract<DeskEvent, { kind: 'offered' }>): string {
  const others = why.passedOver.map((each) => `${each.agent}: ${each.because}`);
  return [rungWords(whyRung(why)), ...others].join('; ');
}

function rungWords(why: WhyRung): string {
  switch (why.is) {
    case 'only one free':
      return 'nobody else is free';
    case 'idle longest':
      return `idle longest, ${why.seconds} s`;
  }
}

function endOf({ as, by, agent }: Extract<DeskEvent, { kind: 'offer ended' }>): string {
  switch (as) {
    case 'rejected':
      return `rejected by ${agent}`;
    case 'timeout':
      return `not answered by ${agent}`;
    case 'unreachable':
      return `${agent} cannot be reached`;
    case 'canceled':
      return `the call to ${agent} failed`;
    case 'rescinded':
      return `no longer offered to ${agent}: ${by === null ? 'withdrawn' : RESCINDED[by]}`;
  }
}

const RESCINDED: Record<Rescinder, string> = {
  caller: 'the caller stopped waiting',
  'another agent': 'another agent answered',
  line: 'the connection to the agent is lost',
  choice: 'the agent is no longer available',
  supervisor: 'a supervisor moved the call',
};
