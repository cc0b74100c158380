import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startPostgres, type TestPostgres } from '../test/support/postgres.ts';
import { measureDesk } from './scale/desk.ts';
import { measurePages } from './scale/pages.ts';
import { measureWebhooks } from './scale/webhooks.ts';

/**
 * What 1, 2 and 4 server processes carry that share a Postgres, and what holds them up. Arguments select parts. Reads
 * /proc: Linux only.
 */
const PROCESSES = [1, 2, 4];
const PARTS: Record<string, (postgres: TestPostgres, counts: readonly number[]) => Promise<void>> = {
  webhooks: measureWebhooks,
  desk: measureDesk,
  pages: measurePages,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`Unknown part "${unknown}"; expected ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
console.log(
  `Servers, Postgres and the load share the ${availableParallelism()} cores of this machine: with more of them, more would be done in a second.
Processor time for each webhook or call does not depend on that.`,
);
const postgres = await startPostgres({ durable: true });
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (positionals.length === 0 || positionals.includes(name)) await measure(postgres, PROCESSES);
  }
} finally {
  await postgres.stop();
}
