import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '../test/support/postgres.ts';
import { fullLoad, pacedLoad } from './webhooks/load.ts';
import { signedRequests, type WebhookRequest } from './webhooks/signed-requests.ts';

/**
 * Webhooks per second, and latency at a steady rate, on SQLite and on Postgres: an Express server that only
 * prints; one that also inserts and commits each request by itself, as a user would write it; and Switchboard, with
 * signature, log and calls. All take turns in this run, with the same signed requests, printing to a file. The load
 * comes from this machine, with requests prepared before each measurement.
 */
const SECONDS = 5;
const ROUNDS = Number(process.argv[2] ?? 3);
/** Enough that a server always has requests: with few, one that waits for the disk would be idle. */
const CONNECTIONS = 200;
/** Requests per second at which latency is measured, and its limit in milliseconds. */
const ROUTES = [
  { route: '/voice/event', make: 'event', perSecond: 500, bar: 25 },
  { route: '/voice/answer', make: 'answer', perSecond: 300, bar: 10 },
] as const;
const RATIO_BAR = 1.5;
const SECRET = 'a signature secret for the benchmark';
const ROOT = resolve(import.meta.dirname, '..');

interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  /** Microseconds of all threads, for each request at full load. */
  cpu: number;
  /** Of the process, in MB, after the steady load. */
  memory: number;
  failed: number;
}

interface Server {
  title: string;
  child: ChildProcess;
  port: number;
}

const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
const requests = signedRequests(SECRET);
let ownPort = 20_000 + (process.pid % 20_000);
const postgres = await startPostgres({ durable: true });
try {
  console.log(`${ROUNDS} rounds of ${SECONDS} s at full load and ${SECONDS} s at a steady pace; medians\n`);
  await compare('SQLite', () => undefined);
  await compare('Postgres', () => postgres.createDatabase());
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true });
}

async function compare(engine: string, database: () => Promise<string> | undefined): Promise<void> {
  const servers = [
    await startSmall('Express, prints', 'bare-server', engine, undefined),
    await startSmall('Express, commits each', 'durable-server', engine, await database()),
    await startOwn(engine, await database()),
  ];
  for (const { route, make, perSecond, bar } of ROUTES) {
    const next = requests[make];
    for (const { port } of servers)
      await fullLoad({ port, make: next, seconds: 2, connections: CONNECTIONS });
    const rounds: Measured[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const measures: Measured[] = [];
      for (const server of servers) measures.push(await measure(server, next, perSecond));
      rounds.push(measures);
    }
    console.log(
      `${route}, ${engine}`.padEnd(32),
      'req/s   CPU each   p50 and p99 at',
      `${perSecond}/s   memory   failed`,
    );
    for (const [index, { title }] of servers.entries()) {
      print(
        title,
        rounds.flatMap((round) => round[index] ?? []),
      );
    }
    const ratios = rounds.map(([, durable, own]) => (own?.perSecond ?? 0) / (durable?.perSecond ?? 1));
    const p99 = median(rounds.map(([, , own]) => own?.p99 ?? Number.NaN));
    console.log(
      `  ${median(ratios).toFixed(2)} × the one that commits each (${ratios.map((one) => one.toFixed(2)).join(', ')}; bar ${RATIO_BAR}), p99 ${p99.toFixed(1)} ms (bar ${bar})\n`,
    );
  }
  for (const { child } of servers) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

async function measure(
  { child, port }: Server,
  make: () => WebhookRequest,
  perSecond: number,
): Promise<Measured> {
  const load = { port, make, seconds: SECONDS, connections: CONNECTIONS };
  const before = await report(child);
  const full = await fullLoad(load);
  const after = await report(child);
  await wait(1_000);
  const steady = await pacedLoad({ ...load, perSecond });
  return {
    perSecond: full.perSecond,
    cpu: (after.cpu - before.cpu) / full.answered,
    p50: steady.p50,
    p99: steady.p99,
    memory: (await report(child)).megabytes,
    failed: full.failed + steady.failed,
  };
}

async function start(name: string, file: string, environment: Record<string, string>) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  const log = openSync(join(cwd, 'output.log'), 'w');
  const child = fork(resolve(ROOT, file), [], {
    cwd,
    execArgv: ['--import', resolve(ROOT, 'bench/webhooks/observe.ts')],
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return { child, cwd };
}

async function startSmall(
  title: string,
  file: string,
  engine: string,
  url: string | undefined,
): Promise<Server> {
  const environment: Record<string, string> = url === undefined ? {} : { DATABASE_URL: url };
  const { child } = await start(`${file} ${engine}`, `bench/webhooks/${file}.ts`, environment);
  const [{ port }] = await once(child, 'message');
  return { title, child, port };
}

async function startOwn(engine: string, url: string | undefined): Promise<Server> {
  ownPort += 1;
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { child } = await start(`switchboard ${engine}`, 'server/main.ts', {
    PORT: String(ownPort),
    HOST: '127.0.0.1',
    VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    VONAGE_PRIVATE_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    VONAGE_API_URL: 'http://127.0.0.1:9',
    VONAGE_SIGNATURE_SECRET: SECRET,
    AGENT_CODES: 'Alice:a code for the benchmark',
    ...(url !== undefined && { DATABASE_URL: url }),
  });
  for (;;) {
    const live = await fetch(`http://127.0.0.1:${ownPort}/healthz`).catch(() => undefined);
    if (live?.ok) break;
    await wait(50);
  }
  // Some seconds after the start, as a server that waits for calls.
  await wait(5_000);
  const idle = (await report(child)).megabytes;
  await pacedLoad({
    port: ownPort,
    make: requests.event,
    seconds: 10,
    connections: CONNECTIONS,
    perSecond: 1_000,
  });
  const busy = (await report(child)).megabytes;
  console.log(
    `Switchboard, ${engine}: ${idle.toFixed(0)} MB idle (bar 200), ${busy.toFixed(0)} MB at 1,000 events/s (bar 350)\n`,
  );
  return { title: 'Switchboard', child, port: ownPort };
}

async function report(child: ChildProcess): Promise<{ megabytes: number; cpu: number }> {
  const answer = once(child, 'message');
  child.send('report');
  const [message] = await answer;
  return message;
}

function print(title: string, measures: readonly Measured[]): void {
  const of = (pick: (one: Measured) => number) => median(measures.map(pick));
  console.log(
    `  ${title}`.padEnd(30),
    String(Math.round(of(({ perSecond }) => perSecond))).padStart(7),
    `${Math.round(of(({ cpu }) => cpu))} µs`.padStart(10),
    `${of(({ p50 }) => p50).toFixed(1)} ms`.padStart(12),
    `${of(({ p99 }) => p99).toFixed(1)} ms`.padStart(10),
    `${Math.round(of(({ memory }) => memory))} MB`.padStart(11),
    String(measures.reduce((sum, { failed }) => sum + failed, 0)).padStart(8),
  );
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
