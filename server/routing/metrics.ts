import { Histogram, type Registry } from 'prom-client';
import type { Log } from '../log/log.ts';

/** Seconds of ringing and of waiting; they include what callers are promised: 20 seconds, and the longest wait. */
export const WAITING_SECONDS = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 1_800];

/** The metrics of calls that no desk routes. What is counted is what this server was told. */
export function registerDirectMetrics(registry: Registry, log: Pick<Log, 'onRing'>): void {
  const registers = [registry];
  const rings = new Histogram({
    name: 'switchboard_direct_ring_seconds',
    help: 'Time from the first ring until an agent answered, or nobody was rung any more, by result: answered, or how the call ended.',
    labelNames: ['result'],
    buckets: WAITING_SECONDS,
    registers,
  });
  const answers = new Histogram({
    name: 'switchboard_direct_answer_seconds',
    help: 'Time from the arrival of a caller until an agent answered.',
    buckets: WAITING_SECONDS,
    registers,
  });
  log.onRing(({ result, rang, waited }) => {
    if (rang !== null) rings.observe({ result }, rang / 1000);
    if (waited !== null) answers.observe(waited / 1000);
  });
}
