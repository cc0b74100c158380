import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callNames, namesOf } from '../webhooks/identity.ts';
import type { EventEntry, LogEntry } from '../webhooks/log-entry.ts';
import type { Call } from './call.ts';
import { type CallState, idOf, joinStates, packState, reduce, unpackState, viewCall } from './reduce.ts';
import {
  CALL_ID,
  deliveriesOf,
  eventEntry,
  inboundCalls,
  stateAfter,
  transcript,
  wholeCalls,
} from './testing.ts';

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

const wholeInDisorder = wholeCalls.chain((call) =>
  fc.record({ call: fc.constant(call), delivered: deliveriesOf(call.entries) }),
);

/** The calls that entries make up, as the server finds them: each entry joins all the calls that it names. */
function callsIn(delivered: readonly LogEntry[]): CallState[] {
  const callOf = new Map<string, { state: CallState; names: Set<string> }>();
  for (const entry of delivered) {
    const call = { state: reduce(undefined, entry), names: new Set(callNames(entry)) };
    for (const known of new Set([...call.names].flatMap((name) => callOf.get(name) ?? []))) {
      call.state = joinStates(call.state, known.state);
      for (const name of known.names) call.names.add(name);
    }
    for (const name of call.names) callOf.set(name, call);
  }
  return [...new Set(callOf.values())].map(({ state }) => state);
}

function callAfter(entries: readonly LogEntry[]): Call {
  return viewCall(stateAfter(entries));
}

/** State and call as text: stricter than equality, and quicker. */
function textOf(state: CallState): string {
  return JSON.stringify([state, viewCall(state)]);
}

describe('a call', { timeout: 60_000 }, () => {
  it('is the same for any order and repetition of deliveries, complete or partial, with junk or without', () => {
    fc.assert(
      fc.property(disorder, ({ told, delivered }) => {
        expect(textOf(stateAfter(delivered))).toBe(textOf(stateAfter(told)));
      }),
      RUNS,
    );
  });

  it('is found by the identifiers in its entries, in any order and across conversations', () => {
    fc.assert(
      fc.property(wholeInDisorder, ({ call, delivered }) => {
        expect(callsIn(delivered).map(textOf)).toEqual([textOf(stateAfter(call.entries))]);
      }),
      RUNS,
    );
  });

  it('is grouped the same in any order, even if entries are lost or name nothing', () => {
    fc.assert(
      fc.property(disorder, ({ told, delivered }) => {
        expect(callsIn(delivered).map(textOf).sort()).toEqual(callsIn(told).map(textOf).sort());
      }),
      RUNS,
    );
  });

  it('has one of its own identifiers as its ID', () => {
    fc.assert(
      fc.property(disorder, ({ told }) => {
        const names = new Set(told.flatMap((entry) => callNames(entry)));
        for (const state of callsIn(told)) expect(names).toContain(idOf(state));
      }),
      RUNS,
    );
  });

  it('keeps its id while it goes on', () => {
    fc.assert(
      fc.property(wholeCalls, ({ entries, id }) => {
        let state: CallState | undefined;
        for (const entry of entries) {
          state = reduce(state, entry);
          expect(idOf(state)).toBe(id);
        }
      }),
      RUNS,
    );
  });

  it('has its times in order, like each of its legs', () => {
    fc.assert(
      fc.property(disorder, ({ told }) => {
        const { legs, ...call } = callAfter(told);
        const inCall = [call.startedAt, call.answeredAt, call.endedAt];
        const inLegs = legs.map((leg) => [leg.startedAt, leg.ringingAt, leg.answeredAt, leg.endedAt]);
        for (const times of [inCall, ...inLegs]) {
          const known = times.filter((time) => time !== null);
          expect(known).toEqual(known.toSorted((a, b) => a - b));
        }
      }),
      RUNS,
    );
  });

  it('ends as reported, in any order of delivery', () => {
    fc.assert(
      fc.property(wholeInDisorder, ({ call: { id, end, hungUpBy }, delivered }) => {
        expect(callAfter(delivered)).toMatchObject({ id, status: 'ended', end, hungUpBy });
      }),
      RUNS,
    );
  });

  it('never reopens after its caller left, unless another caller joins', () => {
    const namesNoLeg = ({ payload }: EventEntry) => namesOf(payload).leg === null;
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

  it('is not changed by a late "started" of a leg that is over', () => {
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

  it('does not change if its state is stored and loaded midway', () => {
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

  it('can be reduced in two places and joined', () => {
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

  it('is that of Vonage’s transcript in any order', () => {
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
