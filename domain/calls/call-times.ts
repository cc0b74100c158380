import type { Call, Leg } from './call.ts';
import { greatest, least } from './join.ts';

/** How long a call took, in milliseconds; null where it cannot be known, or not yet. */
export function durationsOf(
  call: Pick<Call, 'legs' | 'status' | 'startedAt' | 'answeredAt' | 'endedAt'>,
): Pick<Call, 'ringing' | 'talking' | 'total'> {
  const isEnded = call.status === 'ended';
  const callers = call.legs.filter(({ direction }) => direction === 'inbound');
  const rung = call.legs.filter(({ direction }) => direction === 'outbound');
  const lastRang = rung.every(({ endedAt }) => endedAt !== null)
    ? latest(rung.map(({ endedAt }) => endedAt))
    : call.endedAt;
  return {
    ringing: between(earliest(rung.map(({ startedAt }) => startedAt)), call.answeredAt ?? lastRang),
    talking: isEnded ? talking(callers, rung) : null,
    total: isEnded ? between(call.startedAt, call.endedAt) : null,
  };
}

/** How long both a caller and a called party were connected. */
function talking(callers: readonly Leg[], rung: readonly Leg[]): number | null {
  // When callers came together in a conference is not told.
  if (!rung.some(isAnswered)) return callers.filter(isAnswered).length > 1 ? null : 0;
  const pairs = callers.filter(isAnswered).flatMap((a) => rung.filter(isAnswered).map((b) => overlap(a, b)));
  return pairs.length === 0 || pairs.includes(null) ? null : lengthOf(pairs.filter((pair) => pair !== null));
}

type Span = readonly [from: number, to: number];

/** When two legs were there together; null where that is not known. */
function overlap(a: Leg, b: Leg): Span | null {
  if (a.answeredAt === null || b.answeredAt === null) return null;
  const to = earliest([a.endedAt, b.endedAt]);
  return to === null ? null : [Math.max(a.answeredAt, b.answeredAt), to];
}

/** The length of spans put together, where each moment counts once. */
function lengthOf(spans: readonly Span[]): number {
  let length = 0;
  let counted = -Infinity;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    length += Math.max(0, to - Math.max(from, counted));
    counted = Math.max(counted, to);
  }
  return length;
}

function isAnswered({ outcome }: Leg): boolean {
  return outcome === 'answered';
}

/** Milliseconds between two times; null where one is not known. */
export function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

/** The earliest time that is known, or null. */
export function earliest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(least, null);
}

/** The latest time that is known, or null. */
export function latest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(greatest, null);
}
