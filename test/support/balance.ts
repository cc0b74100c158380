import { onTestFinished } from 'vitest';
import { startBalancer } from './balancer.ts';

/**
 * A load balancer on this machine, until the test is over.
 * @param together so many calls are passed on in the same moment, the first ones
 */
export async function balance(targets: readonly string[], together = 1): Promise<string> {
  const { url, close } = await startBalancer(targets, { together });
  onTestFinished(close);
  return url;
}
