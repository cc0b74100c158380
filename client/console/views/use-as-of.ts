import { useEffect, useReducer } from 'preact/hooks';
import type { CallSummary } from '../../../domain/calls/call.ts';
import { asOf, LONGEST_SILENCE_MS } from '../../../domain/calls/silence.ts';

/** Longest time that a timer of the browser takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Heard = Pick<CallSummary, 'status' | 'end' | 'endedAt' | 'lastHeardAt'>;

/** A call as it is now: it ends when it has been silent for longer than a call can last, though nothing is told. */
export function useAsOf<Seen extends Heard>(call: Seen): Seen {
  const [looked, look] = useReducer((count: number) => count + 1, 0);
  const seen = asOf(call, Date.now());
  const isOver = seen.status === 'ended';
  const silentAt = call.lastHeardAt + LONGEST_SILENCE_MS;
  useEffect(() => {
    if (isOver) {
      return undefined;
    }
    const timer = setTimeout(look, Math.min(silentAt - Date.now(), LONGEST_TIMER_MS), null);
    return () => clearTimeout(timer);
    // After a timer that came too early another is set.
  }, [isOver, silentAt, looked]);
  return seen;
}
