import type { StatsEntry } from '@roamhq/wrtc';

/** Counters of what came in: media and its control packets, and the pings that keep the path open. */
const COUNTERS: Record<string, readonly string[]> = {
  transport: ['packetsReceived'],
  'candidate-pair': ['requestsReceived', 'responsesReceived'],
};

/** How much of any kind came in so far, by a connection's statistics: while this number stands still, the far side is silent. */
export function signsOfLife(stats: Iterable<StatsEntry>): number {
  let signs = 0;
  for (const entry of stats) {
    for (const counter of COUNTERS[entry.type] ?? []) signs += Number(entry[counter] ?? 0);
  }
  return signs;
}
