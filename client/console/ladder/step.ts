import { namesOf } from '../../../domain/webhooks/identity.ts';
import type { AnswerEntry, EventEntry, LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { type EventFacts, readEvent } from '../../../domain/webhooks/read-event.ts';

/**
 * One thing that happened. A question for an NCCO and its reply are two steps of one entry. `at` is in whole
 * milliseconds since 1970, because the server's clock tells no more of when a webhook came.
 */
export type Step = { at: number; legUuid: string | null } & (
  | { type: 'asked'; entry: AnswerEntry }
  /** What the server wants done; an event may be answered with an NCCO, too. */
  | { type: 'replied'; entry: LogEntry }
  /** @property happenedAt by Vonage's clock, milliseconds since 1970; null where that is not known */
  | { type: 'event'; entry: EventEntry; facts: EventFacts; happenedAt: number | null }
);

/**
 * The steps of a call in the order in which the server saw them: by its clock, and within a millisecond by the
 * ids of the entries. Ids alone do not tell, because several servers give them as they commit.
 */
export function stepsOf(entries: readonly LogEntry[]): readonly Step[] {
  const steps = entries.flatMap(split).sort((a, b) => a.at - b.at || a.entry.id - b.entry.id);
  const starts = startsOf(steps);
  return steps.map((step) => (step.type === 'event' ? { ...step, happenedAt: timeOf(step, starts) } : step));
}

function split(entry: LogEntry): Step[] {
  const { receivedAt: at } = entry;
  const replied = { type: 'replied', at: Math.floor(at + entry.took), entry } as const;
  if (entry.type === 'event') {
    const facts = readEvent(entry.payload);
    const { leg: legUuid } = facts;
    const told: Step = { type: 'event', at, entry, facts, legUuid, happenedAt: null };
    return entry.reply.ncco === undefined ? [told] : [told, { ...replied, legUuid }];
  }
  const { leg: legUuid } = namesOf(entry.request);
  return [
    { type: 'asked', at, entry, legUuid },
    { ...replied, legUuid },
  ];
}

/** When each leg started, as its events tell. */
function startsOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const step of steps) {
    if (step.type === 'event' && step.legUuid !== null && step.facts.status === 'started') {
      const { legUuid, facts } = step;
      starts.set(legUuid, Math.min(starts.get(legUuid) ?? Infinity, facts.timestamp ?? Infinity));
    }
  }
  return starts;
}

/** The "answered" of an app leg bears the time of its "started": when it was answered, nobody says. */
function timeOf(
  { entry, facts, legUuid }: Extract<Step, { type: 'event' }>,
  starts: ReadonlyMap<string, number>,
): number | null {
  if (entry.replayed || facts.timestamp === null) {
    return null;
  }
  const isStart = facts.status === 'answered' && facts.timestamp <= (starts.get(legUuid ?? '') ?? -Infinity);
  return isStart ? null : facts.timestamp;
}
