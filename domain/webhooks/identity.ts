import type { WebhookEvent } from './event-kind.ts';
import { kindOf } from './event-kind.ts';
import { readText } from './lenient-fields.ts';
import type { AnswerEntry, EventEntry } from './log-entry.ts';

/** What a webhook mentions by id. */
export interface Names {
  /** Each once; a transfer names two. */
  conversations: string[];
  leg: string | null;
  recording: string | null;
}

/** Longest distinguished ID in characters: every database accepts it in an index. */
const LONGEST_ID = 180;

/** The conversations, the leg and the recording that an event, or a question for an NCCO, is about. */
export function namesOf(message: Readonly<Record<string, unknown>>): Names {
  const { conversation_uuid, conversation_uuid_from, conversation_uuid_to } = message;
  const conversations: string[] = [];
  for (const value of [conversation_uuid, conversation_uuid_from, conversation_uuid_to]) {
    const id = readId(value);
    if (id !== null && !conversations.includes(id)) conversations.push(id);
  }
  // `human` and `machine` name the leg call_uuid.
  const leg = readId(message.uuid) ?? readId(message.call_uuid);
  return { conversations, leg, recording: readId(message.recording_uuid) };
}

/** An id as it is compared: cleaned and bounded. */
export function readId(value: unknown): string | null {
  const text = readText(value);
  return text === null || text.length <= LONGEST_ID ? text : text.slice(0, LONGEST_ID).toWellFormed();
}

type Said = (
  | Pick<EventEntry, 'type' | 'payload' | 'requestId'>
  | Pick<AnswerEntry, 'type' | 'request' | 'requestId'>
) &
  Partial<Pick<EventEntry, 'route'>>;

/** The id in the desk of the callback that a caller asked for; it is part of the callback's webhook addresses. */
export function callbackId(leg: string): string {
  return `cb${leg}`;
}

/**
 * The leg that a call began with which the desk makes: of who asked for a callback, or of the agent who dialled;
 * undefined where an id or an address is not that of such a call.
 */
export function legBehind(id: string): string | undefined {
  return /^(?:cb|ob)([\w-]{1,180})$/.exec(id)?.[1];
}

/**
 * The names by which a stored webhook is known; at least one. Webhooks that share a name belong to one call, and
 * so do those that are connected by others: a leg that moves connects two conversations. A callback belongs to the
 * call that asked for it, a customer to the agent who dialled, and an agent's leg to the call that it was offered, which
 * the address names.
 */
export function callNames(entry: Said): readonly string[] {
  const { conversations, leg, recording } = namesOf(entry.type === 'event' ? entry.payload : entry.request);
  const names = [...conversations];
  if (leg !== null) names.push(legName(leg));
  if (recording !== null) names.push(recordingName(recording));
  const route = entry.route ?? '';
  const asker = legBehind(/^\/voice\/(?:next|event)\/([^/]+)$/.exec(route)?.[1] ?? '');
  if (asker !== undefined) names.push(legName(asker));
  const offered = OFFER.exec(route)?.[1];
  if (offered !== undefined) names.push(legName(legBehind(offered) ?? offered));
  return names.length > 0 ? names : [requestName(entry.requestId)];
}

const OFFER = /^\/voice\/offer\/[^/]+\/([\w-]{1,182})$/;

/** Whether a webhook came to the address of a leg by which a desk offers a call to an agent. */
export function isOffer(route: string): boolean {
  return OFFER.test(route);
}

/** The name of a leg among those of a call. */
export function legName(leg: string): string {
  return `leg:${leg}`;
}

/** The name of a recording among those of a call. */
export function recordingName(recording: string): string {
  return `recording:${recording}`;
}

/** The name of a webhook that mentions nothing by id: it has a call to itself. */
export function requestName(requestId: string): string {
  return `request:${readId(requestId) ?? ''}`;
}

/**
 * Two deliveries of one event have the same key; no event has an id of its own. A status is told once to a
 * leg at one time; anything else is known by its whole payload, whatever the order of its keys.
 * @param sha256 hash of a text as UTF-8, in any notation. Passed in, because pages have no synchronous one.
 */
export function deduplicationKey(event: WebhookEvent, sha256: (text: string) => string): string {
  const { leg } = namesOf(event);
  const { status, timestamp } = event;
  const isTold = kindOf(event) === 'status' && leg !== null && readText(timestamp) !== null;
  return isTold ? JSON.stringify([leg, status, timestamp]) : `sha256:${sha256(canonicalJson(event))}`;
}

/** JSON that does not depend on the order in which keys were received. Recursive: the depth is bounded before. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join()}}`;
}
