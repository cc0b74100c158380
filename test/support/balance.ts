import { onTestFinished } from 'vitest';
import { startBalancer } from './balancer.ts';

/**
 * A load balancer on this machine, until the test is over.
 * @param together how many of the first calls are passed on at the same moment
 */
export async function balance(targets: readonly string[], together = 1): Promise<string> {
  const { url, close } = await startBalancer(targets, { together });
  onTestFinished(close);
  return url;
}
