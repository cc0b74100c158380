import type { Leg } from '../../../domain/calls/call.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { createFlagger, type Flag } from './flags.ts';
import { type BookedLeg, createLegBook, type Presence } from './leg-book.ts';
import { type Step, stepsOf } from './step.ts';
import { kindOf, type Party, type StepKind } from './step-kind.ts';

/** From whom to whom something went. `leg`: a part of the call itself; the others are HTTP. */
export interface Arrow {
  from: Party;
  to: Party;
  carries: 'leg' | 'event' | 'answer' | 'fallback' | 'ncco' | 'reply';
}

/** One thing that happened in a call, as the log tells it. */
export interface StepRung {
  type: 'step';
  key: string;
  entry: LogEntry;
  kind: StepKind;
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
  /** How often Vonage delivered the webhook, where this is its first delivery; else 1. */
  deliveries: number;
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

export type Rung = StepRung | Talk;

/**
 * A call as a ladder between caller, Vonage, this server and agent, from the first step to the last.
 * @param known the call's legs, as all its entries tell them
 */
export function ladderOf(entries: readonly LogEntry[], known: readonly Leg[]): readonly Rung[] {
  const steps = stepsOf(entries);
  const legs = createLegBook(known);
  const flagsOf = createFlagger(known);
  const repeats = repeatsIn(entries);
  const start = steps[0]?.at ?? 0;
  const rungs: Rung[] = [];
  let previous: number | null = null;
  let talk: Talk | null = null;

  for (const step of steps) {
    const { at, entry, type } = step;
    const leg = legs.read(step);
    const kind = kindOf(step, leg);
    const after = legs.presence();
    rungs.push({
      type: 'step',
      key: `${entry.id} ${type}`,
      entry,
      kind,
      arrows: arrowsOf(step, kind, leg),
      at,
      sinceStart: at - start,
      sincePrevious: previous === null ? null : at - previous,
      happenedAt: step.type === 'event' ? step.happenedAt : null,
      flags: flagsOf(step),
      deliveries: type === 'replied' ? 1 : 1 + (repeats.get(entry.id) ?? 0),
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

/** How often each entry was repeated. */
function repeatsIn(entries: readonly LogEntry[]): ReadonlyMap<number, number> {
  const repeats = new Map<number, number>();
  for (const entry of entries) {
    if (entry.repeats !== null) repeats.set(entry.repeats, (repeats.get(entry.repeats) ?? 0) + 1);
  }
  return repeats;
}

function arrowsOf(step: Step, kind: StepKind, leg: BookedLeg | null): Arrow[] {
  switch (step.type) {
    case 'asked':
      return [{ from: 'vonage', to: 'server', carries: step.entry.type }];
    case 'replied':
      return [{ from: 'server', to: 'vonage', carries: kind.name === 'refuses' ? 'reply' : 'ncco' }];
    case 'event': {
      // A replay comes from this server, and a repeated delivery tells of what happened before.
      const isNews = !step.entry.replayed && step.entry.repeats === null;
      const legArrows = isNews ? legArrow(kind, leg) : [];
      return [...legArrows, { from: 'vonage', to: 'server', carries: 'event' }];
    }
  }
}

/** What went between Vonage and a party before we were told. */
function legArrow(kind: StepKind, leg: BookedLeg | null): Arrow[] {
  const party = leg?.party ?? 'caller';
  if (kind.name === 'input') {
    return [{ from: party, to: 'vonage', carries: 'leg' }];
  }
  if (kind.name !== 'leg') {
    return [];
  }
  const [from, to]: [Party, Party] = kind.isByParty ? [party, 'vonage'] : ['vonage', party];
  return [{ from, to, carries: 'leg' }];
}
