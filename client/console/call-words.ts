import type { Call, CallEnd, CallStatus, CallSummary } from '../../domain/calls/call.ts';
import type { ConsoleStrings } from '../strings/console-en.ts';

/** Green, amber and red mean ready, trouble and end; `calling` is a call that wants an answer. */
export type Tone = 'ready' | 'trouble' | 'end' | 'calling' | 'neutral';

const toneOfStatus: Record<Exclude<CallStatus, 'ended'>, Tone> = {
  started: 'calling',
  ringing: 'calling',
  'in-call': 'ready',
};

const toneOfEnd: Record<CallEnd, Tone> = {
  completed: 'neutral',
  rejected: 'trouble',
  'caller-gave-up': 'trouble',
  'nobody-answered': 'trouble',
  busy: 'trouble',
  failed: 'end',
  'application-error': 'end',
  unknown: 'neutral',
};

/** How a call's state looks. */
export function toneOf({ status, end }: Pick<CallSummary, 'status' | 'end'>): Tone {
  return status === 'ended' ? toneOfEnd[end ?? 'completed'] : toneOfStatus[status];
}

/** How a call ended, and who hung up where that says more; empty while it goes on. */
export function outcomeWords(
  { end, hungUpBy }: Pick<Call, 'end' | 'hungUpBy'>,
  strings: ConsoleStrings,
): string {
  if (end === null) {
    return '';
  }
  const isSaid = hungUpBy === null || end === 'caller-gave-up' || end === 'unknown';
  return isSaid ? strings.end[end] : `${strings.end[end]} · ${strings.hungUpBy[hungUpBy]}`;
}

/** From when a call counts, milliseconds since 1970. */
export function beginOf({ startedAt, firstSeenAt }: Pick<CallSummary, 'startedAt' | 'firstSeenAt'>): number {
  return startedAt ?? firstSeenAt;
}

/** How long a call that is over took, milliseconds; null where that is not known, or not yet. */
export function lengthOf(call: CallSummary): number | null {
  const { endedAt, status } = call;
  return endedAt === null || status !== 'ended' ? null : Math.max(0, endedAt - beginOf(call));
}
