import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fullLoad, pacedLoad } from './webhooks/load.ts';
import { signedRequests, type WebhookRequest } from './webhooks/signed-requests.ts';

/**
 * Webhooks a second: a bare Express server that only prints, as in a tutorial, and Switchboard with signature,
 * durable store and log. For events there is a third one between them, which is the bare one and waits for the disk:
 * what an answer costs that says "stored", whoever gives it, on this machine. All in this run, in turn, with the same
 * kind of signed requests; all print to a file. The load comes from this machine, so it is made as light as it can be:
 * all requests of a measurement are ready before it begins. Latencies are those of half of what the bare server takes,
 * evenly spaced.
 */
const SECONDS = 6;
const ROUNDS = 5;
/** Between full and half load, so that nothing of the first is left to do in the second. */
const REST_MS = 4_000;
/** So many that no server waits for requests: with few, one that waits for the disk has nothing else to do. */
const CONNECTIONS = 200;
const SECRET = 'a signature secret for the benchmark';
/** Characters of the first column. */
const TITLE = 30;
const ROOT = resolve(import.meta.dirname, '..');

interface Report {
  loopP99: number;
  loopMax: number;
  megabytes: number;
  /** Microseconds of all threads since the start. */
  cpu: number;
}

interface Measured extends Report {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

interface Server {
  title: string;
  child: ChildProcess;
  port: number;
}

const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
const requests = signedRequests(SECRET);

async function start(name: string, file: string, environment: Record<string, string>) {
  const log = openSync(join(folder, `${name}.log`), 'w');
  const child = fork(resolve(ROOT, file), [], {
    cwd: folder,
    execArgv: ['--import', resolve(ROOT, 'bench/webhooks/observe.ts')],
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

/** Which port it took, it tells by itself. */
async function startSmall(title: string, file: string): Promise<Server> {
  const child = await start(title, file, {});
  const [{ port }] = await once(child, 'message');
  return { title, child, port };
}

async function report(child: ChildProcess): Promise<Report> {
  const answer = once(child, 'message');
  child.send('report');
  const [message] = await answer;
  return message;
}

/** Full load first, then so many a second for the latencies: half of what the bare server took. */
async function measure(
  { child, port }: Server,
  make: () => WebhookRequest,
  halfLoad?: number,
): Promise<Measured> {
  const before = await report(child);
  const load = { port, make, seconds: SECONDS, connections: CONNECTIONS };
  const { answered, perSecond, failed } = await fullLoad(load);
  const after = await report(child);
  await wait(REST_MS);
  child.send('reset');
  const half = await pacedLoad({ ...load, perSecond: halfLoad ?? perSecond / 2 });
  const { loopP99, loopMax, megabytes } = await report(child);
  return {
    cpu: (after.cpu - before.cpu) / answered,
    perSecond,
    p50: half.p50,
    p99: half.p99,
    failed: failed + half.failed,
    loopP99,
    loopMax,
    megabytes,
  };
}

const bare = await startSmall('bare', 'bench/webhooks/bare-server.ts');
const durable = await startSmall('bare, to disk', 'bench/webhooks/durable-server.ts');
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ownPort = durable.port + 1;
const ownChild = await start('switchboard', 'server/main.ts', {
  PORT: String(ownPort),
  HOST: '127.0.0.1',
  DATA_DIR: folder,
  VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  VONAGE_PRIVATE_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  VONAGE_API_URL: 'http://127.0.0.1:9',
  VONAGE_SIGNATURE_SECRET: SECRET,
  AGENT_CODES: 'Alice:a code for the benchmark',
});
for (;;) {
  const live = await fetch(`http://127.0.0.1:${ownPort}/healthz`).catch(() => undefined);
  if (live?.ok) break;
  await wait(50);
}
const own: Server = { title: 'Switchboard', child: ownChild, port: ownPort };

console.log(
  `${ROUNDS} rounds of ${SECONDS} s at full and ${SECONDS} s at half load each, ${CONNECTIONS} connections, medians\n`,
);
console.log(`${''.padEnd(TITLE)}req/s     p50     p99    loop p99   loop max   CPU each     memory   failed`);
for (const { route, make, servers } of [
  { route: '/voice/event', make: requests.event, servers: [bare, durable, own] },
  { route: '/voice/answer', make: requests.answer, servers: [bare, own] },
]) {
  // All are quick only when they have run for a while.
  for (const { port } of servers) await fullLoad({ port, make, seconds: SECONDS, connections: CONNECTIONS });
  const rounds: Measured[][] = [];
  const lostBefore = await notStored();
  for (let round = 0; round < ROUNDS; round += 1) {
    const measures: Measured[] = [];
    for (const server of servers) {
      const usual = measures[0];
      measures.push(await measure(server, make, usual && usual.perSecond / 2));
    }
    rounds.push(measures);
  }
  for (const [index, { title }] of servers.entries()) {
    row(
      `${route}  ${title}`,
      rounds.flatMap((round) => round[index] ?? []),
    );
  }
  const ratios = rounds.map((round) => (round.at(-1)?.perSecond ?? 0) / (round[0]?.perSecond ?? 0));
  console.log(
    `${`${route}  ratio`.padEnd(TITLE)}${median(ratios).toFixed(2)} × (${ratios.map((one) => one.toFixed(2)).join(', ')}); ${(await notStored()) - lostBefore} webhooks not stored\n`,
  );
}
for (const { child } of [bare, durable, own]) {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
rmSync(folder, { recursive: true });

/** Webhooks that Switchboard could not store until now: an NCCO is answered all the same. */
async function notStored(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${ownPort}/metrics`)).text();
  return Number(/^switchboard_entries_total\{outcome="failed"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

function row(title: string, measures: Measured[]): void {
  const of = (pick: (one: Measured) => number) => median(measures.map(pick));
  const milliseconds = (value: number, width: number) => `${value.toFixed(1)} ms`.padStart(width);
  console.log(
    title.padEnd(TITLE) +
      String(Math.round(of((one) => one.perSecond))).padStart(5) +
      milliseconds(
        of((one) => one.p50),
        8,
      ) +
      milliseconds(
        of((one) => one.p99),
        8,
      ) +
      milliseconds(
        of((one) => one.loopP99),
        12,
      ) +
      milliseconds(
        of((one) => one.loopMax),
        11,
      ) +
      `${Math.round(of((one) => one.cpu))} µs`.padStart(11) +
      `${Math.round(of((one) => one.megabytes))} MB`.padStart(11) +
      String(measures.reduce((sum, one) => sum + one.failed, 0)).padStart(9),
  );
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
