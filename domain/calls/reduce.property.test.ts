import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf } from '../webhooks/identity.ts';
import type { Call } from './call.ts';
import type { EventEntry, LogEntry } from './log-entry.ts';
import { deliveriesOf, inboundCalls, wholeCalls } from './random-calls.ts';
import { type CallState, joinStates, packState, reduce, unpackState, viewCall } from './reduce.ts';
import { CALL_ID, eventEntry, stateAfter, transcript } from './testing.ts';

const RUNS = { numRuns: 2000 };

const names = fc.constantFrom(
  ...['uuid', 'call_uuid', 'conversation_uuid', 'status', 'direction', 'timestamp', 'from', 'to', 'detail'],
  ...[
    'start_time',
    'end_time',
    'duration',
    'price',
    'reason',
    'recording_url',
    'recording_uuid',
    'size',
    'type',
  ],
  ...['conversation_uuid_from', 'conversation_uuid_to', 'payload', 'dtmf', 'speech', 'sip_code', '__proto__'],
);

const oddValues = fc.oneof(
  fc.constantFrom('completed', 'started', 'levitating', 'inbound', 'outbound', 'transfer', '1', 'null', ''),
  fc.constantFrom('2026-03-29T21:20:05.582Z', '2026-03-29 21:20:05', '9999-99-99T99:99:99Z', '__proto__'),
  fc.integer(),
  fc.jsonValue({ maxDepth: 1 }),
);

/** Events that no platform would send, some of them about a leg of the call. */
function junkFor(entries: readonly LogEntry[]): fc.Arbitrary<EventEntry[]> {
  const legs = entries.flatMap((entry) =>
    entry.type === 'event' && typeof entry.payload.uuid === 'string' ? [entry.payload.uuid] : [],
  );
  const junk = fc
    .tuple(fc.dictionary(names, oddValues, { maxKeys: 6 }), fc.constantFrom(undefined, ...legs))
    .map(([payload, uuid]) =>
      eventEntry(uuid === undefined ? payload : { ...payload, uuid }, entries[0]?.callId),
    );
  return fc.array(junk, { maxLength: 3 });
}

/** A call that was cut short anywhere, with junk: as told in order, and as it was delivered. */
const disorder = wholeCalls.chain(({ entries }) =>
  fc.tuple(fc.subarray([...entries], { minLength: 1 }), junkFor(entries)).chain(([kept, junk]) => {
    const told = [...kept, ...junk];
    return fc.record({ told: fc.constant(told), delivered: deliveriesOf(told) });
  }),
);

const wholeInDisorder = wholeCalls.chain(({ entries, end }) =>
  fc.record({ told: fc.constant(entries), delivered: deliveriesOf(entries), end: fc.constant(end) }),
);

function callAfter(entries: readonly LogEntry[]): Call {
  return viewCall(stateAfter(entries));
}

/** State and call as text: stricter than equality, and quicker. */
function textOf(state: CallState): string {
  return JSON.stringify([state, viewCall(state)]);
}

describe('a call', { timeout: 60_000 }, () => {
  it('is the same whatever the order and number of deliveries, complete or cut short, with junk or without', () => {
    fc.assert(
      fc.property(disorder, ({ told, delivered }) => {
        expect(textOf(stateAfter(delivered))).toBe(textOf(stateAfter(told)));
      }),
      RUNS,
    );
  });

  it('ends as it was told, in any order of delivery', () => {
    fc.assert(
      fc.property(wholeInDisorder, ({ delivered, end }) => {
        expect(callAfter(delivered)).toMatchObject({ status: 'ended', end });
      }),
      RUNS,
    );
  });

  it('never reopens once its caller is gone, whatever is delivered that is no other caller', () => {
    const namesNoLeg = ({ payload }: EventEntry) => callOf(payload).legUuid === null;
    const withJunk = inboundCalls.chain(({ entries }) =>
      junkFor(entries).chain((junk) => deliveriesOf([...entries, ...junk.filter(namesNoLeg)])),
    );
    fc.assert(
      fc.property(withJunk, (delivered) => {
        let state = stateAfter(delivered.slice(0, 1));
        let isOver = false;
        for (const entry of delivered.slice(1)) {
          state = reduce(state, entry);
          const { status, legs } = viewCall(state);
          if (isOver && status !== 'ended') expect.fail(`The call reopened with ${JSON.stringify(entry)}`);
          isOver ||= status === 'ended' && legs.some(({ direction }) => direction === 'inbound');
        }
        expect(isOver).toBe(true);
      }),
      RUNS,
    );
  });

  it('does not change by a late "started" of a leg that is over', () => {
    fc.assert(
      fc.property(
        wholeCalls,
        fc.nat(),
        fc.nat(10_000_000),
        fc.boolean(),
        ({ entries }, pick, delay, isRenamed) => {
          const told = entries.flatMap((entry) =>
            entry.type === 'event' && entry.payload.status === 'started' ? [entry] : [],
          );
          const started = told[pick % told.length];
          if (started === undefined) throw new Error('Every call has a leg that started.');
          const timestamp = new Date(Date.parse(String(started.payload.timestamp)) + delay).toISOString();
          const late = eventEntry(
            {
              ...started.payload,
              timestamp,
              ...(isRenamed && delay > 0 && { to: 'Mallory', direction: 'inbound' }),
            },
            started.callId,
          );
          expect(callAfter([...entries, late])).toEqual(callAfter(entries));
        },
      ),
      RUNS,
    );
  });

  it('does not change where its state was stored in the middle', () => {
    fc.assert(
      fc.property(disorder, fc.nat(), ({ delivered }, cut) => {
        const middle = 1 + (cut % delivered.length);
        const stored = packState(stateAfter(delivered.slice(0, middle)));
        const resumed = stateAfter(delivered.slice(middle), unpackState(stored));
        expect(textOf(resumed)).toBe(textOf(stateAfter(delivered)));
      }),
      RUNS,
    );
  });

  it('may grow in two places and be joined', () => {
    fc.assert(
      fc.property(disorder, fc.nat(), ({ told, delivered }, cut) => {
        const middle = 1 + (cut % delivered.length);
        const here = stateAfter(delivered.slice(0, middle));
        const there = stateAfter(delivered.slice(-middle));
        const rest = delivered.slice(middle, delivered.length - middle);
        const joined = stateAfter([...rest, ...delivered.slice(0, 1)], joinStates(there, here));
        expect(textOf(joined)).toBe(textOf(stateAfter(told)));
      }),
      RUNS,
    );
  });

  it("is that of Vonage's transcript in any order", () => {
    const entries = transcript.map((payload) => eventEntry(payload));
    const expected = {
      id: CALL_ID,
      from: '447700900000',
      to: '442038297050',
      agent: 'Alice',
      status: 'ended',
      end: 'completed',
      startedAt: Date.parse('2021-03-29T21:20:05.582Z'),
      answeredAt: Date.parse('2021-03-29T21:20:13.025Z'),
      endedAt: Date.parse('2021-03-29T21:20:17.514Z'),
      ringing: 0,
      talking: 4489,
      total: 11_932,
      price: 0.00144,
      recordings: [],
      errors: [],
    };
    fc.assert(
      fc.property(deliveriesOf(entries), (delivered) => {
        expect(callAfter(delivered)).toMatchObject(expected);
      }),
      RUNS,
    );
  });
});
