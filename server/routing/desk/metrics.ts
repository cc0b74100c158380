import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DeskView } from '../../../domain/api/desk-api.ts';
import type { Exit } from '../../../domain/desk/desk.ts';
import { serviceLevelCallers } from '../../../domain/desk/figures.ts';
import { WAITING_SECONDS } from '../metrics.ts';
import type { DeskService } from './desk.ts';
import { startOfDay } from './figures.ts';

const EXITS: readonly Exit[] = [
  'completed',
  'abandoned',
  'voicemail',
  'overflow',
  'closed',
  'callback',
  'not reached',
  'lost',
];
/** Milliseconds for which today's service level is not computed again: it reads the whole day. */
const LEVEL_MS = 60_000;

/**
 * The metrics of the desk. What is counted is what this server did; gauges are of the whole desk, the same on each
 * server. While the store is down, gauges have no value.
 */
export function registerDeskMetrics(registry: Registry, desk: DeskService, now: () => number): void {
  const registers = [registry];
  const offers = new Counter({
    name: 'switchboard_desk_offers_total',
    help: 'Offers to agents by result: accepted, rejected, timeout, unreachable, rescinded or canceled.',
    labelNames: ['result'],
    registers,
  });
  const rings = new Histogram({
    name: 'switchboard_desk_ring_seconds',
    help: 'Time from an offer to an agent until it was accepted or ended.',
    labelNames: ['result'],
    buckets: WAITING_SECONDS,
    registers,
  });
  const answers = new Histogram({
    name: 'switchboard_desk_answer_seconds',
    help: 'Time from the arrival of a caller until an agent and the caller heard each other.',
    buckets: WAITING_SECONDS,
    registers,
  });
  const effects = new Counter({
    name: 'switchboard_desk_effects_total',
    help: 'Attempts of the desk to change legs, by kind and result: done, gone, failed or again.',
    labelNames: ['kind', 'result'],
    registers,
  });
  const exits = new Counter({
    name: 'switchboard_desk_exits_total',
    help: 'Callers who left the desk, by how: completed, abandoned, voicemail, overflow, closed, callback, not reached or lost.',
    labelNames: ['exit'],
    registers,
  });
  // From zero, so that the first one is an increase.
  for (const exit of EXITS) exits.inc({ exit }, 0);
  const faults = new Counter({
    name: 'switchboard_desk_faults_total',
    help: 'Times that the desk could not decide because of a fault in it. Callers were answered without it.',
    registers,
  });
  desk.onFault(() => faults.inc());
  desk.onNews(({ event, seconds }) => {
    if (event.kind === 'left') exits.inc({ exit: event.exit });
    if (seconds === null) return;
    if (event.kind === 'connected') answers.observe(seconds);
    else {
      const result = event.kind === 'offer ended' ? event.as : 'accepted';
      offers.inc({ result });
      rings.observe({ result }, seconds);
    }
  });
  desk.onEffect(({ kind, result }) => effects.inc({ kind, result }));

  gauges(registry, desk);
  let level: { ratio: number | null; callers: number; until: number } | undefined;
  let reading: Promise<void> | undefined;
  /** One reading of today serves both gauges. */
  const readLevel = async () => {
    if (level !== undefined && level.ratio !== null && level.until > now()) return level;
    reading ??= desk
      // The same span as the wall's, so that it is read only once.
      .figures(startOfDay(now()), startOfDay(now(), 1))
      .then(
        (figures) => {
          level = {
            ratio: figures.serviceLevel,
            callers: serviceLevelCallers(figures),
            until: now() + LEVEL_MS,
          };
        },
        () => {
          level = undefined;
        },
      )
      .finally(() => {
        reading = undefined;
      });
    await reading;
    return level;
  };
  new Gauge({
    name: 'switchboard_desk_service_level_ratio',
    help: 'Service level of today so far: callers answered within 20 seconds. At most a minute old.',
    registers,
    async collect() {
      const ratio = (await readLevel())?.ratio ?? null;
      if (ratio === null) this.remove();
      else this.set(ratio);
    },
  });
  new Gauge({
    name: 'switchboard_desk_service_level_callers',
    help: 'Callers of today so far who count in the service level. At most a minute old.',
    registers,
    async collect() {
      const callers = (await readLevel())?.callers;
      if (callers === undefined) this.remove();
      else this.set(callers);
    },
  });
}

function gauges(registry: Registry, desk: DeskService): void {
  const registers = [registry];
  let reading: Promise<DeskView | undefined> | undefined;
  /** One reading of the desk serves all gauges of a scrape, which are collected at the same time. */
  const read = () => {
    reading ??= desk
      .view()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  new Gauge({
    name: 'switchboard_desk_calls',
    help: 'Calls in the desk by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const view = await read();
      this.reset();
      for (const { state } of view?.calls ?? []) this.inc({ state });
    },
  });
  new Gauge({
    name: 'switchboard_desk_waiting_callers',
    help: 'Callers who wait, by queue.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const view = await read();
      this.reset();
      for (const { name: queue, waiting } of view?.queues ?? []) this.set({ queue }, waiting);
    },
  });
  new Gauge({
    name: 'switchboard_desk_longest_wait_seconds',
    help: 'How long the caller who waits longest has waited, by queue.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const view = await read();
      this.reset();
      for (const { name: queue, longestWaitSeconds } of view?.queues ?? []) {
        this.set({ queue }, longestWaitSeconds);
      }
    },
  });
  new Gauge({
    name: 'switchboard_desk_agents',
    help: 'Agents by line, choice and load.',
    labelNames: ['line', 'choice', 'load'],
    registers,
    async collect() {
      const view = await read();
      this.reset();
      for (const { line, choice, load } of view?.agents ?? []) this.inc({ line, choice, load });
    },
  });
  new Gauge({
    name: 'switchboard_desk_outbox_age_seconds',
    help: 'Age of the oldest request to the platform that is not done; 0 when there is none.',
    registers,
    async collect() {
      const age = await desk.outboxAge().catch(() => undefined);
      if (age === undefined) this.remove();
      else this.set(age);
    },
  });
}
