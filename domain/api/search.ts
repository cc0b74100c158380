import type { AnswerEntry, EventEntry } from '../calls/log-entry.ts';

type Searched =
  | Pick<EventEntry, 'type' | 'payload' | 'reply'>
  | Pick<AnswerEntry, 'type' | 'request' | 'reply'>;

/**
 * What a search for text looks through in an entry, case set aside: every value of the webhook and of the NCCO that
 * it was answered with, one a line. Names of fields are not searched: each call has all of them.
 */
export function searchableText(entry: Searched): string {
  const said = entry.type === 'event' ? entry.payload : entry.request;
  return [...valuesIn(said), ...valuesIn(entry.reply.ncco)].join('\n');
}

/** Recursive: the depth was bounded when the entry was accepted. */
function valuesIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesIn);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [String(value)]
    : [];
}
