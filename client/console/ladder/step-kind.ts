import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { EventFacts } from '../../../domain/webhooks/read-event.ts';
import type { BookedLeg } from './leg-book.ts';
import type { Step } from './step.ts';

export type Party = 'caller' | 'vonage' | 'server' | 'agent';

/** What happened, apart from its words. */
export type StepKind =
  | { name: 'asks'; isFallback: boolean }
  /** @property party whose leg the NCCO is for */
  | { name: 'instructs'; ncco: Ncco; party: BookedLeg['party'] }
  /** A question for an NCCO got none. */
  | { name: 'refuses'; status: number }
  | LegStep
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
export interface LegStep {
  name: 'leg';
  party: BookedLeg['party'];
  /** Name of the agent, or number; null where it is not known. */
  who: string | null;
  /** Vonage's own word for it. */
  status: string;
  /** Whether the party did it, or Vonage to the party. */
  isByParty: boolean;
  /** Who ended the leg, where Vonage says so. */
  endedBy: 'party' | 'vonage' | null;
  detail: string | null;
  /** Seconds that are billed. */
  duration: number | null;
}

/** What a step is about. `leg` is the one that it tells of, if any. */
export function kindOf(step: Step, leg: BookedLeg | null): StepKind {
  switch (step.type) {
    case 'asked':
      return { name: 'asks', isFallback: step.entry.type === 'fallback' };
    case 'replied': {
      const { type, reply } = step.entry;
      const { ncco, status } = reply;
      // An event's NCCO takes the place of the one that connected the caller.
      const party = (type === 'event' ? null : leg?.party) ?? 'caller';
      return ncco === undefined ? { name: 'refuses', status } : { name: 'instructs', ncco, party };
    }
    case 'event':
      return kindOfEvent(step.facts, leg);
  }
}

function kindOfEvent(facts: EventFacts, leg: BookedLeg | null): StepKind {
  switch (facts.kind) {
    case 'status':
      return leg && facts.status !== null ? legStep(facts, facts.status, leg) : { name: 'unknown' };
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

function legStep(facts: EventFacts, status: string, { party, who }: BookedLeg): LegStep {
  const endedBy = status === 'completed' ? endedByOf(facts) : null;
  return {
    name: 'leg',
    party,
    who,
    status,
    isByParty: endedBy === 'party' || doings[party].includes(status),
    endedBy,
    detail: facts.detail,
    duration: facts.duration,
  };
}

function endedByOf({ disconnected_by }: EventFacts): LegStep['endedBy'] {
  if (disconnected_by === 'user') {
    return 'party';
  }
  return disconnected_by === 'platform' ? 'vonage' : null;
}

/** The statuses that come about by what a party does; all others are Vonage's doing. */
const doings: Record<LegStep['party'], readonly string[]> = {
  caller: ['started'],
  agent: ['answered', 'busy', 'rejected'],
};
