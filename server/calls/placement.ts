import type { Prepared } from '../log/incoming.ts';
import type { LegRow } from '../store/schema.ts';

/** Entries that named their leg alone, and whose call is known better now. */
export interface Move {
  legUuid: string;
  from: string;
  to: string;
}

export interface Placement {
  /** The call of each entry, in their order. */
  callIds: string[];
  /** What is now known of legs and was not before. */
  legs: LegRow[];
  moves: Move[];
}

/**
 * To which calls entries belong. Whoever names only a leg belongs to the leg's call, be it named earlier,
 * later or never; of several calls of a leg (it was transferred) to the first in the order of their ids.
 * @param known what the store says of the legs of these entries; null where a leg has no call yet.
 */
export function placeEntries(
  entries: readonly Pick<Prepared, 'callId' | 'legUuid'>[],
  known: ReadonlyMap<string, string | null>,
): Placement {
  const calls = new Map(known);
  for (const { callId, legUuid } of entries) {
    if (legUuid === null) continue;
    const before = calls.get(legUuid) ?? null;
    calls.set(legUuid, callId === null || (before !== null && before <= callId) ? before : callId);
  }
  const legs: LegRow[] = [];
  const moves: Move[] = [];
  for (const [uuid, callId] of calls) {
    const before = known.get(uuid);
    if (before === callId) continue;
    legs.push({ uuid, call_id: callId });
    const from = before ?? callOfLeg(uuid);
    if (before !== undefined && callId !== null && callId !== from) {
      moves.push({ legUuid: uuid, from, to: callId });
    }
  }
  const callIds = entries.map(({ callId, legUuid }) => {
    const leg = legUuid ?? '';
    return callId ?? calls.get(leg) ?? callOfLeg(leg);
  });
  return { callIds, legs, moves };
}

function callOfLeg(uuid: string): string {
  return `leg:${uuid}`;
}
