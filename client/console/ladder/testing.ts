import { emptyState, reduce, viewCall } from '../../../domain/calls/reduce.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { ladderOf, type Rung } from './ladder.ts';

/** The ladder of the call that entries make up. */
export function ladderFrom(entries: readonly LogEntry[]): readonly Rung[] {
  return ladderOf(entries, viewCall(entries.reduce(reduce, emptyState())).legs);
}
