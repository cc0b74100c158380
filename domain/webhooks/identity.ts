import { canonicalJson } from './canonical-json.ts';
import { kindOf } from './event-kind.ts';
import { readText } from './lenient-fields.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** Which call a webhook is about. */
export interface CallIdentity {
  /** The conversation's id; null where only a leg or a recording is named. */
  callId: string | null;
  /** The leg's id; null where the whole conversation is meant. */
  legUuid: string | null;
}

/**
 * Which call and leg an event, or a question for an NCCO, is about. Ids are free of control characters.
 * `human` and `machine` call the leg call_uuid. A transfer belongs to the conversation that the leg leaves.
 */
export function callOf(message: Readonly<Record<string, unknown>>): CallIdentity {
  return {
    callId:
      readText(message.conversation_uuid) ??
      readText(message.conversation_uuid_from) ??
      readText(message.conversation_uuid_to),
    legUuid: readText(message.uuid) ?? readText(message.call_uuid),
  };
}

/**
 * Two deliveries of one event have the same key; no event has an id of its own. A status is told once to a
 * leg at one time; anything else is known by its whole payload, whatever the order of its keys.
 * @param sha256 hash of a text as UTF-8, in any notation. Passed in, because pages have no synchronous one.
 */
export function deduplicationKey(event: WebhookEvent, sha256: (text: string) => string): string {
  const { legUuid } = callOf(event);
  const { status, timestamp } = event;
  const isTold = kindOf(event) === 'status' && legUuid !== null && readText(timestamp) !== null;
  return isTold ? JSON.stringify([legUuid, status, timestamp]) : `sha256:${sha256(canonicalJson(event))}`;
}
