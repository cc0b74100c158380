import { kindOf } from '../../emulator/webhooks/webhook.ts';

/** An event webhook as an application received it. */
export interface Arrival {
  leg: string;
  /** Status, or kind of another event. */
  kind: string;
  /** The caller's number, on both legs of a call. */
  from: string;
  direction: string;
  /** Its timestamp, and when it arrived: milliseconds since 1970. */
  toldAt: number;
  at: number;
}

/** How the events of a leg differ from the expected ones. */
export interface Difference {
  what: 'lost' | 'doubled' | 'reordered' | 'unexpected';
  leg: string;
  from: string;
  /** Of the event; for a leg in the wrong order, all its events. */
  kind: string;
}

/** The events of a call that a user answers, by the direction of the leg. */
const COURSES: Record<string, readonly string[]> = {
  inbound: ['ringing', 'started', 'answered', 'completed'],
  outbound: ['started', 'answered', 'completed'],
};

/** Reads the body of an event webhook. @param at milliseconds since 1970 */
export function readArrival(event: Record<string, unknown>, at: number): Arrival {
  return {
    leg: String(event.uuid ?? ''),
    kind: kindOf(event),
    from: String(event.from ?? ''),
    direction: String(event.direction ?? ''),
    toldAt: Date.parse(String(event.timestamp)),
    at,
  };
}

/**
 * Compares the arrived events and their order with a number of answered calls from a phone to a user.
 * A leg without any event has lost all its events.
 */
export function differencesIn(arrivals: readonly Arrival[], calls: number): Difference[] {
  const legs = Map.groupBy(arrivals, ({ leg }) => leg);
  const found = [...legs.values()].flatMap(differencesOf);
  for (const [direction, course] of Object.entries(COURSES)) {
    const seen = [...legs.values()].filter(([first]) => first?.direction === direction).length;
    for (let missing = seen; missing < calls; missing += 1) {
      found.push(...course.map((kind) => ({ what: 'lost' as const, leg: '', from: '', kind })));
    }
  }
  return found;
}

function differencesOf(arrivals: Arrival[]): Difference[] {
  const [first] = arrivals;
  if (!first) return [];
  const course = COURSES[first.direction] ?? [];
  const { leg, from } = first;
  const kinds = arrivals.map(({ kind }) => kind);
  const unique = [...new Set(kinds)];
  const differ = (what: Difference['what'], kind: string) => ({ what, leg, from, kind });
  const inOrder = unique.filter((kind) => course.includes(kind));
  const ordered = course.filter((kind) => unique.includes(kind));
  return [
    ...course.filter((kind) => !unique.includes(kind)).map((kind) => differ('lost', kind)),
    ...kinds.filter((kind, index) => kinds.indexOf(kind) !== index).map((kind) => differ('doubled', kind)),
    ...unique.filter((kind) => !course.includes(kind)).map((kind) => differ('unexpected', kind)),
    ...(inOrder.join() === ordered.join() ? [] : [differ('reordered', kinds.join(', '))]),
  ];
}

/**
 * Milliseconds from each event's timestamp to its arrival, shortest first. Without a user's `answered`,
 * which has the time of `started`, as at Vonage.
 */
export function delaysIn(arrivals: readonly Arrival[]): number[] {
  return arrivals
    .filter(({ direction, kind }) => !(direction === 'outbound' && kind === 'answered'))
    .map(({ toldAt, at }) => at - toldAt)
    .sort((one, other) => one - other);
}
