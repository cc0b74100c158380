import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createPlatform } from '../../emulator/platform.ts';
import { startSmallApplication } from '../../emulator/scenario/application.ts';
import type { Heard } from '../../test/integration/support/tone-line.ts';
import type { AudioPeople, PeopleReport, Person } from './audio-people.ts';
import type { Figures } from './figures.ts';
import { percentile } from './figures.ts';

/** Seconds of warm-up (connecting, compiling), and of the measurement. */
const CALM = 5;
const SECONDS = 10;
const NUMBER = '442038297050';
const FIRST_CALLER = 447700900000n;
/** Tones in Hz that are distinguishable within 10 ms. */
const LOWEST = 300;
const STEP = 100;
/** Samples a second of the programs. */
const RATE = 16_000;

interface Run {
  calls: number;
  /** Whom telephones are connected to: programs by WebSocket, or users with WebRTC of their own. */
  to: 'programs' | 'users';
}

/**
 * The callers share the same cores, and WebRTC costs them as much as the platform. So the full number of
 * calls uses WebRTC on one side only.
 */
const RUNS: Run[] = [
  { calls: 20, to: 'programs' },
  { calls: 8, to: 'users' },
];

/** Calls with audio both ways: each side in its own process, each end with its own tone. */
export async function measureAudio(figures: Figures): Promise<void> {
  for (const run of RUNS) await measure(run, figures);
}

async function measure({ calls, to }: Run, figures: Figures): Promise<void> {
  const callers = Array.from({ length: calls }, (_, index) => String(FIRST_CALLER + BigInt(index)));
  const users = callers.map((_, index) => `Agent ${index + 1}`);
  let programs: string[] = [];
  const endpointFor = (caller: number) =>
    to === 'users'
      ? { type: 'app', user: users[caller] }
      : { type: 'websocket', uri: programs[caller], 'content-type': `audio/l16;rate=${RATE}` };
  await using application = await startSmallApplication({
    answer: ({ from = '' }) => [{ action: 'connect', endpoint: [endpointFor(callers.indexOf(from))] }],
  });
  const { answerUrl, eventUrl } = application;
  await using platform = await createPlatform({
    number: NUMBER,
    answerUrl,
    eventUrl,
    limits: false,
    log: console.error,
  });
  // Creates the users. Without a rule, calls ring at their pages.
  for (const user of users) platform.agent(user);
  const { url, credentials } = platform;
  const sideOf = (make: (index: number) => Person): AudioPeople => ({
    platform: { url, credentials },
    people: callers.map((_, index) => make(index)),
  });
  const low = (index: number) => LOWEST + 2 * index * STEP;
  const high = (index: number) => low(index) + STEP;

  await using called = await startPeople(
    sideOf((index) => ({
      ...(to === 'users' ? { user: users[index] ?? '' } : { rate: RATE }),
      says: high(index),
      hears: low(index),
    })),
  );
  programs = await called.ready(calls);
  await using phones = await startPeople(
    sideOf((index) => ({ from: callers[index] ?? '', dials: NUMBER, says: low(index), hears: high(index) })),
  );
  await Promise.all([called.connected(), phones.connected()]);
  await wait(CALM * 1000);

  const before = [await called.report(), await phones.report()].reduce((sum, { cpu }) => sum + cpu, 0);
  const since = { process: process.cpuUsage(), thread: process.threadCpuUsage(), at: performance.now() };
  called.reset();
  phones.reset();
  await wait(SECONDS * 1000);
  const [atCalled, atPhones] = [await called.report(), await phones.report()];
  const wall = performance.now() - since.at;
  const shareOf = (ms: number) => `${((100 * ms) / wall).toFixed(0)} % of one core`;
  const own = sum(process.cpuUsage(since.process));
  const thread = sum(process.threadCpuUsage(since.thread));

  figures.title(`${calls} calls with sound both ways, telephones to ${to}, ${SECONDS} s`);
  printGaps(figures, `callers heard by ${to}`, atCalled.heard);
  printGaps(figures, `${to} heard by callers`, atPhones.heard);
  figures.figure('processor: the platform', shareOf(own));
  figures.figure('  of that its own thread, which mixes', shareOf(thread));
  figures.figure('  of that for 10 ms of one call', `${(((thread / wall) * 10_000) / calls).toFixed(0)} µs`);
  figures.figure('processor: both sides of the calls', shareOf(atCalled.cpu + atPhones.cpu - before));
}

/** Milliseconds. */
function sum({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function printGaps(figures: Figures, name: string, heard: readonly Heard[]): void {
  const gaps = heard.map(({ due, whole }) => (100 * Math.max(0, due - whole)) / due).sort((a, b) => a - b);
  const [least, middle, most] = [percentile(gaps, 0), percentile(gaps, 0.5), percentile(gaps, 1)];
  const value = [least, middle, most].map((gap) => `${gap.toFixed(2)} %`).join(', ');
  figures.should(`gaps, ${name}: min, median, max`, value, most < 1, '< 1 %');
}

async function startPeople(work: AudioPeople) {
  const child = fork(resolve(import.meta.dirname, 'audio-people.ts'), [], { execArgv: [] });
  const messages = on(child, 'message');
  const next = async () => {
    const { value } = await messages.next();
    return value?.[0];
  };
  child.send(work);
  return {
    /** The messages of this many people once they wait for a call. */
    async ready(count: number): Promise<string[]> {
      const said: string[] = [];
      while (said.length < count) said.push(String(await next()));
      return said;
    },
    /** Resolves when all hear each other. */
    connected: next,
    reset: () => void child.send('reset'),
    async report(): Promise<PeopleReport> {
      child.send('report');
      return await next();
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
