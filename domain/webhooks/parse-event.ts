import type { WebhookEvent } from './event-kind.ts';
import { namesOf } from './identity.ts';
import { readStructure } from './lenient-fields.ts';
import { type Parsed, parseMessage } from './parsed.ts';

/**
 * Takes an event as it is: new kinds, statuses and fields occur, and an event that is refused is lost. Only its
 * call must be known.
 * The value is the input itself, key order included.
 */
export function parseWebhookEvent(input: unknown): Parsed<WebhookEvent> {
  const message = parseMessage(input, 'the event');
  if (!message.ok) return message;
  const { conversations, leg, recording } = namesOf(message.value);
  if (conversations.length > 0 || leg !== null || recording !== null) return message;
  return {
    ok: false,
    field: 'uuid',
    reason: 'uuid is missing, and so is every other id: an event names its call',
  };
}

/** The query of an event sent by GET as an event: there, objects and arrays are JSON text. */
export function eventOfQuery(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, readStructure(value)]));
}
