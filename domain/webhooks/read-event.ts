import { z } from 'zod';
import { type EventKind, kindOf } from './event-kind.ts';
import { readAmount, readFlag, readNumber, readText, readTime, readWord } from './lenient-fields.ts';
import type { WebhookEvent } from './webhook-event.ts';

const text = z.transform(readText);

const dtmf = z.preprocess(
  // The first version of the action gave the digits alone.
  (value) => (typeof value === 'string' ? { digits: value } : value),
  z
    .looseObject({ digits: text, timed_out: z.transform(readFlag), error: text })
    .nullable()
    .catch(null),
);

const speech = z
  .looseObject({
    results: z
      .array(z.looseObject({ text, confidence: z.transform(readNumber) }))
      .nullable()
      .catch(null),
    timeout_reason: text,
    error: text,
    recording_url: text,
  })
  .nullable()
  .catch(null);

/** What any event may say, by Vonage's own names. */
function commonOf(event: WebhookEvent) {
  const from = readText(event.from);
  return {
    uuid: readText(event.uuid),
    conversation_uuid: readText(event.conversation_uuid),
    // Vonage says "Unknown" in the last events of some calls: that tells nothing.
    from: from?.toLowerCase() === 'unknown' ? null : from,
    to: readText(event.to),
    direction: readDirection(event.direction),
    timestamp: readTime(event.timestamp),
  };
}

function readDirection(value: unknown): 'inbound' | 'outbound' | null {
  const said = readWord(value);
  return said === 'inbound' || said === 'outbound' ? said : null;
}

/**
 * One schema per kind of event. None can refuse one: a field that is not as documented is null. Each reads its
 * event in one step, because a schema for each field costs five times as much, for each event of each call.
 */
const schemas = {
  status: schemaOf('status', (event) => ({
    status: readWord(event.status),
    start_time: readTime(event.start_time),
    end_time: readTime(event.end_time),
    duration: readNumber(event.duration),
    price: readAmount(event.price),
    rate: readAmount(event.rate),
    network: readText(event.network),
    detail: readText(event.detail),
    sip_code: readNumber(event.sip_code),
    disconnected_by: readWord(event.disconnected_by),
  })),
  'machine-detection': schemaOf('machine-detection', (event) => ({
    status: readWord(event.status),
    call_uuid: readText(event.call_uuid),
    sub_state: readWord(event.sub_state),
  })),
  disconnected: schemaOf('disconnected', (event) => ({
    status: readWord(event.status),
    reason: readText(event.reason),
  })),
  transcription: schemaOf('transcription', (event) => ({
    recording_uuid: readText(event.recording_uuid),
    transcription_url: readText(event.transcription_url),
  })),
  payment: schemaOf('payment', (event) => ({ status: readWord(event.status) })),
  answer: schemaOf('answer', (event) => ({
    from_user: readText(event.from_user),
    endpoint_type: readWord(event.endpoint_type),
    region_url: readText(event.region_url),
  })),
  transfer: schemaOf('transfer', (event) => ({
    conversation_uuid_from: readText(event.conversation_uuid_from),
    conversation_uuid_to: readText(event.conversation_uuid_to),
  })),
  record: schemaOf('record', (event) => ({
    recording_url: readText(event.recording_url),
    recording_uuid: readText(event.recording_uuid),
    size: readNumber(event.size),
    start_time: readTime(event.start_time),
    end_time: readTime(event.end_time),
  })),
  error: schemaOf('error', (event) => ({ reason: readText(event.reason) })),
  notify: schemaOf('notify', (event) => ({ payload: event.payload })),
  input: schemaOf('input', (event) => ({ dtmf: dtmf.parse(event.dtmf), speech: speech.parse(event.speech) })),
  unknown: schemaOf('unknown', () => ({})),
} satisfies Record<EventKind, z.ZodType>;

function schemaOf<Kind extends EventKind, Own extends object>(kind: Kind, own: (event: WebhookEvent) => Own) {
  return z.transform((event: WebhookEvent) => ({ ...event, ...commonOf(event), ...own(event), kind }));
}

/**
 * What an event says, typed. Times are milliseconds since 1970, words of a fixed list are in lower case,
 * and fields that nobody knows are as they came.
 */
export type EventFacts = z.output<(typeof schemas)[EventKind]>;

/** Reads an event of any kind. What is absent, or not as documented, is null; nothing is refused. */
export function readEvent(event: WebhookEvent): EventFacts {
  return schemas[kindOf(event)].parse(event);
}
