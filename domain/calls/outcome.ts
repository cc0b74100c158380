import type { Exit } from '../desk/desk.ts';
import type { CallEnd } from './call.ts';

/** What became of a call, for whoever looks for such calls: in fewer words than how it ended. */
export const OUTCOMES = [
  'answered',
  'missed',
  'declined',
  'abandoned',
  'voicemail',
  'callback',
  'closed',
  'failed',
  'unknown',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

const OF_EXIT: Readonly<Record<Exit, Outcome>> = {
  completed: 'answered',
  abandoned: 'abandoned',
  voicemail: 'voicemail',
  overflow: 'missed',
  closed: 'closed',
  callback: 'callback',
  'not reached': 'missed',
  lost: 'failed',
};

const OF_END: Readonly<Record<CallEnd, Outcome>> = {
  completed: 'answered',
  rejected: 'declined',
  'caller-gave-up': 'missed',
  'nobody-answered': 'missed',
  busy: 'missed',
  failed: 'failed',
  'application-error': 'failed',
  unknown: 'unknown',
};

/**
 * The outcome of a call; null while it has none. How it left the desk decides, because its legs say less: a caller who
 * leaves a message was never answered.
 */
export function outcomeOf({ exit, end }: { exit: Exit | null; end: CallEnd | null }): Outcome | null {
  if (exit !== null) return OF_EXIT[exit];
  return end === null ? null : OF_END[end];
}
