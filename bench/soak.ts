import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import type { DeskEvent } from '../domain/desk/events.ts';
import { deduplicationKey } from '../domain/webhooks/identity.ts';
import { checkedFaults } from '../emulator/faults/faults.ts';
import { createPlatform } from '../emulator/platform.ts';
import { startBalancer } from '../test/support/balancer.ts';
import { freePort } from '../test/support/free-port.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { openStoredLog } from '../test/support/stored-log.ts';
import { metricsOf, type ServerProcess, startServer } from './servers.ts';
import { startAgent } from './soak/agents.ts';
import { createCallers } from './soak/callers.ts';
import { goodNews, growthInWords, reportPage } from './soak/report.ts';
import { growthsOf, processorPerCall, type Sample, type ServerSample } from './soak/samples.ts';
import { judge, type Stored } from './soak/verdict.ts';

/**
 * A working day in short: real server processes on one Postgres, a platform whose webhooks and requests fail, a team and its callers
 * at a steady rate; each server is killed once. At the end nothing may be lost, and memory must be flat. Writes
 * soak-report/; exits with 1 if something is wrong.
 */
const USAGE = `npm run soak -- [--minutes N]

  --minutes N   how long callers call, 10 by default`;

const AGENTS = 30;
const CALLS_PER_SECOND = 1;
const SAMPLE_MS = 5_000;
/** Before each sixth sample the servers collect garbage, and get half a second for it. */
const COLLECT_EACH = 6;
const COLLECT_MS = 500;
/** When each server is killed, as a share of the run: in the first half, since memory is judged in the second. */
const KILLS = [0.08, 0.18];
const DOWN_MS = 3_000;
/** Seconds that callers get to end their calls, and then the desk to learn of each end that it was not told. */
const LAST_CALLS = 60;
const LAST_NEWS = 240;
/** Seconds between two lines in the terminal. */
const LINE_SECONDS = 30;

/** What goes wrong all the time, besides replies to webhooks that get lost on their way. */
const FAULTS = [
  { fault: 'drop', webhook: 'event', chance: 0.02 },
  { fault: 'duplicate', chance: 0.05 },
  { fault: 'delay', chance: 0.05, ms: 800 },
  { fault: 'reorder', chance: 0.05 },
  { fault: 'slow', chance: 0.03, ms: 1_500 },
  { fault: 'rest-error', chance: 0.03 },
  { fault: 'rate-limit', chance: 0.02 },
  { fault: 'rest-lost', chance: 0.02 },
] as const;
const LOST_REPLIES = 0.02;

/** Webhooks whose answer says what to do next. */
const ASKS: ReadonlySet<string> = new Set(['answer', 'fallback', 'input']);

const DESK_FILE = `queues:
  main:
    ringSeconds: 8
    wrapUpSeconds: 5
`;

const REPORT = resolve(import.meta.dirname, '../soak-report');

const minutes = minutesFrom(process.argv.slice(2));
if (minutes !== undefined) process.exitCode = (await soak(minutes)) ? 0 : 1;
// Pages and feeds that still close need not be waited for.
process.exit();

function minutesFrom(args: string[]): number | undefined {
  try {
    const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: '10' } } });
    const wanted = Number(values.minutes);
    if (wanted > 0) return wanted;
    console.error(USAGE);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  process.exitCode = 2;
  return undefined;
}

/** Runs it, and resolves with whether all is well. */
async function soak(length: number): Promise<boolean> {
  rmSync(REPORT, { recursive: true, force: true });
  mkdirSync(REPORT);
  await using running = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-soak-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'desk.yaml'), DESK_FILE);
  const postgres = await startPostgres({ durable: true }).catch((error: unknown) => {
    console.log(`No Postgres, so one server on SQLite: ${String(error)}`);
    return undefined;
  });
  running.defer(() => postgres?.stop());
  const databaseUrl = await postgres?.createDatabase();
  const dataDir = join(folder, 'data');

  const ports = await Promise.all(Array.from({ length: databaseUrl === undefined ? 1 : 2 }, freePort));
  let lostReplies = 0;
  const balancer = await startBalancer(
    ports.map((port) => `http://127.0.0.1:${port}`),
    {
      losesReply(path) {
        if (!path.startsWith('/voice/') || Math.random() >= LOST_REPLIES) return false;
        lostReplies += 1;
        return true;
      },
    },
  );
  running.defer(() => balancer.close());
  const { url } = balancer;
  const platform = await createPlatform({
    answerUrl: `${url}/voice/answer`,
    eventUrl: `${url}/voice/event`,
    fallbackUrl: `${url}/voice/fallback`,
  });
  running.defer(() => platform.close());

  const names = Array.from({ length: AGENTS }, (_, index) => `Agent${index + 1}`);
  const codeOf = (name: string) => `the code of ${name}`;
  const { application_id, private_key, signature_secret, number } = platform.credentials;
  const start = (index: number): Promise<ServerProcess> =>
    startServer({
      port: ports[index] ?? 0,
      folder,
      output: join(REPORT, `server-${index + 1}.log`),
      preload: 'bench/soak/collect.ts',
      environment: {
        VONAGE_APPLICATION_ID: application_id,
        VONAGE_PRIVATE_KEY: private_key,
        VONAGE_SIGNATURE_SECRET: signature_secret,
        VONAGE_NUMBER: number,
        VONAGE_API_URL: platform.url,
        PUBLIC_URL: url,
        AGENTS: names.join(),
        AGENT_CODES: names.map((name) => `${name}:${codeOf(name)}`).join(),
        ROUTING: 'desk',
        LOG_FORMAT: 'json',
        DATA_DIR: dataDir,
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      },
    });
  // One after the other: they bring the same tables up to date.
  const servers: ServerProcess[] = [];
  running.defer(async () => void (await Promise.all(servers.map((server) => server.stop()))));
  for (const index of ports.keys()) servers.push(await start(index));

  const acknowledged = new Set<string>();
  platform.onWebhook(({ kind, payload, outcome }) => {
    // What to do next is answered even if it cannot be stored.
    if (ASKS.has(kind)) return;
    void outcome.then(({ ok }) => ok && acknowledged.add(deduplicationKey(payload, (text) => text)));
  });
  const shift = new AbortController();
  running.defer(() => shift.abort());
  for (const name of names)
    await startAgent({ platform, url, name, code: codeOf(name), signal: shift.signal });
  const callers = createCallers(platform);
  platform.faults.set(checkedFaults(FAULTS));

  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const end = length * 60;
  const samples: Sample[] = [];
  const kills: number[] = [];
  console.log(
    `${length} minutes, ${CALLS_PER_SECOND} call a second, ${AGENTS} agents, ${servers.length} servers on ${databaseUrl === undefined ? 'SQLite' : 'Postgres'}\n`,
  );
  console.log('   min    live  talked  gave up   memory, MB      delay p99, ms   oldest request, s');

  async function sample(): Promise<void> {
    const isCollected = samples.length % COLLECT_EACH === 0;
    if (isCollected) {
      for (const server of servers) server.signal('SIGUSR2');
      await wait(COLLECT_MS);
    }
    const all = await Promise.all(servers.map((server) => look(server.url)));
    const taken = { at: seconds(), isCollected, servers: all, calls: callers.counts() };
    samples.push(taken);
    if (Math.floor(taken.at / LINE_SECONDS) > Math.floor((samples.at(-2)?.at ?? -1) / LINE_SECONDS)) {
      console.log(lineOf(taken));
    }
  }

  async function sampleOften(): Promise<void> {
    while (seconds() < end) {
      await sample();
      await wait(SAMPLE_MS - ((performance.now() - began) % SAMPLE_MS));
    }
  }

  async function receiveCalls(): Promise<void> {
    for (let index = 1; seconds() < end; index += 1) {
      callers.call();
      await wait(Math.max(0, index / CALLS_PER_SECOND - seconds()) * 1000);
    }
  }

  async function kill(index: number): Promise<void> {
    await wait(1000 * end * (KILLS[index] ?? 0));
    kills.push(seconds());
    await servers[index]?.kill();
    await wait(DOWN_MS);
    servers[index] = await start(index);
  }

  await Promise.all([sampleOften(), receiveCalls(), ...servers.keys().map(kill)]);
  const struck = platform.faults
    .list()
    .map(({ fault }, index) => `${fault} ${platform.faults.struck()[index]}`);
  platform.faults.set([]);
  await until(() => callers.counts().live === 0, LAST_CALLS);
  callers.hangUp();
  await platform.settled();

  const stored = await openStoredLog({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) });
  const isQuiet = async () => {
    const { rows } = await stored.store.read((db) =>
      sql<{ open: number }>`select (select count(*) from desk_calls where open = 1)
        + (select count(*) from desk_reservations where open = 1)
        + (select count(*) from desk_effects where done_at is null) as open`.execute(db),
    );
    return Number(rows[0]?.open) === 0;
  };
  const isOver = await until(isQuiet, LAST_NEWS);
  const found = await readStored(stored);
  await stored.close();

  const { lost, exits } = judge(callers.seen, acknowledged, found);
  const growths = growthsOf(samples, end);
  const faults = [
    ...lost,
    ...(isOver ? [] : ['the desk still believes that somebody is in a call']),
    ...growths
      .filter(({ by, most }) => by > most)
      .map((growth) => `server ${growth.server + 1} grows: ${growth.what}, ${growthInWords(growth)}`),
  ];
  const title = `Soak: ${length} minutes, ${servers.length} servers on ${databaseUrl === undefined ? 'SQLite' : 'Postgres'}`;
  const of = (pick: (server: ServerSample) => number) =>
    samples.flatMap((each) => each.servers.flatMap((server) => (server ? [pick(server)] : [])));
  const figures = [
    ['calls', `${callers.seen.length}, of which ${callers.counts().talked} talked to an agent`],
    [
      'calls that were answered without the store',
      `${callers.seen.filter(({ isGuessed }) => isGuessed).length} (it took more than 500 ms)`,
    ],
    ['calls that no server could answer', String(callers.seen.filter(({ isTaken }) => !isTaken).length)],
    [
      'how they left the desk',
      Object.entries(exits)
        .map(([exit, count]) => `${exit} ${count}`)
        .join(', '),
    ],
    ['events acknowledged', String(acknowledged.size)],
    ['faults of the platform', `${struck.join(', ')}, replies lost ${lostReplies}`],
    ['servers killed', kills.map((at) => `at ${(at / 60).toFixed(1)} min`).join(', ')],
    ['processor time of the servers, each call', millisecondsOf(processorPerCall(samples, end))],
    ['delay of the event loop, p99: median, most', `${range(of(({ delay }) => delay))} ms`],
    ['oldest request to Vonage: median, most', `${range(of(({ outbox }) => outbox))} s`],
  ] as const;
  writeFileSync(join(REPORT, 'index.html'), reportPage({ title, samples, kills, figures, growths, faults }));
  writeFileSync(join(REPORT, 'samples.json'), JSON.stringify(samples));

  console.log('');
  for (const [what, value] of figures) console.log(`${what.padEnd(46)}${value}`);
  for (const growth of growths) {
    console.log(
      `${`server ${growth.server + 1}: ${growth.what}, ${growth.what === 'heap' ? 'second half' : 'last third'}`.padEnd(46)}${growthInWords(growth)}`,
    );
  }
  console.log(`\n${faults.length === 0 ? goodNews(growths) : `Wrong:\n- ${faults.join('\n- ')}`}`);
  console.log(`\nThe chart is in ${join(REPORT, 'index.html')}`);
  return faults.length === 0;
}

/** What a server says of itself; null if it is down. */
async function look(url: string): Promise<ServerSample | null> {
  try {
    const metrics = await metricsOf(url);
    const of = (name: string) => metrics.get(name) ?? Number.NaN;
    return {
      resident: of('process_resident_memory_bytes') / 2 ** 20,
      heap: of('nodejs_heap_size_used_bytes') / 2 ** 20,
      delay: of('nodejs_eventloop_lag_p99_seconds') * 1000,
      processor: of('process_cpu_seconds_total'),
      outbox: of('switchboard_desk_outbox_age_seconds'),
    };
  } catch {
    return null;
  }
}

function lineOf({ at, servers, calls }: Sample): string {
  const each = (pick: (server: ServerSample) => number) =>
    servers.map((server) => (server === null ? 'down' : pick(server).toFixed(0)).padStart(5)).join('');
  const { live, talked, gaveUp } = calls;
  return [
    (at / 60).toFixed(1).padStart(6),
    String(live).padStart(8),
    String(talked).padStart(8),
    String(gaveUp).padStart(9),
    each(({ resident }) => resident).padStart(13),
    each(({ delay }) => delay).padStart(19),
    each(({ outbox }) => outbox).padStart(20),
  ].join('');
}

function millisecondsOf(value: number): string {
  return Number.isNaN(value) ? 'unknown: a server was down' : `${value.toFixed(0)} ms`;
}

function range(values: readonly number[]): string {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((value) => value?.toFixed(1)).join(', ');
}

/** Resolves with whether the condition holds before that many seconds have passed. */
async function until(holds: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await wait(500)) {
    if (await holds()) return true;
  }
  return false;
}

async function readStored({ log, store }: Awaited<ReturnType<typeof openStoredLog>>): Promise<Stored> {
  const events = new Set<string>();
  for (let last = 0; ; ) {
    const page = await log.entriesAfter(last, 1_000);
    if (page.length === 0) break;
    for (const { entry } of page) {
      last = entry.id;
      if (entry.type === 'event') events.add(deduplicationKey(entry.payload, (text) => text));
    }
  }
  const rows = await store.read((db) => db.selectFrom('desk_events').select('body').orderBy('id').execute());
  return { events, desk: rows.map(({ body }): DeskEvent => JSON.parse(body)) };
}
