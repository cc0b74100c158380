import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncomingEntry } from '../server/log/entry.ts';
import { openStoredLog } from '../test/support/stored-log.ts';

/**
 * Measures the cost of an event, the console's first page and one call as the log grows, on SQLite in a
 * temporary folder or on the (empty) database at DATABASE_URL.
 */
const SIZES = (process.argv[2] ?? '1000,100000,1000000').split(',').map(Number);
/** Simultaneous events while the log is filled and measured. */
const SENDERS = 500;
const EVENTS_MEASURED = 3500;
const READS = 50;

const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
const { log, calls, close } = await openStoredLog({
  dataDir,
  databaseUrl: process.env.DATABASE_URL,
  log: console.error,
});
const next = events();
let stored = 0;

console.log('events'.padStart(9), '  an event     first page       one call');
const rows: number[][] = [];
for (const size of SIZES) {
  await store(size - stored);
  const row = [await eventCost(), await median(() => calls.list({ limit: 50 })), await callCost()];
  rows.push(row);
  const [event = 0, page = 0, call = 0] = row;
  console.log(
    String(stored).padStart(9),
    `${(event * 1000).toFixed(0)} µs`.padStart(11),
    `${page.toFixed(2)} ms`.padStart(14),
    `${call.toFixed(2)} ms`.padStart(14),
  );
}
const [first, last] = [rows[0] ?? [], rows.at(-1) ?? []];
const growth = first.map((cost, index) => `${((last[index] ?? 0) / cost).toFixed(2)} ×`);
console.log(
  'growth'.padStart(9),
  ...growth.map((text) => text.padStart(13)),
  '  (bar: 2 × from the smallest to the largest)',
);
await close();
rmSync(dataDir, { recursive: true });

async function store(count: number): Promise<void> {
  let left = count;
  const send = async () => {
    while (left > 0) {
      left -= 1;
      await log.append(next());
      stored += 1;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** Milliseconds per event, among many simultaneous ones, until it is stored and its call is updated. */
async function eventCost(): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const began = performance.now();
    await store(EVENTS_MEASURED);
    runs.push((performance.now() - began) / EVENTS_MEASURED);
  }
  return middle(runs);
}

/** Any call, not only the newest. */
async function callCost(): Promise<number> {
  const page = await calls.list({ limit: READS });
  let index = 0;
  return median(() => {
    const call = page.calls[index % page.calls.length];
    index += 1;
    return calls.detail(call?.id ?? '');
  });
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return middle(times);
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The events of simultaneous calls, seven each. */
function events(): () => IncomingEntry {
  const live = Array.from({ length: 500 }, () => newCall());
  let turn = 0;
  return () => {
    turn = (turn + 1) % live.length;
    const call = live[turn] ?? newCall();
    const payload = call.left.shift() ?? {};
    if (call.left.length === 0) live[turn] = newCall();
    return incoming(payload);
  };
}

function newCall() {
  const shared = { from: '447700900000', conversation_uuid: `CON-${randomUUID()}` };
  const phone = {
    ...shared,
    to: '442038297050',
    uuid: randomBytes(16).toString('hex'),
    direction: 'inbound',
  };
  const app = { ...shared, to: 'Alice', uuid: randomUUID(), direction: 'outbound' };
  const left = [
    { ...phone, status: 'ringing' },
    { ...phone, status: 'started' },
    { ...phone, status: 'answered' },
    { ...app, status: 'started' },
    { ...app, status: 'answered' },
    { ...app, status: 'completed', duration: '5', price: '0' },
    { ...phone, status: 'completed', duration: '12', price: '0.00144000' },
  ];
  return { left };
}

function incoming(payload: object): IncomingEntry {
  return {
    type: 'event',
    payload: { ...payload, timestamp: new Date().toISOString() },
    method: 'POST',
    route: '/voice/event',
    reply: { status: 200 },
    requestId: randomUUID(),
    receivedAt: Date.now(),
    took: 1,
    replayed: false,
    jti: randomUUID(),
  };
}
