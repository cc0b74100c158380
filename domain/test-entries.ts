import { readFileSync } from 'node:fs';
import type { Call } from './call.ts';
import { kindOf } from './event-kind.ts';
import type { AnswerEntry, EventEntry, LogEntry } from './log-entry.ts';
import type { Ncco } from './ncco.ts';
import { type CallState, reduce, viewCall } from './reduce.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** Log entries for tests, and calls reduced from them. */

export const CALL_ID = 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6';
export const CALLER_LEG = '0779a56d002f1c7f47f82ef5fe84ab79';

/** The events of one call as Vonage's tutorial publishes them, out of order. */
export const transcript: readonly WebhookEvent[] = JSON.parse(
  readFileSync(new URL('../test/data/phone-to-app.events.json', import.meta.url), 'utf8'),
);

const received = { id: 1, callId: CALL_ID, receivedAt: 0, took: 1, requestId: 'r', replayed: false } as const;

export function eventEntry(payload: WebhookEvent, callId = CALL_ID): EventEntry {
  return { ...received, type: 'event', method: 'POST', callId, kind: kindOf(payload), payload };
}

export function answerEntry(ncco: Ncco, request: Readonly<Record<string, unknown>>): AnswerEntry {
  return { ...received, type: 'answer', method: 'GET', request, ncco };
}

/** The state after entries; at least one. */
export function stateAfter(entries: readonly LogEntry[], before?: CallState): CallState {
  const state = entries.reduce<CallState | undefined>(reduce, before);
  if (state === undefined) throw new Error('A call begins with an entry.');
  return state;
}

/** The call that events tell, delivered in this order. */
export function callAfter(...payloads: readonly WebhookEvent[]): Call {
  return viewCall(stateAfter(payloads.map((payload) => eventEntry(payload))));
}
