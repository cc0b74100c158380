import type { Call } from './call.ts';

/** Longest time that a call can be silent, milliseconds: Vonage connects for two hours at most, and events may be late. */
export const LONGEST_SILENCE_MS = 7_500_000;

type Heard = Pick<Call, 'status' | 'end' | 'endedAt' | 'lastHeardAt'>;

/**
 * A call as it is at a time: one of which nothing was heard for longer than a call can last has ended, and nobody
 * knows how. Where none of its events bears a time, it counts when it was first seen.
 */
export function asOf<Seen extends Heard>(call: Seen & { firstSeenAt?: number }, now: number): Seen {
  const heardAt = call.lastHeardAt ?? call.firstSeenAt ?? now;
  if (call.status === 'ended' || now - heardAt < LONGEST_SILENCE_MS) return call;
  return { ...call, status: 'ended', end: 'unknown', endedAt: null };
}
