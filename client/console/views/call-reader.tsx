// First of all: what follows makes its schemas as it is loaded.
import '../zod-without-eval.ts';
import type { Call } from '../../../domain/calls/call.ts';
import { type CallState, reduce, viewCall } from '../../../domain/calls/reduce.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { CallView } from './call-view.tsx';
import type { CallReader } from './context.ts';

/** Everything that reads a call's entries: a part of the page that is loaded on its own. */
export const callReader: CallReader = { callOf, CallView };

function callOf(entries: readonly LogEntry[]): Call | null {
  const state = entries.reduce<CallState | undefined>(reduce, undefined);
  return state ? viewCall(state) : null;
}
