import { availableParallelism } from 'node:os';
import type { DatabaseWork } from './machine.ts';

/** What some server processes did together in a span of time. */
export interface Measured {
  /** How many processes. */
  count: number;
  /** What was done, in the unit of the table, and in which time. */
  done: number;
  seconds: number;
  /** Seconds of processor time: of all servers, and of this program, which makes the load. */
  servers: number;
  load: number;
  database: DatabaseWork;
  failed: number;
}

const CORES = availableParallelism();
/** From this share of all cores on, there is no processor time left to speak of. */
const FULL = 0.9;

export function titles(what: string, unit: string): void {
  console.log(
    `\n${what.padEnd(14)}${unit.padStart(12)}   processor time each, ms:   cores in use:                  each      `,
  );
  console.log(
    `${'processes'.padEnd(26)}   servers  Postgres   servers  Postgres  load   commits   what the database’s connections do`,
  );
}

/** More than this share of the cores for other programs falsifies what is done in a second. */
const MOST_FOR_OTHERS = 0.15;

/** Prints a line, and why it is not more. */
export function row(measured: Measured): void {
  const { count, done, seconds, servers, load, database, failed } = measured;
  const each = (value: number) => ((value * 1000) / done).toFixed(2).padStart(9);
  const cores = (value: number, width: number) => (value / seconds).toFixed(2).padStart(width);
  const doings = database.doings
    .slice(0, 4)
    .map(({ what, share }) => `${what} ${(100 * share).toFixed(0)} %`);
  console.log(
    [
      String(count).padEnd(14),
      (done / seconds).toFixed(0).padStart(12),
      each(servers),
      each(database.processor),
      cores(servers, 11),
      cores(database.processor, 10),
      cores(load, 7),
      (database.commits / done).toFixed(2).padStart(9),
      `   ${doings.join(', ')}`,
    ].join(''),
  );
  console.log(`${''.padEnd(14)}→ ${reason(measured)}${failed > 0 ? `; ${failed} failed` : ''}`);
}

/** What holds it up, as measured. */
function reason({ servers, load, seconds, database }: Measured): string {
  const used = (servers + load + database.processor) / seconds / CORES;
  const others = database.machine / seconds / CORES - used;
  if (others > MOST_FOR_OTHERS) {
    return `other programs took ${(100 * others).toFixed(0)} % of this machine: only the processor time of each is worth anything`;
  }
  const share = (pattern: RegExp) =>
    database.doings.reduce((sum, each) => sum + (pattern.test(each.what) ? each.share : 0), 0);
  const queueing = share(/^Lock: advisory/);
  // Whoever holds the write lock does one of these.
  const holder = [
    ['the disk: commits wait for it', share(/^IO: |^LWLock: WAL/)],
    ['the servers: Postgres waits for their next statement', share(/^Client: /)],
    ['Postgres: it runs statements', share(/^runs/)],
  ] as const;
  const [most] = holder.toSorted(([, a], [, b]) => b - a);
  const queue =
    queueing > 0.2
      ? `, with ${(100 * queueing).toFixed(0)} % of the connections waiting for the write lock`
      : '';
  if (used >= FULL) return `all ${CORES} cores are busy (${(100 * used).toFixed(0)} %)${queue}`;
  return `${(100 * used).toFixed(0)} % of ${CORES} cores; the lock is held longest by ${most?.[0]}${queue}`;
}
