import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Store } from './store.ts';

/** The bars for a webhook are 10 and 25 ms; callers wait 500 ms for the store, and no statement takes longer than 4 s. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** Milliseconds for which the size is not asked again. */
const SIZE_MS = 60_000;

/**
 * The metrics of the store, as this server sees it.
 * @param check resolves if webhooks can be stored
 */
export function registerStoreMetrics(registry: Registry, store: Store, check: () => Promise<void>): void {
  const registers = [registry];
  const operations = new Histogram({
    name: 'switchboard_store_seconds',
    help: 'Time of a read or write, with all that it waited for, by result: done, failed, or unavailable if the store is down.',
    labelNames: ['operation', 'result'],
    buckets: SECONDS,
    registers,
  });
  store.onOperation(({ kind, result, seconds }) => operations.observe({ operation: kind, result }, seconds));
  new Gauge({
    name: 'switchboard_store_up',
    help: '1 if webhooks can be stored, otherwise 0.',
    registers,
    async collect() {
      const isUp = await check().then(
        () => true,
        () => false,
      );
      this.set(isUp ? 1 : 0);
    },
  });
  let size: { bytes: number | undefined; until: number } = { bytes: undefined, until: 0 };
  new Gauge({
    name: 'switchboard_store_size_bytes',
    help: 'Size of the database, at most a minute old. Recordings are not part of it.',
    registers,
    async collect() {
      if (size.until <= performance.now()) {
        const bytes = await readSize(store).catch(() => undefined);
        size = { bytes, until: bytes === undefined ? 0 : performance.now() + SIZE_MS };
      }
      if (size.bytes === undefined) this.remove();
      else this.set(size.bytes);
    },
  });
}

async function readSize({ engine }: Store): Promise<number> {
  return engine.size();
}
