import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of the server. Times are in seconds, as usual in Prometheus. */
export interface Metrics {
  /**
   * A webhook was answered, or its sender stopped waiting. `route` is the first part of its path below `/voice`,
   * `took` is in milliseconds.
   */
  webhookEnded(route: string, status: number | 'aborted', took: number): void;
  /** A webhook was rejected because it was unsigned or its signature was invalid. */
  webhookRefused(route: 'answer' | 'event' | 'fallback', fault: 'unsigned' | 'forged'): void;
  /** An entry was stored: new, or a repeat of an earlier delivery. */
  entryStored(outcome: 'new' | 'repeated'): void;
  entryFailed(): void;
  /** A message was sent to a page this many milliseconds after the webhook arrived. */
  feedSent(lag: number): void;
  /** All metrics in Prometheus text format. */
  text(): Promise<string>;
  contentType: string;
}

interface MetricsSources {
  /** Pages connected, by feed. */
  feedReaders: () => Readonly<Record<string, number>>;
  /** Calls by status. If it rejects because the store is down, the other metrics are still shown. */
  callsByStatus: () => Promise<Readonly<Record<string, number>>>;
  /** Adds the metrics of other rooms. */
  register?: (registry: Registry) => void;
}

/** Buckets include the design targets: 25 ms for a webhook, 100 ms from receipt to page. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const webhooks = new Histogram({
    name: 'switchboard_webhook_seconds',
    help: 'Time until a webhook was answered, by route and HTTP status; aborted if the sender stopped waiting.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const refused = new Counter({
    name: 'switchboard_webhooks_refused_total',
    help: 'Webhooks rejected: unsigned, or forged (invalid signature).',
    labelNames: ['route', 'fault'],
    registers,
  });
  const entries = new Counter({
    name: 'switchboard_entries_total',
    help: 'Webhooks by storage result: new, repeated (stored before) or failed (not acknowledged).',
    labelNames: ['outcome'],
    registers,
  });
  // From zero, so that the first one is an increase.
  for (const outcome of ['new', 'repeated', 'failed']) entries.inc({ outcome }, 0);
  for (const route of ['answer', 'event', 'fallback'])
    for (const fault of ['unsigned', 'forged']) refused.inc({ route, fault }, 0);
  const lag = new Histogram({
    name: 'switchboard_feed_lag_seconds',
    help: 'Time from receiving a webhook until it was sent to a page.',
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'switchboard_feed_readers',
    help: 'Pages connected to a feed of this server: console, agent or wall.',
    labelNames: ['feed'],
    registers,
    collect() {
      for (const [feed, count] of Object.entries(sources.feedReaders())) this.set({ feed }, count);
    },
  });
  new Gauge({
    name: 'switchboard_calls',
    help: 'Live calls by status. No value while the store is down.',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset();
      const counts = await sources.callsByStatus().catch(() => ({}));
      for (const [status, count] of Object.entries(counts)) this.set({ status }, count);
    },
  });

  sources.register?.(registry);
  return {
    webhookEnded: (route, status, took) => webhooks.observe({ route, status }, took / 1000),
    webhookRefused: (route, fault) => refused.inc({ route, fault }),
    entryStored: (outcome) => entries.inc({ outcome }),
    entryFailed: () => entries.inc({ outcome: 'failed' }),
    feedSent: (milliseconds) => lag.observe(milliseconds / 1000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
