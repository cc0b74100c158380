import type { Ncco } from '../../domain/ncco/ncco.ts';
import type { WebhookEvent } from '../../domain/webhooks/webhook-event.ts';
import type { IncomingEntry } from '../log/incoming.ts';

/** Webhooks for tests. */

const received = {
  receivedAt: Date.parse('2026-03-29T21:20:06Z'),
  took: 0.5,
  requestId: 'request',
  replayed: false,
  jti: null,
} as const;

/** A status of a leg of a call, at so many seconds. */
export function statusOf(
  leg: string,
  status: string,
  second = 0,
  call: string | null = 'CON-1',
): WebhookEvent {
  const timestamp = new Date(Date.parse('2026-03-29T21:20:05Z') + second * 1000).toISOString();
  const to = leg.startsWith('app') ? 'Alice' : '442038297050';
  const direction = leg.startsWith('app') ? 'outbound' : 'inbound';
  const names = call === null ? {} : { conversation_uuid: call };
  return { from: '447700900000', to, uuid: leg, ...names, status, direction, timestamp };
}

/** An event as it comes in. */
export function event(
  payload: WebhookEvent,
  more: Partial<Omit<IncomingEntry, 'type' | 'payload'>> = {},
): IncomingEntry {
  return { ...received, type: 'event', method: 'POST', payload, ...more };
}

/** A question for an NCCO as it comes in, and what was answered. */
export function answer(
  request: Readonly<Record<string, unknown>>,
  more: Partial<Omit<IncomingEntry, 'type'>> = {},
): IncomingEntry & { ncco: Ncco } {
  const ncco: Ncco = [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }];
  return { ...received, method: 'GET', ...more, type: 'answer', request, ncco };
}
