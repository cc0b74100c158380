import type { Desk, DeskCall, Exit, Hears, Rescinder, Reservation } from './desk.ts';
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
