import type { Desk, Hears } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { evolve } from '../../../domain/desk/evolve.ts';

/** A part of an event that is worth a line of its own, and what the events before it add to its meaning. */
export type DeskStep =
  | (Of<'entered'> & { keeps: number })
  | Of<'queue chosen'>
  /** `position` and `minutes` are null where the caller is not told them now. */
  | { kind: 'heard'; at: number; key: number; hears: Hears; position: number | null; minutes: number | null }
  | (Of<'offered'> & { isKept: boolean })
  | Of<'dialed' | 'rang' | 'accepted' | 'connected' | 'offer ended' | 'agent lost' | 'free again'>
  | (Of<'waits again'> & { agent: string | null })
  | Of<'wrap-up'>
  /** `isCalled`: an agent or the desk called the other party, who is a customer and no caller. */
  | (Of<'left'> & { agent: string | null; isCalled: boolean })
  | Of<
      | 'ended'
      | 'callback booked'
      | 'callback canceled'
      | 'callback put off'
      | 'agent dialed'
      | 'dial failed'
      | 'customer called'
      | 'customer not reached'
    >
  | Of<ControlKind>;

/** What agents and supervisors do in a call. */
export type ControlKind =
  | 'held'
  | 'resumed'
  | 'hold warned'
  | 'transferred'
  | 'transfer failed'
  | 'moved ahead'
  | 'guest called'
  | 'guest joined'
  | 'guest left'
  | 'swapped'
  | 'merged'
  | 'taken over'
  | 'joined'
  | 'supervision'
  | 'said'
  | 'recording'
  | 'control failed'
  | 'noted';

/** An event and its place among all, which it keeps when more follow. */
type Of<Kind extends DeskEvent['kind']> = Extract<DeskEvent, { kind: Kind }> & { key: number };

/** What the desk did with a call, oldest first. Of the turns of the waiting loop, only those that change what the caller hears. */
export function deskStepsOf(events: readonly DeskEvent[]): readonly DeskStep[] {
  const steps: DeskStep[] = [];
  /** What the last line said that the caller hears; null after a line from which something else follows. */
  let hears: Hears | null = null;
  let keptFor: string | null = null;
  let agent: string | null = null;
  let position: number | null = null;
  let minutes: number | null = null;
  let isCalled = false;

  events.forEach((event, key) => {
    switch (event.kind) {
      case 'entered':
        hears = event.stage === 'menu' ? 'menu' : null;
        steps.push({ ...event, key, keeps: event.at - event.enqueuedAt });
        return;
      case 'queue chosen':
        hears = null;
        steps.push({ ...event, key });
        return;
      case 'turn': {
        const { at, told } = event;
        const isToldNow = told !== null && told.at === at;
        const news = {
          position: isToldNow && told.position !== position ? told.position : null,
          minutes: isToldNow && told.minutes !== minutes ? told.minutes : null,
        };
        position = told?.position ?? null;
        minutes = told?.minutes ?? null;
        if (event.hears !== hears || news.position !== null || news.minutes !== null) {
          hears = event.hears;
          steps.push({ kind: 'heard', at, key, hears, ...news });
        }
        return;
      }
      case 'offered':
        // A leg by which somebody is consulted or supervises is no offer of the call.
        if (event.supervision !== undefined) {
          const { reservation, call: of, agent: by, supervision } = event;
          steps.push({
            kind: 'supervision',
            at: event.at,
            key,
            reservation,
            call: of,
            agent: by,
            supervision,
          });
        }
        if (event.role !== undefined && event.role !== 'agent') return;
        steps.push({ ...event, key, isKept: event.agent === keptFor });
        return;
      case 'connected':
        keptFor = null;
        agent = event.agent;
        hears = null;
        steps.push({ ...event, key });
        return;
      case 'agent lost':
        keptFor = event.agent;
        hears = null;
        steps.push({ ...event, key });
        return;
      case 'waits again':
        steps.push({ ...event, key, agent: keptFor });
        keptFor = null;
        return;
      case 'wrap-up':
        // A queue without wrap-up has one of no length.
        if (!isEmptyWrapUp(event)) steps.push({ ...event, key });
        return;
      case 'free again':
        if (!isEmptyWrapUp(events[key - 1])) steps.push({ ...event, key });
        return;
      case 'left':
        steps.push({ ...event, key, agent, isCalled });
        return;
      case 'agent dialed':
      case 'customer called':
        isCalled = true;
        steps.push({ ...event, key });
        return;
      case 'dialed':
      case 'rang':
      case 'accepted':
      case 'offer ended':
      case 'ended':
      case 'callback booked':
      case 'callback canceled':
      case 'callback put off':
      case 'dial failed':
      case 'customer not reached':
        steps.push({ ...event, key });
        return;
      case 'held':
      case 'resumed':
      case 'swapped':
      case 'merged':
      case 'transferred':
      case 'taken over':
        hears = null;
        steps.push({ ...event, key });
        return;
      case 'hold warned':
      case 'transfer failed':
      case 'moved ahead':
      case 'guest called':
      case 'guest joined':
      case 'guest left':
      case 'joined':
      case 'supervision':
      case 'said':
      case 'recording':
      case 'control failed':
      case 'noted':
        steps.push({ ...event, key });
        return;
      case 'caller moved':
      case 'caller not moved':
      case 'caller moving':
      case 'guest is':
      case 'customer rings':
      case 'whispers to':
      case 'asked':
      case 'leg requested':
      case 'page reported':
      case 'chose':
      case 'agent added':
      case 'page':
        return;
    }
  });
  return steps;
}

function isEmptyWrapUp(event: DeskEvent | undefined): boolean {
  return event?.kind === 'wrap-up' && event.until <= event.at;
}

/** What the caller hears now by the desk's account; null where the desk has no caller any more. */
export function hearsNow(events: readonly DeskEvent[]): Hears | null {
  const empty: Desk = { agents: new Map(), calls: new Map(), reservations: new Map() };
  const calls = [...events.reduce(evolve, empty).calls.values()];
  // Who waits to be called back hears nothing from us.
  return calls.findLast(({ stage, leg }) => stage !== 'ended' && leg !== null)?.hears ?? null;
}
