import type { AnswerEntry, EventEntry, LogEntry } from '../../../domain/calls/log-entry.ts';
import { callOf } from '../../../domain/webhooks/identity.ts';
import { type EventFacts, readEvent } from '../../../domain/webhooks/read-event.ts';

/** What happened at once. The question for an NCCO and its answer are two moments of one entry. */
export type Moment = { at: number; legUuid: string | null } & (
  | { type: 'asked' | 'told'; entry: AnswerEntry }
  | { type: 'event'; entry: EventEntry; facts: EventFacts }
);

/**
 * The moments of a call in the order in which the server saw them, by its clock: entries of several servers,
 * and those that were committed together, have ids of another order.
 */
export function momentsOf(entries: readonly LogEntry[]): readonly Moment[] {
  return entries.flatMap(split).sort((a, b) => a.at - b.at || a.entry.id - b.entry.id);
}

function split(entry: LogEntry): Moment[] {
  if (entry.type === 'event') {
    const { payload, receivedAt: at } = entry;
    return [{ type: 'event', at, entry, facts: readEvent(payload), legUuid: callOf(payload).legUuid }];
  }
  const { legUuid } = callOf(entry.request);
  return [
    { type: 'asked', at: entry.receivedAt, entry, legUuid },
    { type: 'told', at: entry.receivedAt + entry.took, entry, legUuid },
  ];
}
