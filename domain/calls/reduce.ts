import type { LogEntry } from '../webhooks/log-entry.ts';
import { type CallState, emptyState, joinStates } from './call-state.ts';
import { stateOf } from './state-of-entry.ts';

export { type CallState, emptyState, idOf, joinStates, packState, unpackState } from './call-state.ts';
export { summarise, viewCall } from './view-call.ts';

/**
 * A call after one more of its log entries. Order and repetition of entries do not matter, nor does where the
 * state was stored in between; what cannot be read changes nothing. The states of calls that turn out to be one,
 * because a leg moved between their conversations, are merged by `joinStates`.
 */
export function reduce(state: CallState | undefined, entry: LogEntry): CallState {
  return joinStates(state ?? emptyState(), stateOf(entry));
}
