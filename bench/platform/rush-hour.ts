import { readScenarioFile } from '../../emulator/commands/run.ts';
import type { ReadyScenario } from '../../emulator/scenario/scenario.ts';

const ROOT = `${import.meta.dirname}/../..`;

export interface RushHour {
  calls: number;
  /** Seconds that it rings at the agent's, and that the two talk. */
  rings: [number, number];
  talk: [number, number];
  /** Calls per second; undefined: all start at the same moment. */
  perSecond?: number;
}

/** The rush hour of the documentation with other numbers, and without what it expects of each call. */
export async function rushHour({ calls, rings, talk, perSecond }: RushHour): Promise<ReadyScenario> {
  const scenario = await readScenarioFile('docs/scenarios/rush-hour.json', ROOT);
  const [plan] = scenario.calls;
  if (!plan) throw new Error('The rush hour has no calls.');
  const { perSecond: _given, ...others } = plan;
  return {
    ...scenario,
    agents: { Alice: { does: 'answer', after: rings, hangUpAfter: talk } },
    calls: [{ ...others, repeat: calls, expect: {}, ...(perSecond !== undefined && { perSecond }) }],
  };
}
