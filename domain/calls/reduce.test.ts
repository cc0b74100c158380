import { describe, expect, it } from 'vitest';
import type { Ncco } from '../ncco/ncco.ts';
import { idOf, packState, reduce, summarise, unpackState, viewCall } from './reduce.ts';
import {
  agent,
  answerEntry,
  at,
  CALL_ID,
  CALLER_LEG,
  callAfter,
  caller,
  eventEntry,
  iso,
  question,
  ring,
  stateAfter,
  transcript,
} from './testing.ts';

describe('the status of a call', () => {
  it('follows its events', () => {
    const statuses: string[] = [];
    let state = reduce(undefined, answerEntry(ring, question));
    for (const payload of transcript) {
      state = reduce(state, eventEntry(payload));
      statuses.push(viewCall(state).status);
    }
    expect(statuses).toEqual(['started', 'started', 'started', 'ringing', 'in-call', 'in-call', 'ended']);
  });

  it('stays "ringing" while one agent after another is tried', () => {
    expect(callAfter(caller('answered', 0), agent('A', 'started', 1), agent('A', 'rejected', 2)).status).toBe(
      'ringing',
    );
  });

  it('is "ringing" again when another agent is rung after one hung up', () => {
    const events = [caller('answered', 0), agent('A', 'answered', 1), agent('A', 'completed', 2)];
    expect(callAfter(...events).status).toBe('in-call');
    expect(callAfter(...events, agent('B', 'started', 3)).status).toBe('ringing');
  });

  it('is "in call" only as long as the agent of a desk is there: a caller who lost her waits', () => {
    const offered = (payload: ReturnType<typeof agent>) => ({
      ...eventEntry(payload),
      route: `/voice/offer/r1/${CALLER_LEG}`,
    });
    const entries = [eventEntry(caller('answered', 0)), offered(agent('A', 'answered', 1))];
    expect(viewCall(stateAfter(entries)).status).toBe('in-call');
    expect(viewCall(stateAfter([...entries, offered(agent('A', 'completed', 9))])).status).toBe('started');
  });

  it('is "ended" when the caller left, even if the agent’s end is lost', () => {
    const call = callAfter(caller('answered', 0), agent('A', 'answered', 1), caller('completed', 5));
    expect(call).toMatchObject({ status: 'ended', end: 'completed', endedAt: at(5) });
  });

  it('is not "ended" by an agent while the caller is known only from the answer request', () => {
    const state = stateAfter([answerEntry(ring, question), eventEntry(agent('A', 'rejected', 2))]);
    expect(viewCall(state)).toMatchObject({ status: 'ringing', end: null, endedAt: null });
  });

  it('is "ended" with the last leg if the server placed the call', () => {
    const events = [agent('A', 'answered', 1), agent('B', 'answered', 2), agent('A', 'completed', 3)];
    expect(callAfter(...events).status).toBe('in-call');
    expect(callAfter(...events, agent('B', 'completed', 4))).toMatchObject({
      status: 'ended',
      endedAt: at(4),
    });
  });

  it('is "started" if only an error is known', () => {
    expect(callAfter({ conversation_uuid: CALL_ID, reason: 'bad' })).toMatchObject({
      status: 'started',
      legs: [],
    });
  });
});

describe('the parties of a call', () => {
  it('are known from the answer request before any event', () => {
    expect(viewCall(reduce(undefined, answerEntry(ring, question)))).toMatchObject({
      ...{ id: CALL_ID, from: '447700900000', to: '442038297050', agent: 'Zoe', status: 'started' },
      legs: [{ uuid: CALLER_LEG, direction: 'inbound', status: 'unknown', from: '447700900000' }],
    });
  });

  it('may include an app user whom events do not name', () => {
    const { from: _, ...asked } = { ...question, from_user: 'Carol' };
    const entries = [eventEntry(caller('started', 0, { from: null })), answerEntry(ring, asked)];
    expect(viewCall(stateAfter(entries)).from).toBe('Carol');
    expect(viewCall(stateAfter(entries.toReversed())).from).toBe('Carol');
  });

  it('include the user who was rung last, and no phone', () => {
    const events = [agent('B', 'started', 3), agent('447700900001', 'started', 4), agent('A', 'started', 1)];
    expect(callAfter(...events).agent).toBe('B');
    expect(callAfter(agent('447700900001', 'started', 4), agent('sip:a@b', 'started', 5)).agent).toBeNull();
  });

  it('include the user whose leg ended last if no start is known', () => {
    expect(callAfter(agent('A', 'completed', 9), agent('B', 'completed', 5)).agent).toBe('A');
  });

  it('include the first endpoint of the NCCO before anything rings', () => {
    const ringing = (...users: string[]): Ncco =>
      users.map((user) => ({ action: 'connect', endpoint: [{ type: 'app', user }] }));
    const entries = [answerEntry(ringing('Bob', 'Al', 'Bob'), question)];
    expect(viewCall(stateAfter(entries)).agent).toBe('Bob');
  });

  it('include a user whose name is a number if an NCCO rings that user', () => {
    const events = [eventEntry(agent('Zoe', 'started', 1)), eventEntry(agent('1001', 'started', 3))];
    expect(viewCall(stateAfter([...events, answerEntry(ring, question)])).agent).toBe('1001');
  });

  it('survive an event that names the caller "Unknown" or nobody', () => {
    expect(callAfter(caller('completed', 3, { from: 'Unknown' }), caller('started', 1)).from).toBe(
      '447700900000',
    );
    expect(callAfter(caller('started', 1, { from: 'Unknown', to: null }))).toMatchObject({
      from: null,
      to: null,
    });
  });

  it('are the first reported ones if events contradict each other', () => {
    const events = [
      caller('started', 1, { from: '20', to: '2' }),
      caller('ringing', 1, { from: '10', to: '1' }),
      caller('answered', 2, { from: '30', to: '0' }),
    ];
    expect(callAfter(...events)).toMatchObject({ from: '10', to: '1' });
    expect(callAfter(...events.toReversed())).toMatchObject({ from: '10', to: '1' });
  });

  it('are also known from a request for an NCCO that went to the event URL', () => {
    expect(callAfter({ ...question, from: null, from_user: 'Carol' })).toMatchObject({
      from: 'Carol',
      legs: [{ direction: 'inbound' }],
    });
  });
});

describe('a call of an app user', () => {
  const asked = { to: '447700900006', from_user: 'Bob', uuid: 'i1', conversation_uuid: 'CON-1' };
  const leg = { uuid: 'i1', conversation_uuid: 'CON-1', direction: 'inbound' };
  const entries = [
    answerEntry(ring, asked),
    eventEntry({ ...leg, from: null, to: 'Bob', status: 'started', timestamp: iso(1) }),
    eventEntry({ ...leg, from: 'Bob', to: 'Bob', status: 'answered', timestamp: iso(2) }),
  ];

  it.each([[[0, 1, 2]], [[0, 2, 1]], [[1, 0, 2]], [[1, 2, 0]], [[2, 0, 1]], [[2, 1, 0]]])(
    'keeps the dialled number, although events name the user as called (order %j)',
    (order) => {
      const state = stateAfter(order.flatMap((index) => entries[index] ?? []));
      expect(viewCall(state)).toMatchObject({ from: 'Bob', to: '447700900006' });
    },
  );
});

describe('a call without directions', () => {
  const leg = { uuid: 'i2', from: '447700900050', to: '442038297050', conversation_uuid: CALL_ID };
  const rung = { uuid: 'o2', from: '447700900050', to: 'Alice', conversation_uuid: CALL_ID };
  const asked = answerEntry(ring, leg);
  const told = [
    eventEntry({ ...leg, status: 'started', timestamp: iso(0) }),
    eventEntry({ ...leg, status: 'answered', timestamp: iso(1) }),
    eventEntry({ ...rung, status: 'started', timestamp: iso(5) }),
    eventEntry({ ...rung, status: 'answered', timestamp: iso(10) }),
    eventEntry({ ...rung, status: 'completed', timestamp: iso(40), duration: '30' }),
    eventEntry({ ...leg, status: 'completed', timestamp: iso(40) }),
  ];

  it.each([
    ['first', [asked, ...told]],
    ['last', [...told.toReversed(), asked]],
  ])('takes the leg without an answer request as the called one (the request came %s)', (_, all) => {
    expect(viewCall(stateAfter(all))).toMatchObject({
      ...{ status: 'ended', end: 'completed', agent: 'Alice', talking: 30_000 },
      legs: [
        { uuid: 'i2', direction: 'inbound' },
        { uuid: 'o2', direction: 'outbound' },
      ],
    });
  });

  it('does not end with the agent while nothing more is known of the caller', () => {
    expect(viewCall(stateAfter([asked, ...told.slice(2, 5)]))).toMatchObject({
      status: 'in-call',
      end: null,
    });
  });

  it('does not guess without a request for an NCCO', () => {
    expect(viewCall(stateAfter(told)).legs).toMatchObject([{ direction: null }, { direction: null }]);
  });
});

describe('a call that moves between conversations', () => {
  const moved = (uuid: string, from: string, second: number) => ({
    ...{ type: 'transfer', uuid, conversation_uuid_from: from, conversation_uuid_to: 'CON-N' },
    timestamp: iso(second),
  });
  const apart = { conversation_uuid: 'CON-B' };
  const events = [
    caller('started', 0),
    caller('answered', 1),
    agent('Alice', 'started', 2, apart),
    agent('Alice', 'answered', 5, apart),
    moved(CALLER_LEG, CALL_ID, 6),
    moved('leg of Alice', 'CON-B', 6),
  ];

  it('stays one live call, with its start, parties and times', () => {
    for (const told of [events, events.toReversed()]) {
      expect(callAfter(...told)).toMatchObject({
        ...{ id: CALL_ID, status: 'in-call', end: null, from: '447700900000', to: '442038297050' },
        ...{ agent: 'Alice', startedAt: at(0), answeredAt: at(5), endedAt: null, ringing: 3000 },
        conversations: [CALL_ID, 'CON-B', 'CON-N'],
      });
    }
  });

  it('ends in the last conversation', () => {
    const there = { conversation_uuid: 'CON-N' };
    const call = callAfter(...events, agent('Alice', 'completed', 9, there), caller('completed', 9, there));
    expect(call).toMatchObject({
      id: CALL_ID,
      status: 'ended',
      end: 'completed',
      talking: 4000,
      total: 9000,
    });
  });

  it('is named after the conversation of the answer request, even if another is older', () => {
    const early = agent('Alice', 'started', -9, apart);
    const entries = [...events, early].map((payload) => eventEntry(payload));
    expect(idOf(stateAfter(entries))).toBe('CON-B');
    expect(idOf(stateAfter([...entries, answerEntry(ring, question)]))).toBe(CALL_ID);
    const later = { uuid: 'leg of Alice', conversation_uuid: 'CON-N' };
    const asked = [answerEntry(ring, question), answerEntry(ring, later)];
    expect(idOf(stateAfter([...asked, ...entries]))).toBe(CALL_ID);
  });

  it('is identified by its leg, recording or request until a conversation is known', () => {
    const about = (payload: Record<string, unknown>) => idOf(stateAfter([eventEntry(payload)]));
    expect(about({ uuid: '1', recording_uuid: '2' })).toBe('leg:1');
    expect(about({ status: 'transcribed', recording_uuid: '2' })).toBe('recording:2');
    expect(about({ hologram: true })).toBe('request:r');
    expect(about({ uuid: '1', conversation_uuid_to: 'CON-2' })).toBe('CON-2');
  });
});

describe('a reply', () => {
  it('to an event counts like one to an answer request: its NCCO rings and connects', () => {
    const entry = { ...eventEntry(agent('Bob', 'timeout', 2)), reply: { status: 200, ncco: ring } };
    expect(stateAfter([entry])).toMatchObject({ connects: true, users: [{ key: '1001' }, { key: 'Zoe' }] });
  });
});

describe('the summary of a call', () => {
  it('has the exact price of all legs', () => {
    const events = [caller('completed', 1, { price: '0.1' }), agent('A', 'completed', 1, { price: 0.2 })];
    expect(callAfter(...events).price).toBe(0.3);
    expect(callAfter(caller('started', 1)).price).toBeNull();
  });

  it('has each recording once, with its transcription, whichever came first', () => {
    const recorded = {
      recording_url: 'https://r',
      recording_uuid: '7',
      size: 12,
      start_time: iso(1),
      end_time: iso(5),
    };
    const transcribed = { status: 'transcribed', recording_uuid: '7', transcription_url: 'https://t' };
    const expected = [
      {
        url: 'https://r',
        uuid: '7',
        size: 12,
        startedAt: at(1),
        endedAt: at(5),
        transcriptionUrl: 'https://t',
      },
    ];
    expect(callAfter(recorded, transcribed, recorded).recordings).toEqual(expected);
    expect(callAfter(transcribed, recorded).recordings).toEqual(expected);
    expect(callAfter(transcribed).recordings).toEqual([]);
  });

  it('has its recordings in order of time', () => {
    const recorded = (id: string, second: number) => ({
      recording_url: `https://${id}`,
      start_time: iso(second),
    });
    const { recordings } = callAfter(recorded('a', 3), recorded('c', 1), recorded('b', 2));
    expect(recordings.map(({ url }) => url)).toEqual(['https://c', 'https://b', 'https://a']);
  });

  it('has Vonage’s errors in order of time, each once', () => {
    const complaint = (reason: string, second: number) => ({
      ...{ conversation_uuid: CALL_ID, reason, timestamp: iso(second) },
    });
    const complaints = [complaint('a', 3), complaint('b', 2), complaint('a', 4), complaint('b', 1)];
    expect(callAfter(...complaints).errors).toEqual(['b', 'a']);
  });

  it('fits one line of a list', () => {
    const state = stateAfter(transcript.map((payload) => eventEntry(payload)));
    expect(summarise(state, { firstSeenAt: 5, lastHeardAt: 6, lastEntryId: 7 })).toEqual({
      ...{
        id: CALL_ID,
        from: '447700900000',
        to: '442038297050',
        agent: 'Alice',
        status: 'ended',
        end: 'completed',
        hungUpBy: null,
        direction: 'inbound',
        aliases: [],
      },
      ...{ firstSeenAt: 5, lastHeardAt: 6, lastEntryId: 7 },
      startedAt: Date.parse('2021-03-29T21:20:05.582Z'),
      answeredAt: Date.parse('2021-03-29T21:20:13.025Z'),
      endedAt: Date.parse('2021-03-29T21:20:17.514Z'),
    });
  });
});

describe('the state of a call', () => {
  it('does not grow without limit, and its limits do not depend on the order', () => {
    const junk = Array.from({ length: 10_000 }, (_, index) => {
      const key = `${(index * 7919) % 10_007}`.padStart(6, '0');
      return eventEntry({
        ...{ uuid: `leg ${key}`, timestamp: iso(index), reason: `error ${key} ${'x'.repeat(100)}` },
        ...(index % 2 === 0 && { recording_url: `https://${key}`, recording_uuid: key, reason: null }),
      });
    });
    const state = stateAfter(junk);
    expect(JSON.stringify(state).length).toBeLessThan(100_000);
    expect(JSON.stringify(stateAfter(junk.toReversed()))).toBe(JSON.stringify(state));
    expect(viewCall(state)).toMatchObject({ status: 'started', errors: { length: 20 } });
  });

  it('does not grow with repeated deliveries', () => {
    const entries = transcript.map((payload) => eventEntry(payload));
    const state = stateAfter(entries);
    const again = stateAfter(Array.from({ length: 1000 }, () => entries).flat(), state);
    expect(again).toEqual(state);
  });

  it('takes the conversation’s ID as soon as it is known', () => {
    const alone = eventEntry({ call_uuid: CALLER_LEG, status: 'human' }, `leg:${CALLER_LEG}`);
    const rest = eventEntry(caller('started', 0));
    expect(idOf(stateAfter([alone]))).toBe(`leg:${CALLER_LEG}`);
    expect(stateAfter([alone, rest])).toEqual(stateAfter([rest, alone]));
    expect(viewCall(stateAfter([alone, rest]))).toMatchObject({ id: CALL_ID, legs: [{ machine: 'human' }] });
  });

  it('can be read as an older version stored it', () => {
    const leg = { key: 'i1', statuses: [{ key: 'answered', at: at(1) }], asked: true };
    const stored = {
      ...{ id: CALL_ID, errors: [], recordings: [{ key: '2', url: 'https://r' }], connects: true },
      users: [{ key: 'Zoe', at: 1 }],
      legs: [{ ...leg, from: ['Bob', null], to: ['Zoe', at(0)], movedTo: ['CON-2', at(3)] }],
    };
    const state = unpackState(JSON.stringify(stored));
    expect(idOf(state)).toBe(CALL_ID);
    expect(viewCall(state)).toMatchObject({
      ...{ from: 'Bob', to: 'Zoe', status: 'started', conversations: [CALL_ID, 'CON-2'] },
      recordings: [{ url: 'https://r' }],
    });
    expect(unpackState(packState(state))).toEqual(state);
    const named = (id: string) => idOf(unpackState(JSON.stringify({ ...stored, id, legs: [] })));
    expect(['recording:2', 'request:r', 'CON-1'].map(named)).toEqual(['recording:2', 'request:r', 'CON-1']);
    expect(idOf(unpackState(JSON.stringify({ ...stored, id: 'leg:i1', legs: [leg] })))).toBe('leg:i1');
  });

  it('accepts IDs that are special in JavaScript', () => {
    const call = callAfter(
      caller('completed', 1, { uuid: '__proto__' }),
      caller('completed', 1, { uuid: 'constructor' }),
    );
    expect(call.legs.map(({ uuid }) => uuid)).toEqual(['__proto__', 'constructor']);
  });
});
