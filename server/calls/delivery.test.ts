import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Call } from '../../domain/calls/call.ts';
import { unpackState, viewCall } from '../../domain/calls/reduce.ts';
import { deliveriesOf, wholeCalls } from '../../domain/calls/testing.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { rounds } from '../../test/support/soak.ts';
import { createLog } from '../log/log.ts';
import { incoming } from '../log/testing.ts';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';

const CALLS = rounds({ usual: 300, soak: 2_000 });

/** Entries that arrive at the same time. */
const AT_ONCE = 500;

/** Several calls with distinct ids, each with its events in order. */
function tellCalls(): readonly (readonly LogEntry[])[] {
  return fc.sample(wholeCalls, { seed: 20_260_329, numRuns: CALLS }).map(({ entries }, index) => {
    const unique = JSON.stringify(entries).replace(/[\da-f]{8}(-[\da-f]{4}){3}/g, `${index}-$&`);
    const told: readonly LogEntry[] = JSON.parse(unique);
    return told.map(withoutCall);
  });
}

/** A machine detection event names only its leg. */
function withoutCall(entry: LogEntry): LogEntry {
  if (entry.type !== 'event' || entry.payload.call_uuid === undefined) return entry;
  const { conversation_uuid: _, ...payload } = entry.payload;
  return { ...entry, payload };
}

async function deliver(store: Store, entries: readonly LogEntry[]): Promise<number> {
  const { append, close } = await createLog(store);
  let repeated = 0;
  const waiting = entries.map((entry, index) => incoming(entry, `request ${index}`));
  while (waiting.length > 0) {
    const outcomes = await Promise.all(waiting.splice(0, AT_ONCE).map(append));
    repeated += outcomes.filter(({ stored }) => stored === 'repeated').length;
  }
  await close();
  return repeated;
}

async function callsIn(store: Store): Promise<Map<string, Call>> {
  const rows = await store.read((db) => db.selectFrom('calls').select(['id', 'state']).execute());
  return new Map(rows.map(({ id, state }) => [id, viewCall(unpackState(state))]));
}

const told = tellCalls();
const tidy = told.flat();
/** Delivers events late, early or twice, with the calls mixed. */
const untidy = fc.sample(deliveriesOf(tidy), { seed: 1, numRuns: 1 })[0] ?? [];

describeStores('calls whose webhooks are shuffled and doubled', ({ place, open }) => {
  it('end up the same as with ordered delivery', { timeout: 60_000 }, async () => {
    const [one, other] = [await open(await place()), await open(await place())];
    expect(await deliver(one, tidy)).toBe(0);
    expect(await deliver(other, untidy)).toBe(untidy.length - tidy.length);
    const [expected, calls] = [await callsIn(one), await callsIn(other)];
    expect(expected.size).toBe(CALLS);
    expect([...calls.keys()].filter((id) => !expected.has(id))).toEqual([]);
    for (const [id, call] of expected) expect(calls.get(id)).toEqual(call);
  });
});
