import { readWord } from './lenient-fields.ts';

/** An event as it came: keys in the order received, and every field, known or not. */
export type WebhookEvent = Readonly<Record<string, unknown>>;

/** What an event webhook is mainly about. No event names its kind: it shows in which fields are there. */
export const EVENT_KINDS = [
  /** A leg's life: started, ringing, answered … completed, and every status that nobody knows yet. */
  'status',
  /** `human` or `machine`. */
  'machine-detection',
  /** The far end of a websocket leg went away; may be answered with an NCCO. */
  'disconnected',
  'transcription',
  'payment',
  /** A question for an NCCO that was sent to the event URL: the application is set up wrongly. */
  'answer',
  'transfer',
  'record',
  'error',
  'notify',
  'input',
  'unknown',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** Statuses that do not change a leg's life cycle; the last two are from Vonage's Java SDK. */
const KIND_OF_STATUS: ReadonlyMap<string, EventKind> = new Map([
  ['human', 'machine-detection'],
  ['machine', 'machine-detection'],
  ['disconnected', 'disconnected'],
  ['transcribed', 'transcription'],
  ['success', 'payment'],
  ['failure', 'payment'],
  ['transfer', 'transfer'],
  ['input', 'input'],
]);

const ANSWER_FIELD =
  /^(from|from_user|to|uuid|conversation_uuid|endpoint_type|region_url|custom_data|SipHeader_.*)$/;

/**
 * The kind of an event, decided in the order of Vonage's own SDKs (`Voice\Webhook\Factory` of the PHP one):
 * status, the bare shape of an answer request, then the field that only one kind has.
 */
export function kindOf(event: WebhookEvent): EventKind {
  const has = (name: string) => event[name] !== undefined && event[name] !== null && event[name] !== '';
  const status = readWord(event.status);
  if (status !== null) return KIND_OF_STATUS.get(status) ?? 'status';
  if (has('to') && Object.keys(event).every((name) => ANSWER_FIELD.test(name))) return 'answer';
  if (readWord(event.type) === 'transfer' || has('conversation_uuid_from')) return 'transfer';
  if (has('recording_url')) return 'record';
  if (has('reason')) return 'error';
  if (has('payload')) return 'notify';
  return has('dtmf') || has('speech') ? 'input' : 'unknown';
}
