import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import { kindOf } from '../../domain/webhooks/event-kind.ts';
import type { AnswerEntry, EventEntry, LogEntry } from '../../domain/webhooks/log-entry.ts';

/** When the call of `callEntries` began by Vonage's clock, milliseconds since 1970. */
export const CALL_START = Date.parse('2026-03-29T21:20:05.582Z');

const CALLER = { from: '447700900000', to: '442038297050', uuid: 'caller-leg', direction: 'inbound' };
const AGENT = { from: '447700900000', to: 'Alice', uuid: 'agent-leg', direction: 'outbound' };

/** What each event says, and how many milliseconds after the beginning. */
const events: readonly (readonly [at: number, payload: WebhookEvent])[] = [
  [0, { ...CALLER, status: 'ringing' }],
  [1, { ...CALLER, status: 'started' }],
  [600, { ...CALLER, status: 'answered' }],
  [7_400, { ...AGENT, status: 'started' }],
  [7_500, { ...AGENT, status: 'answered' }],
  [11_500, { ...AGENT, status: 'completed', duration: '4', price: '0' }],
  [11_600, { ...CALLER, status: 'completed', duration: '11', price: '0.00144000', disconnected_by: 'user' }],
];

export function eventOf(id: number, callId: string, payload: WebhookEvent, receivedAt: number): EventEntry {
  const request = {
    id,
    callId,
    receivedAt,
    took: 1,
    method: 'POST',
    requestId: `r${id}`,
    replayed: false,
    route: '/voice/event',
    reply: { status: 200 },
    repeats: null,
  } as const;
  return { ...request, type: 'event', kind: kindOf(payload), payload };
}

/**
 * A call that an agent answered: each event came 100 ms after it happened, and the question for an NCCO
 * after the first two. Their ids count from 1.
 */
export function callEntries(callId: string): readonly LogEntry[] {
  const told = events.map(([at, payload]) => {
    const timestamp = new Date(CALL_START + at).toISOString();
    return eventOf(0, callId, { ...payload, conversation_uuid: callId, timestamp }, CALL_START + at + 100);
  });
  return [...told.slice(0, 2), questionOf(callId), ...told.slice(2)].map((entry, index) => ({
    ...entry,
    id: index + 1,
  }));
}

function questionOf(callId: string): AnswerEntry {
  return {
    ...eventOf(0, callId, {}, CALL_START + 110),
    method: 'GET',
    took: 4,
    type: 'answer',
    route: '/voice/answer',
    request: { from: CALLER.from, to: CALLER.to, uuid: CALLER.uuid, conversation_uuid: callId },
    reply: {
      status: 200,
      ncco: [
        { action: 'talk', text: 'Please wait' },
        { action: 'connect', timeout: 45, endpoint: [{ type: 'app', user: 'Alice' }] },
      ],
    },
  };
}
