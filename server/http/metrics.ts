import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What an operator watches. Times are seconds, as Prometheus has them. */
export interface Metrics {
  /** A webhook was answered. `took` in milliseconds. */
  webhookAnswered(route: 'answer' | 'event' | 'fallback', status: number, took: number): void;
  /** A webhook was turned away, because it was not signed or its signature was wrong. */
  webhookRefused(route: 'answer' | 'event' | 'fallback', fault: 'unsigned' | 'forged'): void;
  /** An entry was acknowledged: new, or known already from an earlier delivery. */
  entryStored(outcome: 'new' | 'repeated'): void;
  entryFailed(): void;
  /** A message was handed to a page, so many milliseconds after its receipt. */
  feedSent(lag: number): void;
  /** The whole, in Prometheus's text format. */
  text(): Promise<string>;
  contentType: string;
}

interface MetricsSources {
  feedReaders: () => number;
  /** Calls by status. Rejects while the store is away: the rest is shown all the same. */
  callsByStatus: () => Promise<Readonly<Record<string, number>>>;
}

/** Bounds that show the design's own: 25 ms for a webhook, 100 ms from receipt to page. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const webhooks = new Histogram({
    name: 'switchboard_webhook_seconds',
    help: 'Time until a webhook was answered.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const refused = new Counter({
    name: 'switchboard_webhooks_refused_total',
    help: 'Webhooks that were turned away: unsigned, or forged (their signature was wrong).',
    labelNames: ['route', 'fault'],
    registers,
  });
  const entries = new Counter({
    name: 'switchboard_entries_total',
    help: 'Webhooks that were to be stored: new, repeated (stored before) or failed (not acknowledged).',
    labelNames: ['outcome'],
    registers,
  });
  const lag = new Histogram({
    name: 'switchboard_feed_lag_seconds',
    help: 'Time from the receipt of a webhook until it was handed to a page.',
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'switchboard_feed_readers',
    help: 'Pages that are connected to the feed.',
    registers,
    collect() {
      this.set(sources.feedReaders());
    },
  });
  new Gauge({
    name: 'switchboard_calls',
    help: 'Stored calls by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset();
      const counts = await sources.callsByStatus().catch(() => ({}));
      for (const [status, count] of Object.entries(counts)) this.set({ status }, count);
    },
  });

  return {
    webhookAnswered: (route, status, took) => webhooks.observe({ route, status }, took / 1000),
    webhookRefused: (route, fault) => refused.inc({ route, fault }),
    entryStored: (outcome) => entries.inc({ outcome }),
    entryFailed: () => entries.inc({ outcome: 'failed' }),
    feedSent: (milliseconds) => lag.observe(milliseconds / 1000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
