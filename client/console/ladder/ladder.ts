import type { LogEntry } from '../../../domain/calls/log-entry.ts';
import { type Deed, deedOf, type Party } from './deed.ts';
import { createFlagger, type Flag } from './flags.ts';
import { type BookedLeg, createLegBook, type Presence } from './leg-book.ts';
import { type Moment, momentsOf } from './moment.ts';

/** From whom to whom something went. `leg`: a part of the call itself; the others are HTTP. */
export interface Arrow {
  from: Party;
  to: Party;
  carries: 'leg' | 'event' | 'answer' | 'fallback' | 'ncco';
}

/** One thing that happened in a call, as the log tells it. */
export interface Step {
  type: 'step';
  key: string;
  entry: LogEntry;
  deed: Deed;
  arrows: readonly Arrow[];
  /** Milliseconds since 1970, by this server's clock. */
  at: number;
  /** Milliseconds since the first step. */
  sinceStart: number;
  /** Milliseconds since the step before; null for the first. */
  sincePrevious: number | null;
  /** When it happened by Vonage's clock, milliseconds since 1970; null where that is not said. */
  happenedAt: number | null;
  flags: readonly Flag[];
  after: Presence;
}

/** A conversation between the caller and an agent, listed where it began. */
export interface Talk {
  type: 'talk';
  key: string;
  who: string | null;
  /** Milliseconds since 1970; `until` is null while they talk. */
  from: number;
  until: number | null;
  after: Presence;
}

export type Rung = Step | Talk;

/** A call as a ladder between caller, Vonage, this server and agent, from the first step to the last. */
export function ladderOf(entries: readonly LogEntry[]): readonly Rung[] {
  const moments = momentsOf(entries);
  const legs = createLegBook(moments);
  const flagsOf = createFlagger(moments);
  const start = moments[0]?.at ?? 0;
  const rungs: Rung[] = [];
  let previous: number | null = null;
  let talk: Talk | null = null;

  for (const moment of moments) {
    const { at, entry, type } = moment;
    const leg = legs.read(moment);
    const deed = deedOf(moment, leg);
    const after = legs.presence();
    rungs.push({
      type: 'step',
      key: `${entry.id} ${type}`,
      entry,
      deed,
      arrows: arrowsOf(moment, deed, leg),
      at,
      sinceStart: at - start,
      sincePrevious: previous === null ? null : at - previous,
      happenedAt: type === 'event' && !entry.replayed ? moment.facts.timestamp : null,
      flags: flagsOf(moment),
      after,
    });
    previous = at;
    if (after.isTalking && !talk) {
      talk = { type: 'talk', key: `${entry.id} talk`, who: after.agent.name, from: at, until: null, after };
      rungs.push(talk);
    } else if (!after.isTalking && talk) {
      talk.until = at;
      talk = null;
    }
  }
  return rungs;
}

function arrowsOf(moment: Moment, deed: Deed, leg: BookedLeg | null): Arrow[] {
  switch (moment.type) {
    case 'asked':
      return [{ from: 'vonage', to: 'server', carries: moment.entry.type }];
    case 'told':
      return [{ from: 'server', to: 'vonage', carries: 'ncco' }];
    case 'event': {
      // A replay comes from this server; nothing happened in the call.
      const legArrows = moment.entry.replayed ? [] : legArrow(deed, leg);
      return [...legArrows, { from: 'vonage', to: 'server', carries: 'event' }];
    }
  }
}

/** What went between Vonage and a party before we were told. */
function legArrow(deed: Deed, leg: BookedLeg | null): Arrow[] {
  const party = leg?.party ?? 'caller';
  if (deed.name === 'input') {
    return [{ from: party, to: 'vonage', carries: 'leg' }];
  }
  if (deed.name !== 'leg') {
    return [];
  }
  const [from, to]: [Party, Party] = deed.isByParty ? [party, 'vonage'] : ['vonage', party];
  return [{ from, to, carries: 'leg' }];
}
