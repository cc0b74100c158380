import { readFileSync } from 'node:fs';
import type { Ncco } from '../ncco/ncco.ts';
import { kindOf } from '../webhooks/event-kind.ts';
import type { WebhookEvent } from '../webhooks/webhook-event.ts';
import type { Call } from './call.ts';
import type { AnswerEntry, EventEntry, LogEntry } from './log-entry.ts';
import { type CallState, reduce, viewCall } from './reduce.ts';

/** Log entries for tests, and calls reduced from them. */

export const CALL_ID = 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6';
export const CALLER_LEG = '0779a56d002f1c7f47f82ef5fe84ab79';

/** The events of one call as Vonage's tutorial publishes them, out of order. */
export const transcript: readonly WebhookEvent[] = JSON.parse(
  readFileSync(new URL('../../test/data/phone-to-app.events.json', import.meta.url), 'utf8'),
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

/** The time of a second of the test. */
export const at = (second: number) => Date.parse('2026-03-29T21:20:00.000Z') + second * 1000;

export const iso = (second: number) => new Date(at(second)).toISOString();

/** A status event of the caller's leg. */
export function caller(status: string, second: number, more: WebhookEvent = {}): WebhookEvent {
  const parties = { from: '447700900000', to: '442038297050', conversation_uuid: CALL_ID };
  return { ...parties, uuid: CALLER_LEG, direction: 'inbound', status, timestamp: iso(second), ...more };
}

/** A status event of a leg that rings an agent. */
export function agent(to: string, status: string, second: number, more: WebhookEvent = {}): WebhookEvent {
  return caller(status, second, { direction: 'outbound', to, uuid: `leg of ${to}`, ...more });
}

/** Rings a user, then one whose name is a number. */
export const ring: Ncco = [
  { action: 'talk', text: 'Please wait' },
  { action: 'connect', endpoint: [{ type: 'app', user: 'Zoe' }] },
  { action: 'connect', endpoint: [{ type: 'app', user: '1001' }] },
];

/** Asks what to do with the caller's leg. */
export const question = {
  from: '447700900000',
  to: '442038297050',
  uuid: CALLER_LEG,
  conversation_uuid: CALL_ID,
};
