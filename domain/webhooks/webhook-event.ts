import { z } from 'zod';
import { DEEPEST, isRecord, isTooDeep } from './lenient-fields.ts';
import { firstFault, type Parsed } from './parsed.ts';

const id = z.string('must be text').max(256, 'is longer than 256 characters').nullish();

/** Of fields beside these zod would make a copy that nobody needs. */
const schema = z
  .object({
    // By these the kinds of event say which call they are about (`human` and `machine` use call_uuid).
    uuid: id,
    call_uuid: id,
    conversation_uuid: id,
    conversation_uuid_from: id,
    conversation_uuid_to: id,
    recording_uuid: id,
    status: z
      .string('must be text')
      .min(1, 'must not be empty')
      .max(256, 'is longer than 256 characters')
      .nullish(),
    timestamp: z.string('must be text').max(256, 'is longer than 256 characters').nullish(),
  })
  .refine(namesItsCall, {
    path: ['uuid'],
    message: 'is missing, and so is every other id: an event names its call',
  });

function namesItsCall(event: Record<string, unknown>): boolean {
  const { uuid, call_uuid, conversation_uuid, conversation_uuid_from, conversation_uuid_to } = event;
  const first = uuid ?? call_uuid ?? conversation_uuid ?? conversation_uuid_from ?? conversation_uuid_to;
  return (first ?? event.recording_uuid ?? null) !== null;
}

/** An event as it came: keys in the order received, and every field, known or not. */
export type WebhookEvent = Readonly<Record<string, unknown>>;

/**
 * Checks that a message is about a call. Nothing else is asked of it: new kinds, statuses and fields
 * occur, and an event that is refused is lost. The value is the input itself, key order included.
 */
export function parseWebhookEvent(input: unknown): Parsed<WebhookEvent> {
  if (!isRecord(input)) return { ok: false, field: '', reason: 'the event must be a JSON object' };
  if (isTooDeep(input)) {
    return { ok: false, field: '', reason: `the event must not be nested deeper than ${DEEPEST} levels` };
  }
  const result = schema.safeParse(input);
  return result.success ? { ok: true, value: input } : firstFault(result.error, 'the event');
}

/** The query of an event sent by GET as an event: there, objects and arrays are JSON text. */
export function eventOfQuery(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, structured(value)]));
}

function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // text that only looks like JSON
  }
}
