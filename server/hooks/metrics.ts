import { Counter, Gauge, type Registry } from 'prom-client';
import type { HookSender } from './sender.ts';

/** The metrics of hooks. What is counted is what this server sent; gauges are of all servers. */
export function registerHookMetrics(registry: Registry, hooks: HookSender): void {
  const registers = [registry];
  const attempts = new Counter({
    name: 'switchboard_hooks_total',
    help: 'Attempts to send a hook by result: delivered, failed, unreachable or stopped; and hooks that were dropped.',
    labelNames: ['result'],
    registers,
  });
  hooks.onAttempt((result, count) => attempts.inc({ result }, count));
  const backlog = (read: (backlog: { count: number; age: number }) => number) =>
    async function collect(this: Gauge) {
      const found = await hooks.backlog().catch(() => undefined);
      if (found === undefined) this.remove();
      else this.set(read(found));
    };
  new Gauge({
    name: 'switchboard_hooks_waiting',
    help: 'Hooks that a receiver has not got yet.',
    registers,
    collect: backlog(({ count }) => count),
  });
  new Gauge({
    name: 'switchboard_hooks_age_seconds',
    help: 'Age of the oldest hook that a receiver has not got yet; 0 when there is none.',
    registers,
    collect: backlog(({ age }) => age),
  });
}
