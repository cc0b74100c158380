import { z } from 'zod';
import { type EventKind, kindOf } from './event-kind.ts';
import { amount, flag, number, text, time, word } from './liberal.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** What any event may say, by Vonage's own names. */
const common = z.looseObject({
  uuid: text,
  conversation_uuid: text,
  /** Vonage says "Unknown" in the last events of some calls: that tells nothing. */
  from: text.transform((from) => (from?.toLowerCase() === 'unknown' ? null : from)),
  to: text,
  direction: word.transform((said) => (said === 'inbound' || said === 'outbound' ? said : null)),
  timestamp: time,
});

const dtmf = z.preprocess(
  // The first version of the action gave the digits alone.
  (value) => (typeof value === 'string' ? { digits: value } : value),
  z.looseObject({ digits: text, timed_out: flag, error: text }).nullable().catch(null),
);

const speech = z
  .looseObject({
    results: z
      .array(z.looseObject({ text, confidence: number }))
      .nullable()
      .catch(null),
    timeout_reason: text,
    error: text,
    recording_url: text,
  })
  .nullable()
  .catch(null);

/** One schema per kind of event. None can refuse one: a field that is not as documented is null. */
const schemas = {
  status: schemaOf('status', {
    status: word,
    start_time: time,
    end_time: time,
    duration: number,
    price: amount,
    rate: amount,
    network: text,
    detail: text,
    sip_code: number,
    disconnected_by: word,
  }),
  'machine-detection': schemaOf('machine-detection', { status: word, call_uuid: text, sub_state: word }),
  disconnected: schemaOf('disconnected', { status: word, reason: text }),
  transcription: schemaOf('transcription', { recording_uuid: text, transcription_url: text }),
  payment: schemaOf('payment', { status: word }),
  answer: schemaOf('answer', { from_user: text, endpoint_type: word, region_url: text }),
  transfer: schemaOf('transfer', { conversation_uuid_from: text, conversation_uuid_to: text }),
  record: schemaOf('record', {
    recording_url: text,
    recording_uuid: text,
    size: number,
    start_time: time,
    end_time: time,
  }),
  error: schemaOf('error', { reason: text }),
  notify: schemaOf('notify', { payload: z.unknown() }),
  input: schemaOf('input', { dtmf, speech }),
  unknown: schemaOf('unknown', {}),
} satisfies Record<EventKind, z.ZodType>;

function schemaOf<Kind extends EventKind, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return common.extend(shape).transform((fields) => ({ ...fields, kind }));
}

/**
 * What an event says, typed. Times are milliseconds since 1970, words of a fixed list are in lower case,
 * and fields that nobody knows are as they came.
 */
export type EventFacts = z.infer<(typeof schemas)[EventKind]>;

/** Reads an event of any kind. What is absent, or not as documented, is null; nothing is refused. */
export function readEvent(event: WebhookEvent): EventFacts {
  return schemas[kindOf(event)].parse(event);
}
