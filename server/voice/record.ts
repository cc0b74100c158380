import type { Ncco } from '../../domain/ncco/ncco.ts';
import { isTooDeep } from '../../domain/webhooks/lenient-fields.ts';
import type { WebhookEvent } from '../../domain/webhooks/webhook-event.ts';
import type { IncomingEntry } from '../log/ingest.ts';
import type { Receipt } from './webhook.ts';

/** An event as the log keeps it. */
export function eventEntry(payload: WebhookEvent, method: 'GET' | 'POST', receipt: Receipt): IncomingEntry {
  return { ...common(receipt), type: 'event', payload, method };
}

/**
 * A question for an NCCO, and its answer, as the log keeps them. One that is nested deeper than any of Vonage's was
 * answered, because a caller waits; what is nested in it is left out, because nobody could show it.
 */
export function answerEntry(
  type: 'answer' | 'fallback',
  request: Readonly<Record<string, unknown>>,
  ncco: Ncco,
  method: 'GET' | 'POST',
  receipt: Receipt,
): IncomingEntry {
  return { ...common(receipt), type, request: isTooDeep(request) ? flat(request) : request, ncco, method };
}

function flat(request: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => !isTooDeep(value, 0)));
}

function common({ requestId, receivedAt, jti, replayed, reply }: Receipt) {
  const { took } = reply(200);
  return { requestId, receivedAt, took, replayed, jti: jti ?? null };
}
