/** One look at the servers and the calls. */
export interface Sample {
  /** Seconds since the start. */
  at: number;
  /** Whether garbage was collected just before. */
  isCollected: boolean;
  /** Of each server; null where it was down. */
  servers: readonly (ServerSample | null)[];
  calls: { begun: number; live: number; talked: number; gaveUp: number };
}

export interface ServerSample {
  /** Megabytes. */
  resident: number;
  heap: number;
  /** 99th percentile of the delay of the event loop, in milliseconds. */
  delay: number;
  /** Processor time since it started, in seconds. */
  processor: number;
  /** Age of the oldest request to the platform that is not done, in seconds. */
  outbox: number;
}

export interface Growth {
  server: number;
  what: 'resident' | 'heap';
  /** Megabytes at the beginning of the time that is judged, and how many more at its end, by the line that fits best. */
  from: number;
  by: number;
  most: number;
}

/** Growth that is allowed: what a collector that takes its time looks like in a short run. */
const MOST_MEGABYTES = 16;
const MOST_SHARE = 0.1;

/**
 * From when each is judged, as a share of the run. Resident memory rises for the first five minutes of a server, also of
 * one that was killed and started again, until the collector has all the room that it keeps.
 */
const JUDGED_FROM = { resident: 2 / 3, heap: 1 / 2 };

/** Shorter runs, in seconds, do not tell: servers still warm up. */
const SHORTEST = 600;

/**
 * How memory grew, the heap in the second half of the run, resident memory in the last third: the straight line that fits
 * the samples best rises by so much. It may rise by 16 MB or a tenth of where it begins, whichever is more. Of the heap
 * only what a collection left counts. Servers that were down in the second half are left out, as are runs of less than ten
 * minutes.
 */
export function growthsOf(samples: readonly Sample[], end: number): Growth[] {
  if (end < SHORTEST) return [];
  const half = samples.filter(({ at }) => at > end / 2);
  const count = samples[0]?.servers.length ?? 0;
  return Array.from({ length: count }, (_, server) => server).flatMap((server) => {
    const own = half.map(({ at, isCollected, servers }) => ({
      at,
      isCollected,
      sample: servers[server] ?? null,
    }));
    if (own.some(({ sample }) => sample === null)) return [];
    return (['resident', 'heap'] as const).map((what): Growth => {
      const start = end * JUDGED_FROM[what];
      const counted = own.filter(({ at, isCollected }) => at > start && (isCollected || what === 'resident'));
      const line = lineThrough(counted.map(({ at, sample }) => ({ x: at, y: sample?.[what] ?? 0 })));
      const from = line(start);
      return { server, what, from, by: line(end) - from, most: Math.max(MOST_MEGABYTES, MOST_SHARE * from) };
    });
  });
}

/** Processor time of all servers for each call of the second half, in milliseconds. */
export function processorPerCall(samples: readonly Sample[], end: number): number {
  const half = samples.filter(({ at }) => at > end / 2);
  const [first, last] = [half[0], half.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const used = ({ servers }: Sample) =>
    servers.reduce((sum, server) => sum + (server?.processor ?? Number.NaN), 0);
  return (1000 * (used(last) - used(first))) / (last.calls.begun - first.calls.begun);
}

interface Point {
  x: number;
  y: number;
}

/** The line with the least squares. */
function lineThrough(points: readonly Point[]): (x: number) => number {
  const mean = (pick: (point: Point) => number) =>
    points.reduce((sum, each) => sum + pick(each), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
  return (at) => y + slope * (at - x);
}
