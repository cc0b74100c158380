import type { Desk, DeskCall, EndedFor, Exit, Hears, Rescinder, Reservation } from './desk.ts';
import { isOffer, reservationOf } from './desk.ts';
import type { DeskEvent, Effect } from './events.ts';
import { evolve } from './evolve.ts';
import { type DeskRules, type QueueRules, queueOf } from './rules.ts';
import type { Stagecraft } from './script.ts';

/** What a decision needs besides the desk. */
export interface Surroundings {
  rules: DeskRules;
  craft: Stagecraft;
  /** Milliseconds since 1970. */
  now: number;
  /** 128 random bits in hex. */
  newId(): string;
  /** Seconds that recent calls of a queue took; empty where nothing is known. */
  handleTimes(queue: string): readonly number[];
  /** Whether the queue is open now. */
  isOpen(queue: QueueRules): boolean;
  /** When the queue opens next, in milliseconds since 1970; null: not within a year. */
  opensAt(queue: QueueRules): number | null;
}

/** Seconds after which an agent's leg that was asked for, but not heard of, is given up. */
export const SETUP_SECONDS = 10;

/** A decision in the making: each event changes the desk at once. */
export class Move {
  desk: Desk;
  readonly around: Surroundings;
  readonly events: DeskEvent[] = [];
  readonly effects: Effect[] = [];

  constructor(desk: Desk, around: Surroundings) {
    this.desk = desk;
    this.around = around;
  }

  get now(): number {
    return this.around.now;
  }

  /** Milliseconds since 1970 in so many seconds. */
  in(seconds: number): number {
    return Math.round(this.around.now + seconds * 1000);
  }

  record(event: WithoutTime<DeskEvent>): void {
    const timed: DeskEvent = { ...event, at: this.around.now };
    this.events.push(timed);
    this.desk = evolve(this.desk, timed);
  }

  call(id: string): DeskCall | undefined {
    return this.desk.calls.get(id);
  }

  queue({ queue }: Pick<DeskCall, 'queue'>): QueueRules | undefined {
    return queueOf(this.around.rules, queue);
  }

  hangUp(reservation: Reservation): void {
    const { leg, id, legRegionUrl: regionUrl } = reservation;
    if (leg !== null) this.effects.push({ kind: 'hang up', leg, regionUrl, of: id });
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

export function endOffer(
  move: Move,
  { id, call, agent }: Reservation,
  as: Extract<DeskEvent, { kind: 'offer ended' }>['as'],
  by: Rescinder | null,
  first = true,
): void {
  const presence = move.desk.agents.get(agent)?.page ?? null;
  move.record({ kind: 'offer ended', reservation: id, call, agent, as, by, first, presence });
}

export function rescind(move: Move, reservations: readonly Reservation[], by: Rescinder): void {
  for (const reservation of reservations) {
    endOffer(move, reservation, 'rescinded', by);
    move.hangUp(reservation);
  }
}

export function rescindOffers(move: Move, agent: string, by: Rescinder): void {
  const reservation = reservationOf(move.desk, agent);
  if (reservation !== undefined && isOffer(reservation)) rescind(move, [reservation], by);
}

export function leave(
  move: Move,
  call: string,
  exit: Exit,
  by: 'caller' | 'agent' | 'desk',
  hears: Hears,
  voicemailId: string | null,
): void {
  move.record({ kind: 'left', call, exit, by, hears, voicemail: voicemailId });
}

/** The caller's leg is ended. Of one that is not known, nothing will tell the end: then the call ends here. */
export function hangUpCaller(move: Move, call: string): void {
  const { leg = null, regionUrl = null, stage } = move.call(call) ?? {};
  if (leg !== null) move.effects.push({ kind: 'hang up', leg, regionUrl, of: call });
  else if (stage === 'leaving') move.record({ kind: 'ended', call });
}

/** The telephone hung up that the call had been transferred to: the call is over. */
export function endOutside(move: Move, { id }: DeskCall): void {
  leave(move, id, 'completed', 'agent', 'goodbye', null);
  hangUpCaller(move, id);
}

export function beginWrapUp(move: Move, { id, call, agent }: Reservation, ended: EndedFor): void {
  const entry = move.call(call);
  const seconds = (entry && move.queue(entry)?.wrapUpSeconds) ?? 0;
  const until = move.in(seconds);
  move.record({ kind: 'wrap-up', reservation: id, call, agent, until, extended: false, ended });
  if (seconds === 0) freeAgain(move, { id, call, agent });
}

export function freeAgain(move: Move, { id, call, agent }: Pick<Reservation, 'id' | 'call' | 'agent'>): void {
  move.record({ kind: 'free again', reservation: id, call, agent });
  const next = move.desk.agents.get(agent)?.next;
  if (next) move.record({ kind: 'chose', agent, chosen: next, next: null, by: 'next' });
}
