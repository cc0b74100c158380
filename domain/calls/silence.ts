import type { CallSummary } from './call.ts';

/** Longest time that a call can be silent, milliseconds: Vonage connects for two hours at most, and events may be late. */
export const LONGEST_SILENCE_MS = 7_500_000;

type Heard = Pick<CallSummary, 'status' | 'end' | 'endedAt' | 'lastHeardAt'>;

/**
 * A call as it is at a time: one of which nothing was heard for longer than a call can last has ended, and nobody
 * knows how.
 */
export function asOf<Seen extends Heard>(call: Seen, now: number): Seen {
  if (call.status === 'ended' || now - call.lastHeardAt < LONGEST_SILENCE_MS) return call;
  return { ...call, status: 'ended', end: 'unknown', endedAt: null };
}
