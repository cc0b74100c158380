import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { EventFacts } from '../../../domain/webhooks/read-event.ts';
import type { BookedLeg } from './leg-book.ts';
import type { Moment } from './moment.ts';

export type Party = 'caller' | 'vonage' | 'server' | 'agent';

/** What happened, apart from its words. */
export type Deed =
  | { name: 'asks'; isFallback: boolean }
  /** @property took milliseconds until the answer was ready */
  | { name: 'instructs'; ncco: Ncco; took: number }
  | LegDeed
  | { name: 'machine'; isHuman: boolean }
  | { name: 'websocket-gone' }
  | { name: 'transcription' }
  | { name: 'payment'; isDone: boolean }
  /** The event URL was asked for an NCCO. */
  | { name: 'asks-wrongly' }
  | { name: 'transfer' }
  | { name: 'recording' }
  | { name: 'error'; reason: string | null }
  | { name: 'notify' }
  | { name: 'input'; digits: string | null; speech: string | null }
  | { name: 'unknown' };

/** A step in the life of a leg. */
export interface LegDeed {
  name: 'leg';
  party: BookedLeg['party'];
  /** Name of the agent, or number; null where it is not known. */
  who: string | null;
  /** Vonage's own word for it. */
  status: string;
  /** Whether the party did it, or Vonage to the party. */
  isByParty: boolean;
  detail: string | null;
  /** Seconds that are billed. */
  duration: number | null;
}

/** What a moment is about. `leg` is the one that it tells of, if any. */
export function deedOf(moment: Moment, leg: BookedLeg | null): Deed {
  switch (moment.type) {
    case 'asked':
      return { name: 'asks', isFallback: moment.entry.type === 'fallback' };
    case 'told':
      return { name: 'instructs', ncco: moment.entry.ncco, took: moment.entry.took };
    case 'event':
      return deedOfEvent(moment.facts, leg);
  }
}

function deedOfEvent(facts: EventFacts, leg: BookedLeg | null): Deed {
  switch (facts.kind) {
    case 'status':
      return leg && facts.status !== null ? legDeed(facts, facts.status, leg) : { name: 'unknown' };
    case 'machine-detection':
      return { name: 'machine', isHuman: facts.status === 'human' };
    case 'disconnected':
      return { name: 'websocket-gone' };
    case 'payment':
      return { name: 'payment', isDone: facts.status === 'success' };
    case 'answer':
      return { name: 'asks-wrongly' };
    case 'record':
      return { name: 'recording' };
    case 'error':
      return { name: 'error', reason: facts.reason };
    case 'input':
      return {
        name: 'input',
        digits: facts.dtmf?.digits ?? null,
        speech: facts.speech?.results?.[0]?.text ?? null,
      };
    case 'transcription':
    case 'transfer':
    case 'notify':
    case 'unknown':
      return { name: facts.kind };
  }
}

function legDeed(
  facts: Extract<EventFacts, { kind: 'status' }>,
  status: string,
  { party, who }: BookedLeg,
): LegDeed {
  const endedByParty = status === 'completed' && facts.disconnected_by === 'user';
  return {
    name: 'leg',
    party,
    who,
    status,
    isByParty: endedByParty || doings[party].includes(status),
    detail: facts.detail,
    duration: facts.duration,
  };
}

/** The statuses that come about by what a party does; all others are Vonage's doing. */
const doings: Record<LegDeed['party'], readonly string[]> = {
  caller: ['started'],
  agent: ['answered', 'busy', 'rejected'],
};
