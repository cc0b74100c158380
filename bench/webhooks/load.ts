import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesOf, type Connection, openConnection } from './connection.ts';
import type { WebhookRequest } from './signed-requests.ts';

export interface FullLoad {
  /** Answered requests, in total and per second. */
  answered: number;
  perSecond: number;
  /** Responses other than 2xx. */
  failed: number;
}

export interface Latencies {
  /** Milliseconds from when a request was due until the end of its response. */
  p50: number;
  p99: number;
  /** Responses other than 2xx. */
  failed: number;
}

export interface Load {
  port: number;
  make: () => WebhookRequest;
  seconds: number;
  connections: number;
}

/**
 * Full load: each connection sends its next request after the response to the last.
 * @param mostPerSecond for how many requests a second it prepares
 * @param onPrepared called when they are ready; it begins when this resolves
 */
export async function fullLoad({
  port,
  make,
  seconds,
  connections,
  mostPerSecond = 30_000,
  onPrepared = async () => {},
}: Load & { mostPerSecond?: number; onPrepared?: () => Promise<void> }): Promise<FullLoad> {
  // In order, so that the events of a call are in order too.
  const ready = Array.from({ length: mostPerSecond * seconds }, () => bytesOf(make()));
  let sent = 0;
  let answered = 0;
  let failed = 0;
  const { promise: fault, reject: onError } = Promise.withResolvers<never>();
  // A very fast server is measured for a shorter time.
  const { promise: noneLeft, resolve: onNoneLeft } = Promise.withResolvers<void>();
  const open = Array.from({ length: connections }, () => {
    const connection = openConnection(port, {
      onError,
      onAnswer(status) {
        answered += 1;
        if (status >= 300) failed += 1;
        next();
      },
    });
    function next(): void {
      const request = ready[sent];
      sent += 1;
      if (request === undefined) onNoneLeft();
      else connection.send(request);
    }
    return { connection, next };
  });
  await onPrepared();
  const began = performance.now();
  for (const { next } of open) next();
  await Promise.race([wait(seconds * 1000), noneLeft, fault]);
  const perSecond = (answered * 1000) / (performance.now() - began);
  for (const { connection } of open) connection.close();
  return { answered, perSecond, failed };
}

/**
 * Sends requests at a steady rate, whether or not earlier ones were answered. All waiting counts, for a
 * connection or this program, because the time starts when a request is due.
 */
export async function pacedLoad({
  port,
  make,
  seconds,
  connections,
  perSecond,
}: Load & { perSecond: number }): Promise<Latencies> {
  const ready = Array.from({ length: Math.floor(perSecond * seconds) }, () => bytesOf(make()));
  const latencies = createHistogram();
  let failed = 0;
  let due = 0;
  let sent = 0;
  let answered = 0;
  const { promise: done, resolve, reject: onError } = Promise.withResolvers<void>();
  const free: ((index: number) => void)[] = [];
  const open: Connection[] = [];
  for (let each = 0; each < connections; each += 1) {
    let dueAt = 0;
    const send = (index: number) => {
      dueAt = dueTimeOf(index);
      connection.send(ready[index] ?? Buffer.alloc(0));
    };
    const connection = openConnection(port, {
      onError,
      onAnswer(status) {
        latencies.record(Math.max(1, Math.round((performance.now() - dueAt) * 1000)));
        if (status >= 300) failed += 1;
        answered += 1;
        if (answered === ready.length) resolve();
        if (sent < due) send(sent++);
        else free.push(send);
      },
    });
    free.push(send);
    open.push(connection);
  }
  const began = performance.now();
  function dueTimeOf(index: number): number {
    return began + (index * 1000) / perSecond;
  }
  async function pace(): Promise<void> {
    while (due < ready.length) {
      while (due < ready.length && dueTimeOf(due) <= performance.now()) due += 1;
      while (sent < due && free.length > 0) free.pop()?.(sent++);
      await wait(1);
    }
  }
  await Promise.all([pace(), done]);
  for (const connection of open) connection.close();
  return { p50: latencies.percentile(50) / 1000, p99: latencies.percentile(99) / 1000, failed };
}
