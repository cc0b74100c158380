import { type CallState, emptyState, joinStates } from './call-state.ts';
import type { LogEntry } from './log-entry.ts';
import { stateOf } from './state-of-entry.ts';

export { type CallState, emptyState, joinStates, packState, unpackState } from './call-state.ts';
export { summarise, viewCall } from './view-call.ts';

/**
 * A call after one more of its log entries. Order and repetition of entries do not matter, nor does where the
 * state was stored as JSON in between; what cannot be read changes nothing. Two states of one call that grew
 * apart (a leg that was known before its conversation) are put together by `joinStates`.
 */
export function reduce(state: CallState | undefined, entry: LogEntry): CallState {
  return joinStates(state ?? emptyState(entry.callId), stateOf(entry));
}
