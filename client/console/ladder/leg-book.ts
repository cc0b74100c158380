import type { Leg } from '../../../domain/calls/call.ts';
import type { Step } from './step.ts';

/** Where a party's leg is. */
type LegStage = 'absent' | 'ringing' | 'connected' | 'gone';

/** Who is there at one time. */
export interface Presence {
  caller: LegStage;
  agent: { stage: LegStage; name: string | null };
  isTalking: boolean;
}

export interface BookedLeg {
  party: 'caller' | 'agent';
  who: string | null;
  stage: LegStage;
}

/** Keeps account of a call's legs while its steps are read in their order. */
interface LegBook {
  /** The leg that a step tells of, as it is then; null where it tells of none. */
  read(step: Step): BookedLeg | null;
  presence(): Presence;
}

/** The order of a leg's life: none goes back. */
const stages: readonly LegStage[] = ['absent', 'ringing', 'connected', 'gone'];

const stageOfStatus: ReadonlyMap<string | null, LegStage> = new Map([
  ['started', 'ringing'],
  ['ringing', 'ringing'],
  ['answered', 'connected'],
  ['busy', 'gone'],
  ['cancelled', 'gone'],
  ['timeout', 'gone'],
  ['unanswered', 'gone'],
  ['rejected', 'gone'],
  ['failed', 'gone'],
  ['disconnected', 'gone'],
  ['completed', 'gone'],
]);

/** @param known the call's legs as all its entries tell them: whose a leg is may be told late */
export function createLegBook(known: readonly Leg[]): LegBook {
  const legs = new Map(known.flatMap(booked));

  /** The leg that counts for a party: one that is connected, else one that is open, else the last. */
  function legOf(party: BookedLeg['party']): BookedLeg | undefined {
    const all = [...legs.values()].filter((leg) => leg.party === party && leg.stage !== 'absent');
    return (
      all.findLast(({ stage }) => stage === 'connected') ??
      all.findLast(({ stage }) => stage === 'ringing') ??
      all.at(-1)
    );
  }

  return {
    read(step) {
      const leg = step.legUuid === null ? undefined : legs.get(step.legUuid);
      const stage = leg && stageAfter(step);
      if (stage && stages.indexOf(stage) > stages.indexOf(leg.stage)) {
        leg.stage = stage;
      }
      return leg ?? null;
    },
    presence() {
      const caller = legOf('caller')?.stage ?? 'absent';
      const agent = legOf('agent');
      return {
        caller,
        agent: { stage: agent?.stage ?? 'absent', name: agent?.who ?? null },
        isTalking: caller === 'connected' && agent?.stage === 'connected',
      };
    },
  };
}

function stageAfter(step: Step): LegStage | undefined {
  if (step.type !== 'event') {
    return step.type === 'asked' ? 'ringing' : undefined;
  }
  return step.facts.kind === 'status' ? stageOfStatus.get(step.facts.status) : undefined;
}

function booked({ uuid, direction, from, to }: Leg): [string, BookedLeg][] {
  switch (direction) {
    case 'inbound':
      return [[uuid, { party: 'caller', who: from, stage: 'absent' }]];
    case 'outbound':
      return [[uuid, { party: 'agent', who: to, stage: 'absent' }]];
    case null:
      return [];
  }
}
