import type { World } from '../world.ts';
import type { Endpoint } from './endpoint.ts';

/** What an application may do in a second: make calls (by the API or by `connect`), and anything else by the Voice API. */
export type Limited = 'call' | 'request';

/** Vonage's limits: what exceeds them is refused, not queued (Voice API, capacity). */
export const PER_SECOND: Record<Limited, number> = { call: 3, request: 15 };

/** Counts what applications do. */
export interface RateLimits {
  /**
   * Takes one of what is left; else tells in how many milliseconds there will be one again.
   * @param to whom a `connect` calls.
   */
  take(
    applicationId: string,
    what: Limited,
    to?: Endpoint['type'],
  ): { ok: true } | { ok: false; retryAfter: number };
}

/** Endpoints that no carrier is needed for. */
const WITHOUT_CARRIER: ReadonlySet<Endpoint['type'] | undefined> = new Set(['app', 'websocket']);

/** Whose `connect` counts: `carriers` leaves out calls to users and sockets, so that a rush finds its agents. */
export type CountedCalls = 'all' | 'carriers';

/** A token bucket for each application, refilled over time. */
export function createRateLimits(world: Pick<World, 'now'>, counted: CountedCalls = 'all'): RateLimits {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(applicationId, what, to) {
      if (counted === 'carriers' && WITHOUT_CARRIER.has(to)) return { ok: true };
      const key = `${what} ${applicationId}`;
      const most = PER_SECOND[what];
      const now = world.now();
      const bucket = buckets.get(key) ?? { left: most, at: now };
      buckets.set(key, bucket);
      bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * most) / 1000);
      bucket.at = now;
      if (bucket.left < 1) return { ok: false, retryAfter: Math.ceil(((1 - bucket.left) * 1000) / most) };
      bucket.left -= 1;
      return { ok: true };
    },
  };
}

/** For load tests: nobody is refused. */
export const NO_LIMITS: RateLimits = { take: () => ({ ok: true }) };
