import type { Platform, PlatformOptions } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { runScenario } from '../../emulator/scenario/run.ts';
import type { ReadyScenario } from '../../emulator/scenario/scenario.ts';
import { differencesIn } from '../../test/support/arrivals.ts';
import type { Figures } from './figures.ts';
import type { MemoryUse } from './memory-use.ts';
import { megabytes, memoryInUse, slopeOf } from './memory-use.ts';
import { rushHour } from './rush-hour.ts';
import { startApplicationProcess } from './start-application.ts';

const CALLS = 10_000;
/** Calls between two memory measurements. */
const BATCH = 1000;
/** Allowed heap growth in bytes per call. A leaked call takes thousands. */
const MOST_GROWTH = 200;
/** Live calls whose memory is measured. */
const LIVE = 500;

/** Memory left by 10,000 calls in a row, on a virtual and a real clock; then memory per live call. */
export async function measureMemory(figures: Figures): Promise<void> {
  const day = await rushHour({ calls: BATCH, rings: [1, 6], talk: [20, 300], perSecond: 20 });
  const virtual = { seed: day.seed, start: Date.parse(day.start) };
  await measure(figures, 'on a virtual clock', day, { virtual });
  const quick = await rushHour({ calls: BATCH, rings: [0, 0.05], talk: [0.05, 0.1], perSecond: 250 });
  await measure(figures, 'on the machine’s clock', quick, {});
}

async function measure(
  figures: Figures,
  title: string,
  scenario: ReadyScenario,
  options: PlatformOptions,
): Promise<void> {
  await using application = await startApplicationProcess(scenario.application?.answer);
  const { answerUrl, eventUrl } = application;
  await using platform = await createPlatform({
    answerUrl,
    eventUrl,
    limits: false,
    log: console.error,
    ...options,
  });
  application.trust(platform.credentials.signature_secret);
  figures.title(`${CALLS} calls in a row ${title}`);
  const uses: MemoryUse[] = [];
  let wrong = 0;
  const before = process.cpuUsage();
  for (let calls = BATCH; calls <= CALLS; calls += BATCH) {
    await runScenario(scenario, platform);
    const { arrivals, forged } = await application.report();
    wrong += differencesIn(arrivals, BATCH).length + forged;
    const use = memoryInUse();
    uses.push(use);
    figures.figure(`after ${calls}: heap, process`, `${megabytes(use.heap)}, ${megabytes(use.resident)}`);
  }
  const { user, system } = process.cpuUsage(before);
  figures.must('events lost, doubled, reordered or not signed', String(wrong), wrong === 0, '= 0');
  const growth = slopeOf(
    uses.map(({ heap }, batch) => ({ x: (batch + 1) * BATCH, y: heap })).slice(uses.length / 2),
  );
  const value = `${growth.toFixed(0)} bytes a call`;
  figures.must('growth over the second half', value, growth <= MOST_GROWTH, `≤ ${MOST_GROWTH}`);
  figures.figure('processor time a call', `${((user + system) / 1000 / CALLS).toFixed(2)} ms`);
  // A virtual clock would run these calls to their end when nothing is pending.
  if (options.virtual) return;
  const live = await memoryOfLive(platform);
  figures.figure(`memory of a live call, of ${LIVE}`, `${(live / 1024).toFixed(1)} KB`);
}

/** Heap bytes of a live call. */
async function memoryOfLive(platform: Platform): Promise<number> {
  platform.agent('Alice', { does: 'answer' });
  const before = memoryInUse().heap;
  const connected: Promise<void>[] = [];
  const callers = Array.from({ length: LIVE }, () => {
    const caller = platform.call();
    connected.push(caller.until('connected'));
    return caller;
  });
  await Promise.all(connected);
  await platform.settled();
  const use = (memoryInUse().heap - before) / LIVE;
  for (const caller of callers) caller.hangUp();
  await platform.settled();
  return use;
}
