/** What a webhook carries: flat fields; nested objects travel as JSON text in a GET. */
export type Payload = Record<string, unknown>;

/** How long the platform waits, in milliseconds, and how often it tries. */
export interface Patience {
  connect: number;
  /** For the whole answer, once it is connected. */
  respond: number;
  attempts: number;
}

/** Vonage's own limits: one more attempt, and never longer than this (Application API, webhook timeouts). */
export const ANSWER_PATIENCE: Patience = { connect: 1000, respond: 5000, attempts: 2 };
export const EVENT_PATIENCE: Patience = { connect: 1000, respond: 10_000, attempts: 2 };

export type WebhookOutcome =
  | { ok: true; status: number; contentType: string; body: string }
  | { ok: false; reason: string };

/**
 * What a webhook is: `answer`, `fallback`, the status of a status event, or the kind of another event
 * (`record`, `input`, `transfer`, `notify`, `error`).
 */
export function kindOf(payload: Payload): string {
  if ('original_request' in payload) return 'fallback';
  if (typeof payload.status === 'string') return payload.status;
  if ('endpoint_type' in payload) return 'answer';
  if (payload.type === 'transfer' || 'conversation_uuid_from' in payload) return 'transfer';
  if ('recording_url' in payload) return 'record';
  if ('dtmf' in payload || 'speech' in payload) return 'input';
  if ('payload' in payload) return 'notify';
  return 'reason' in payload ? 'error' : 'event';
}

/** Whether it reports an event rather than requesting an NCCO. */
export function isEvent(payload: Payload): boolean {
  return !['answer', 'fallback'].includes(kindOf(payload));
}
