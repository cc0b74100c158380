import { checkedFaults } from '../faults/fault.ts';
import type { PlatformOptions } from '../platform.ts';
import { createPlatform } from '../platform.ts';
import type { SentWebhook } from '../webhooks/tap.ts';
import { startSmallApplication } from './application.ts';
import type { Report } from './run.ts';
import { runScenario } from './run.ts';
import type { ReadyScenario } from './scenario.ts';

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
