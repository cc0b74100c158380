import type { Payload } from './request.ts';

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

/** Whether it tells of something that happened, and does not ask what to do. */
export function isEvent(payload: Payload): boolean {
  return !['answer', 'fallback'].includes(kindOf(payload));
}
