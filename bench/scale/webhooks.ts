import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import type { TestPostgres } from '../../test/support/postgres.ts';
import { realModeEnvironment } from '../../test/support/real-mode.ts';
import { type ServerProcess, startServer } from '../servers.ts';
import { fullLoad } from '../webhooks/load.ts';
import { signedRequests } from '../webhooks/signed-requests.ts';
import { processorTime, residentMemory, watchDatabase } from './machine.ts';
import { row, titles } from './table.ts';

const SECONDS = 8;
const WARM_UP = 3;
/** Of all servers together. */
const CONNECTIONS = 200;
/** No server of this size takes more. */
const MOST_PER_SECOND = 8_000;
const SECRET = 'a signature secret for the benchmark';

/** Signed events per second, each stored and its call updated before it is answered. */
export async function measureWebhooks(postgres: TestPostgres, counts: readonly number[]): Promise<void> {
  console.log('\nWebhooks: signed events, each stored, and its call updated, before it is answered');
  titles('', 'webhooks/s');
  const memory: string[] = [];
  for (const count of counts) memory.push(await measure(await postgres.createDatabase(), count));
  console.log(`\nMemory of each process after that: ${memory.join('; ')}`);
}

async function measure(databaseUrl: string, count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-scale-'));
  const servers: ServerProcess[] = [];
  const ports: number[] = [];
  const environment = {
    ...realModeEnvironment(folder),
    VONAGE_SIGNATURE_SECRET: SECRET,
    DATABASE_URL: databaseUrl,
    LOG_FORMAT: 'json',
  };
  // One after the other: they bring the same tables up to date.
  for (let index = 0; index < count; index += 1) {
    const port = await freePort();
    ports.push(port);
    const output = join(folder, `server-${index}.log`);
    servers.push(
      await startServer({ port, folder, output, environment: { ...environment, PORT: String(port) } }),
    );
  }
  const make = signedRequests(SECRET).event;
  const connections = Math.floor(CONNECTIONS / count);
  const load = (seconds: number, onPrepared: () => Promise<void>) =>
    Promise.all(
      ports.map((port) =>
        fullLoad({ port, make, seconds, connections, mostPerSecond: MOST_PER_SECOND / count, onPrepared }),
      ),
    );
  await load(WARM_UP, async () => {});
  const used = () => servers.reduce((sum, { pid }) => sum + processorTime(pid), 0);
  const begin = async () => ({
    watch: await watchDatabase(databaseUrl),
    servers: used(),
    own: process.cpuUsage(),
  });
  let prepared = 0;
  const all = Promise.withResolvers<void>();
  const begun = all.promise.then(begin);
  const loads = await load(SECONDS, async () => {
    prepared += 1;
    if (prepared === count) all.resolve();
    await begun;
  });
  const { watch, servers: before, own } = await begun;
  const { user, system } = process.cpuUsage(own);
  const processor = used() - before;
  const database = await watch.stop();
  const sum = (pick: (one: (typeof loads)[number]) => number) =>
    loads.reduce((total, one) => total + pick(one), 0);
  row({
    count,
    done: sum(({ answered }) => answered),
    seconds: SECONDS,
    servers: processor,
    load: (user + system) / 1e6,
    database,
    failed: sum(({ failed }) => failed),
  });
  const megabytes = servers.map(({ pid }) => residentMemory(pid).toFixed(0));
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
  return `${megabytes.join(', ')} MB`;
}
