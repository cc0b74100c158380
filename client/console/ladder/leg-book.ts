import type { Moment } from './moment.ts';

/** Where a party's leg is. */
export type LegStage = 'absent' | 'ringing' | 'connected' | 'gone';

/** Who is there at one moment. */
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

/** Keeps account of a call's legs while its moments are read in their order. */
export interface LegBook {
  /** The leg that a moment tells of, as it is then; null where it tells of none. */
  read(moment: Moment): BookedLeg | null;
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

/** @param moments all that are known of the call: whose a leg is may be told late */
export function createLegBook(moments: readonly Moment[]): LegBook {
  const legs = knownLegs(moments);

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
    read(moment) {
      const leg = moment.legUuid === null ? undefined : legs.get(moment.legUuid);
      const stage = leg && stageAfter(moment);
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

function stageAfter(moment: Moment): LegStage | undefined {
  if (moment.type !== 'event') {
    return 'ringing';
  }
  return moment.facts.kind === 'status' ? stageOfStatus.get(moment.facts.status) : undefined;
}

function knownLegs(moments: readonly Moment[]): Map<string, BookedLeg> {
  const legs = new Map<string, BookedLeg>();
  for (const moment of moments) {
    const { legUuid } = moment;
    const facts = moment.type === 'event' ? moment.facts : null;
    // Vonage asks the answer URL about a leg that comes in.
    const direction = facts ? facts.direction : 'inbound';
    if (legUuid !== null && direction !== null) {
      const party = direction === 'inbound' ? 'caller' : 'agent';
      const who = (party === 'caller' ? facts?.from : facts?.to) ?? null;
      const known = legs.get(legUuid);
      legs.set(legUuid, known ? { ...known, who: known.who ?? who } : { party, who, stage: 'absent' });
    }
  }
  return legs;
}
