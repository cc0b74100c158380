import { performance } from 'node:perf_hooks';
import type { Fault } from '../../emulator/faults/faults.ts';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { runScenario } from '../../emulator/scenario/run.ts';
import type { Arrival, Difference } from '../../test/support/arrivals.ts';
import { delaysIn, differencesIn } from '../../test/support/arrivals.ts';
import type { Figures } from './figures.ts';
import { percentile } from './figures.ts';
import { megabytes } from './memory-use.ts';
import type { RushHour } from './rush-hour.ts';
import { rushHour } from './rush-hour.ts';
import type { ApplicationProcess } from './start-application.ts';
import { startApplicationProcess } from './start-application.ts';

const CALLS = 500;
/** Long enough that the first call is still live when the last is answered. */
const RUSH: RushHour = { calls: CALLS, rings: [1, 3], talk: [8, 10] };
const EVENTS_OF_A_CALL = 7;
const FIRST_CALLER = 447700900000n;

/** Number of calls per fault, and the delay in milliseconds. */
const STRUCK = 5;
const LATE = 500;

/** 500 simultaneous calls without audio, in real time: twice without faults, once with faults. */
export async function measureCalls(figures: Figures): Promise<void> {
  const scenario = await rushHour(RUSH);
  await using application = await startApplicationProcess(scenario.application?.answer);
  const { answerUrl, eventUrl } = application;
  await using platform = await createPlatform({ answerUrl, eventUrl, limits: false, log: console.error });
  application.trust(platform.credentials.signature_secret);

  for (const title of ['the first of a process', 'once more']) {
    figures.title(`${CALLS} calls at once without sound, ${title}`);
    const { arrivals, ...cost } = await run(platform, application, []);
    printCourse(figures, arrivals, cost);
    printCost(figures, arrivals, cost);
  }
  figures.title(`${CALLS} calls at once, with faults that strike ${STRUCK} calls each`);
  const victims = chooseVictims();
  const { arrivals } = await run(platform, application, faultsFor(victims));
  printFaults(figures, arrivals, victims);
}

interface Cost {
  /** Milliseconds, of the clock and of the platform's processor time. */
  wall: number;
  cpu: number;
  /** Maximum number of simultaneous answered calls. */
  most: number;
  forged: number;
}

async function run(
  platform: Platform,
  application: ApplicationProcess,
  faults: Fault[],
): Promise<Cost & { arrivals: Arrival[] }> {
  const scenario = { ...(await rushHour(RUSH)), faults };
  const began = performance.now();
  const before = process.cpuUsage();
  let live = 0;
  let most = 0;
  await runScenario(scenario, platform, ({ kind, payload }) => {
    if (payload.direction !== 'outbound') return;
    if (kind === 'answered') live += 1;
    else if (kind === 'completed') live -= 1;
    most = Math.max(most, live);
  });
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - began;
  return { ...(await application.report()), wall, cpu: (user + system) / 1000, most };
}

function printCourse(figures: Figures, arrivals: Arrival[], { most, forged }: Cost): void {
  const differences = differencesIn(arrivals, CALLS);
  const count = (what: Difference['what']) => differences.filter((one) => one.what === what).length;
  figures.must('calls that lived at once', String(most), most === CALLS, `= ${CALLS}`);
  const expected = CALLS * EVENTS_OF_A_CALL;
  figures.must('events that arrived', String(arrivals.length), arrivals.length === expected, `= ${expected}`);
  for (const what of ['lost', 'doubled', 'reordered', 'unexpected'] as const)
    figures.must(
      what === 'reordered' ? 'legs whose events were reordered' : what,
      String(count(what)),
      count(what) === 0,
      '= 0',
    );
  figures.must('with a wrong signature', String(forged), forged === 0, '= 0');
}

function printCost(figures: Figures, arrivals: Arrival[], { wall, cpu }: Cost): void {
  const delays = delaysIn(arrivals);
  const at = (share: number) => `${Math.round(percentile(delays, share))}`;
  figures.figure('event → arrival, ms: p50, p95, p99, max', [0.5, 0.95, 0.99, 1].map(at).join(', '));
  figures.figure('processor time a call', `${(cpu / CALLS).toFixed(2)} ms`);
  figures.figure('share of one core over the run', `${((100 * cpu) / wall).toFixed(0)} %`);
  figures.figure('memory of the process', megabytes(process.memoryUsage.rss()));
}

type Victims = Record<'drop' | 'duplicate' | 'reorder' | 'delay', string[]>;

/** Different callers for each fault, spread over all. */
function chooseVictims(): Victims {
  const numbers = (from: number) =>
    Array.from({ length: STRUCK }, (_, index) => String(FIRST_CALLER + BigInt(from + index * 97)));
  return { drop: numbers(3), duplicate: numbers(20), reorder: numbers(41), delay: numbers(60) };
}

function faultsFor({ drop, duplicate, reorder, delay }: Victims): Fault[] {
  return [
    ...drop.map((number) => ({ fault: 'drop' as const, webhook: 'answered', number })),
    ...duplicate.map((number) => ({ fault: 'duplicate' as const, webhook: 'completed', number })),
    ...reorder.map((number) => ({ fault: 'reorder' as const, webhook: 'ringing', number })),
    ...delay.map((number) => ({ fault: 'delay' as const, webhook: 'started', number, ms: LATE })),
  ];
}

/** Each fault strikes the event of both legs; only the caller's has a `ringing`. */
function printFaults(figures: Figures, arrivals: Arrival[], victims: Victims): void {
  const differences = differencesIn(arrivals, CALLS);
  const expected = [
    ['lost', 'dropped', victims.drop, 2],
    ['doubled', 'sent twice', victims.duplicate, 2],
    ['reordered', 'overtaken', victims.reorder, 1],
    ['unexpected', 'unexpected', [], 0],
  ] as const;
  for (const [what, name, numbers, legs] of expected) {
    const found = differences.filter((one) => one.what === what).map(({ from }) => from);
    const wanted = numbers.flatMap((number) => Array.from({ length: legs }, () => number));
    const isMet = found.toSorted().join() === wanted.toSorted().join();
    figures.must(`${name}, in these calls and no other`, String(found.length), isMet, `= ${wanted.length}`);
  }
  const late = arrivals.filter(({ kind, from }) => kind === 'started' && victims.delay.includes(from));
  const least = Math.min(...late.map(({ at, toldAt }) => at - toldAt));
  figures.must('least delay of those delayed', `${least} ms`, least >= LATE, `≥ ${LATE}`);
}
