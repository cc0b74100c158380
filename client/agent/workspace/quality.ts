/** What was counted in a call until a moment. */
export interface CallCounts {
  /** Packets from the caller. */
  received: number;
  lost: number;
  /** Seconds. */
  jitter: number;
  /** Part of the agent's packets that did not arrive, from 0 to 1; null where nobody said. */
  lostThere: number | null;
  /** Seconds there and back; null where nobody said. */
  roundTrip: number | null;
}

export interface CallQuality {
  level: 'good' | 'fair' | 'poor';
  /** What is worst; null while it is good. */
  because: 'loss in' | 'loss out' | 'delay' | 'jitter' | null;
}

/** From where on something is fair, and poor: about what ITU-T G.107 takes for audible, and for hard to follow. */
const LIMITS = {
  'loss in': [0.02, 0.06],
  'loss out': [0.02, 0.06],
  delay: [0.3, 0.6],
  jitter: [0.04, 0.1],
} as const;

/** How good a call was between two moments. */
export function qualityBetween(before: CallCounts, now: CallCounts): CallQuality {
  const lost = Math.max(0, now.lost - before.lost);
  const all = lost + Math.max(0, now.received - before.received);
  const measured: [keyof typeof LIMITS, number][] = [
    ['loss in', all === 0 ? 0 : lost / all],
    ['loss out', now.lostThere ?? 0],
    ['delay', now.roundTrip ?? 0],
    ['jitter', now.jitter],
  ];
  for (const [level, limit] of [['poor', 1] as const, ['fair', 0] as const]) {
    const worst = measured.find(([what, value]) => value >= LIMITS[what][limit]);
    if (worst) {
      return { level, because: worst[0] };
    }
  }
  return { level: 'good', because: null };
}

/** The counts in a browser's statistics of a connection; null where there are none yet. */
export function countsIn(reports: Iterable<Record<string, unknown>>): CallCounts | null {
  let counts: CallCounts | null = null;
  let remote: Pick<CallCounts, 'lostThere' | 'roundTrip'> = { lostThere: null, roundTrip: null };
  for (const report of reports) {
    if (report.type === 'inbound-rtp' && report.kind === 'audio') {
      counts = {
        received: number(report.packetsReceived) ?? 0,
        lost: number(report.packetsLost) ?? 0,
        jitter: number(report.jitter) ?? 0,
        lostThere: null,
        roundTrip: null,
      };
    } else if (report.type === 'remote-inbound-rtp' && report.kind === 'audio') {
      remote = { lostThere: number(report.fractionLost), roundTrip: number(report.roundTripTime) };
    }
  }
  return counts && { ...counts, ...remote };
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
