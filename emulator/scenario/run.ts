import { checkedFaults } from '../faults/faults.ts';
import { drawMs } from '../headless/agents.ts';
import type { Caller } from '../headless/people.ts';
import { createPlatform, type Platform, type PlatformOptions } from '../platform.ts';
import type { SentWebhook } from '../webhooks/tap.ts';
import { pause, type World } from '../world.ts';
import { startSmallApplication } from './application.ts';
import { differences } from './expectations.ts';
import { createJournal } from './journal.ts';
import type { CallPlan, ReadyScenario } from './scenario.ts';

/** What a scenario needs of a platform. */
type ScenarioPlatform = Pick<
  Platform,
  'world' | 'call' | 'agent' | 'phone' | 'faults' | 'onWebhook' | 'settled'
>;

interface Failure {
  /** Which call, as `calls[0]`, with its number where it is repeated. */
  call: string;
  /** What was not as expected, in words. */
  what: string;
}

export interface Report {
  /** How many calls there were. */
  calls: number;
  /** How many events of each kind. */
  events: Record<string, number>;
  /** Seconds of the platform's own time. */
  seconds: number;
  failures: Failure[];
}

/**
 * Runs a scenario on a platform: sets agents, telephones and faults, places the calls, waits for their end and for the
 * application's last answer, and compares.
 * @param onWebhook gets each webhook as it is sent.
 */
export async function runScenario(
  scenario: ReadyScenario,
  platform: ScenarioPlatform,
  onWebhook: (webhook: SentWebhook) => void = () => {},
): Promise<Report> {
  const { world } = platform;
  const began = world.now();
  const journal = createJournal();
  const stopListening = platform.onWebhook((webhook) => {
    journal.add(webhook);
    onWebhook(webhook);
  });
  for (const [name, rule] of Object.entries(scenario.agents)) platform.agent(name, rule);
  const phones = Object.entries(scenario.phones).map(([number, rule]) => platform.phone(number, rule));
  platform.faults.set(scenario.faults);

  const failures: Failure[] = [];
  const live = new Map<Caller, string>();
  const cancelLimit = world.after(scenario.limit * 1000, () => {
    for (const [caller, call] of live) {
      failures.push({ call, what: `was still up after ${scenario.limit} s` });
      caller.hangUp();
    }
  });

  async function place(plan: CallPlan, name: string, repeated: number): Promise<void> {
    await pause(world, delayMs(plan, repeated));
    let caller: Caller;
    try {
      const from = String(BigInt(plan.from) + BigInt(repeated)).padStart(plan.from.length, '0');
      caller = platform.call({ from, ...(plan.to !== undefined && { to: plan.to }) });
    } catch (error) {
      failures.push({ call: name, what: error instanceof Error ? error.message : String(error) });
      return;
    }
    live.set(caller, name);
    const missed = await playCall(caller, plan.steps, world);
    live.delete(caller);
    placed.push({ plan, name, uuid: caller.leg.uuid, missed });
  }

  const placed: { plan: CallPlan; name: string; uuid: string; missed: string[] }[] = [];
  await Promise.all(
    scenario.calls.flatMap((plan, index) =>
      Array.from({ length: plan.repeat }, (_, repeated) =>
        place(plan, `calls[${index}]${plan.repeat > 1 ? ` #${repeated + 1}` : ''}`, repeated),
      ),
    ),
  );
  await platform.settled();
  cancelLimit();
  stopListening();
  for (const phone of phones) phone.close();
  for (const { plan, name, uuid, missed } of placed) {
    const found = [...missed, ...differences(uuid, plan, journal)];
    failures.push(...found.map((what) => ({ call: name, what })));
  }
  failures.push(...errorFailures(scenario.errors, journal.errors));
  return {
    calls: placed.length,
    events: Object.fromEntries(journal.counts),
    seconds: (world.now() - began) / 1000,
    failures,
  };
}

/** Milliseconds after the beginning. */
function delayMs({ at, perSecond }: CallPlan, repeated: number): number {
  return (at + (perSecond === undefined ? 0 : repeated / perSecond)) * 1000;
}

/** Error events that nobody expected, and expected ones that did not come. */
function errorFailures(expected: readonly string[], reasons: readonly string[]): Failure[] {
  const unexpected = reasons.filter((reason) => !expected.some((text) => reason.includes(text)));
  const missing = expected.filter((text) => !reasons.some((reason) => reason.includes(text)));
  return [
    ...unexpected.map((reason) => ({ call: 'errors', what: `the platform told the application: ${reason}` })),
    ...missing.map((text) => ({ call: 'errors', what: `no error event says "${text}"` })),
  ];
}

type Step = CallPlan['steps'][number];

/**
 * Does what a plan says for one caller, step by step, and waits for the end of the call.
 * @returns what could not be done, in words.
 */
async function playCall(caller: Caller, steps: readonly Step[], world: World): Promise<string[]> {
  try {
    for (const [index, step] of steps.entries()) await take(step, `steps[${index}]`, caller, world);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await caller.over;
  }
}

async function take(step: Step, place: string, caller: Caller, world: World): Promise<void> {
  if (step.on) {
    await caller.until(step.on).catch((error: Error) => {
      throw new Error(`${place}: ${error.message}`);
    });
  }
  await Promise.race([pause(world, drawMs(step.after, world)), caller.over]);
  // Hanging up a call that is already over is fine.
  if (step.hangUp) return caller.hangUp();
  const what = step.press === undefined ? 'say' : 'press';
  if (caller.leg.end) throw new Error(`${place}: the call ended before there was time to ${what}`);
  if (step.press !== undefined) caller.press(step.press);
  if (step.say !== undefined) caller.say(step.say);
}

/**
 * Runs a scenario on a platform of its own, which it closes afterwards. Where the options name no answer URL, the
 * scenario's own application answers; where they name no event URL, events are taken and thrown away.
 * @param onWebhook gets each webhook as it is sent, and when: seconds of the platform's time since the beginning.
 */
export async function runAlone(
  scenario: ReadyScenario,
  options: PlatformOptions,
  onWebhook: (webhook: SentWebhook, seconds: number) => void = () => {},
): Promise<Report> {
  await using application = await startSmallApplication(scenario.application ?? {});
  const isOwn = options.answerUrl === undefined;
  await using platform = await createPlatform({
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
    ...(isOwn && scenario.application?.fallback && { fallbackUrl: application.fallbackUrl }),
    ...(scenario.number !== undefined && { number: scenario.number }),
    limits: scenario.limits,
    ...options,
  });
  const began = platform.world.now();
  const faults = checkedFaults([...scenario.faults, ...(options.faults ?? [])]);
  return await runScenario({ ...scenario, faults }, platform, (webhook) =>
    onWebhook(webhook, (platform.world.now() - began) / 1000),
  );
}
