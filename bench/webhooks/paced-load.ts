import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { WebhookRequest } from './signed-requests.ts';

export interface Latencies {
  /** Milliseconds from when a request was due to the end of its answer. */
  p50: number;
  p99: number;
  /** Answers other than 2xx, and requests without one. */
  failed: number;
}

/**
 * Sends requests evenly spaced, whether earlier ones were answered or not, as callers do. Whatever a request waits
 * for, a connection or this program, counts: its time begins when it is due.
 */
export async function pacedLoad(
  port: number,
  make: () => WebhookRequest,
  perSecond: number,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Latencies> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const latencies = createHistogram();
  const ready = Array.from({ length: Math.floor(perSecond * seconds) }, make);
  let failed = 0;
  async function send({ method, path, headers, body }: WebhookRequest, due: number): Promise<void> {
    try {
      const answer = await pool.request({ method, path, headers, ...(body !== undefined && { body }) });
      await answer.body.dump();
      if (answer.statusCode >= 300) failed += 1;
    } catch {
      failed += 1;
    }
    latencies.record(Math.max(1, Math.round((performance.now() - due) * 1000)));
  }
  const under: Promise<void>[] = [];
  const began = performance.now();
  for (const [index, request] of ready.entries()) {
    const due = began + (index * 1000) / perSecond;
    while (performance.now() < due) await wait(1);
    under.push(send(request, due));
  }
  await Promise.all(under);
  await pool.close();
  return { p50: latencies.percentile(50) / 1000, p99: latencies.percentile(99) / 1000, failed };
}
