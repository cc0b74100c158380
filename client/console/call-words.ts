import type { CallEnd, CallStatus, CallSummary } from '../../domain/calls/call.ts';
import { outcomeOf } from '../../domain/calls/outcome.ts';
import type { Exit } from '../../domain/desk/desk.ts';
import type { Tone } from '../../ui/page-frame.tsx';
import type { ConsoleStrings } from '../strings/console-en.ts';

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

const toneOfExit: Record<Exit, Tone> = {
  completed: 'neutral',
  voicemail: 'neutral',
  callback: 'neutral',
  abandoned: 'trouble',
  overflow: 'trouble',
  closed: 'trouble',
  'not reached': 'trouble',
  lost: 'end',
};

/** How a call's state looks. */
export function toneOf({ status, end, exit }: Pick<CallSummary, 'status' | 'end' | 'exit'>): Tone {
  if (status === 'ended' && exit !== null) return toneOfExit[exit];
  return status === 'ended' ? toneOfEnd[end ?? 'completed'] : toneOfStatus[status];
}

/**
 * Who ended a call. What the platform ends at a desk, the desk has asked it to: often because an agent hung up. Whoever
 * an agent called is a customer, no caller.
 */
export function endedBy({
  direction,
  exit,
  hungUpBy,
}: Ended): NonNullable<CallSummary['hungUpBy']> | 'desk' | 'customer' | null {
  if (hungUpBy === 'platform') return exit !== null ? 'desk' : hungUpBy;
  return hungUpBy === 'caller' && direction === 'outbound' ? 'customer' : hungUpBy;
}

type Ended = Pick<CallSummary, 'direction' | 'exit' | 'hungUpBy'>;

/** Where a call is, in a word. At a desk, a call that rings nobody is that of somebody who waits. */
export function statusWords(
  { status, queue, exit }: Pick<CallSummary, 'status' | 'queue' | 'exit'>,
  { status: words }: ConsoleStrings,
): string {
  return status === 'started' && queue !== null && exit === null ? words.waiting : words[status];
}

/**
 * How a call ended, and who hung up where that says more; while it goes on, only whether anything happens at all.
 * @param isOnlyAsked whether no event has told of it
 */
export function outcomeWords(
  call: Ended & Pick<CallSummary, 'end'>,
  isOnlyAsked: boolean,
  strings: ConsoleStrings,
): string {
  const { end, exit } = call;
  const hungUpBy = endedBy(call);
  if (isOnlyAsked && (end === null || end === 'unknown')) {
    return end === null ? strings.noEvents.yet : strings.noEvents.ever;
  }
  const outcome = exit === null || exit === 'completed' ? null : outcomeOf({ exit, end });
  if (outcome !== null) {
    return hungUpBy === null
      ? strings.outcomes[outcome]
      : `${strings.outcomes[outcome]} · ${strings.hungUpBy[hungUpBy]}`;
  }
  if (end === null) {
    return '';
  }
  const isSaid = hungUpBy === null || end === 'caller-gave-up' || end === 'unknown';
  return isSaid ? strings.end[end] : `${strings.end[end]} · ${strings.hungUpBy[hungUpBy]}`;
}

/**
 * Whether all that is known of a call is a request to the answer URL: only its reply can name an agent so early, and
 * a second webhook is heard later than the first.
 */
export function isOnlyAsked({
  agent,
  startedAt,
  answeredAt,
  firstSeenAt,
  lastHeardAt,
}: CallSummary): boolean {
  return agent !== null && startedAt === null && answeredAt === null && firstSeenAt === lastHeardAt;
}

/** When a call is listed as begun, milliseconds since 1970. */
export function beginOf({ startedAt, firstSeenAt }: Pick<CallSummary, 'startedAt' | 'firstSeenAt'>): number {
  return startedAt ?? firstSeenAt;
}

/** How long a call that is over took, milliseconds; each is null where it is not known, or not yet. */
export function lengthsOf({ answeredAt, endedAt, startedAt, status }: CallSummary): {
  /** From the answer of an agent to the end. */
  talk: number | null;
  total: number | null;
} {
  const until = (from: number | null) =>
    from === null || endedAt === null || status !== 'ended' ? null : Math.max(0, endedAt - from);
  return { talk: until(answeredAt), total: until(startedAt) };
}
