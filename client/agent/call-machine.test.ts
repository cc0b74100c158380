import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../ui/entries.ts';
import { type CallEvent, step } from './call-machine.ts';
import { type Call, type CallState, currentCall, isLive, noCalls, type Phase } from './call-state.ts';

const call: Call = { id: 'leg-1', from: '447700900000', kind: 'phone' };
const other: Call = { id: 'leg-2', from: '447700900111', kind: 'phone' };
const third: Call = { id: 'leg-3', from: '447700900222', kind: 'phone' };
const ringing = { ...call, since: 50 };
const waitingCall = { ...other, since: 60 };
const waitingLonger = { ...third, since: 70 };
const interruption = { since: 100, cut: 300, until: 900 };

const talking: Phase = {
  name: 'in-call',
  call,
  since: 100,
  muted: false,
  mutedWanted: null,
  alive: 400,
  mediaLostAt: null,
  microphone: 'works',
};

/** Every phase, and those of them that hide a flag. */
const states = {
  idle: noCalls,
  ringing: { phase: { name: 'ringing', call: ringing }, waiting: [] },
  'ringing+waiting': { phase: { name: 'ringing', call: ringing }, waiting: [waitingCall] },
  joining: { phase: { name: 'joining', call: ringing, interruption: null }, waiting: [] },
  'joining again': { phase: { name: 'joining', call: ringing, interruption }, waiting: [] },
  'in-call': { phase: talking, waiting: [] },
  'in-call+waiting': { phase: talking, waiting: [waitingCall, waitingLonger] },
  muting: { phase: { ...talking, mutedWanted: true }, waiting: [] },
  muted: { phase: { ...talking, muted: true }, waiting: [] },
  'audio lost': { phase: { ...talking, mediaLostAt: 300 }, waiting: [] },
  rejoinable: { phase: { name: 'rejoinable', call, interruption }, waiting: [] },
  'rejoinable+waiting': { phase: { name: 'rejoinable', call, interruption }, waiting: [waitingCall] },
  ended: {
    phase: { name: 'ended', ended: { call, reason: 'caller-hung-up', at: 400, talked: 300 } },
    waiting: [],
  },
} satisfies Record<string, CallState>;

type StateName = keyof typeof states;

const callId = call.id;
const at = 500;

const events = {
  invited: { type: 'invited', call: third, at },
  'invited again': { type: 'invited', call, at },
  joined: { type: 'joined', callId, at },
  'join-failed': { type: 'join-failed', callId, at },
  'microphone-failed': { type: 'microphone-failed', callId, problem: 'missing' },
  over: { type: 'over', callId, reason: 'caller-gave-up', at },
  'over for the waiting call': { type: 'over', callId: other.id, reason: 'caller-gave-up', at },
  'media-lost': { type: 'media-lost', callId, at },
  'media-back': { type: 'media-back', callId },
  'muted at the platform': { type: 'mute-changed', callId, muted: true },
  'unmuted at the platform': { type: 'mute-changed', callId, muted: false },
  'mute-unconfirmed': { type: 'mute-unconfirmed', callId },
  'interruption-found': { type: 'interruption-found', call, interruption },
  'interruption-expired': { type: 'interruption-expired', callId, at },
  'end-shown': { type: 'end-shown', callId },
  answer: { type: 'answer' },
  reject: { type: 'reject', at },
  'hang-up': { type: 'hang-up', at },
  'toggle-mute': { type: 'toggle-mute' },
  rejoin: { type: 'rejoin' },
  'reject-waiting': { type: 'reject-waiting', callId: other.id, at },
  'take-next': { type: 'take-next', callId: other.id, at },
  'tick, all calls young': { type: 'tick', at, ringLimit: 1_000 },
  'tick, the ringing call too old': { type: 'tick', at, ringLimit: 450 },
  'tick, every call too old': { type: 'tick', at, ringLimit: 400 },
  forget: { type: 'forget' },
} satisfies Record<string, CallEvent>;

type EventName = keyof typeof events;

const missed = (...ids: string[]) => ids.map((id) => `record ${id} nobody-answered`).join(', ');

/** Where each event leads, and what it asks for. What is not listed must change nothing. */
const table: Record<StateName, Partial<Record<EventName, string>>> = {
  idle: {
    invited: 'ringing leg-3',
    'invited again': 'ringing leg-1',
    // A conversation that nobody here takes part in: the answer came after the agent hung up.
    joined: 'idle | hang-up leg-1',
    'interruption-found': 'rejoinable leg-1',
  },
  ringing: {
    'tick, the ringing call too old': `ended leg-1 nobody-answered | ${missed('leg-1')}`,
    'tick, every call too old': `ended leg-1 nobody-answered | ${missed('leg-1')}`,
    forget: 'idle',
    invited: 'ringing leg-1 +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    answer: 'joining leg-1 | answer leg-1',
    reject: 'ended leg-1 you-rejected | reject leg-1, record leg-1 you-rejected',
  },
  'ringing+waiting': {
    'tick, the ringing call too old': `ringing leg-2 | ${missed('leg-1')}`,
    'tick, every call too old': `ended leg-1 nobody-answered | ${missed('leg-2', 'leg-1')}`,
    forget: 'idle',
    invited: 'ringing leg-1 +leg-2 +leg-3',
    over: 'ringing leg-2 | record leg-1 caller-gave-up',
    'over for the waiting call': 'ringing leg-1 | record leg-2 caller-gave-up',
    answer: 'joining leg-1 +leg-2 | answer leg-1',
    reject: 'ringing leg-2 | reject leg-1, record leg-1 you-rejected',
    'reject-waiting': 'ringing leg-1 | reject leg-2, record leg-2 you-rejected',
  },
  joining: {
    forget: 'idle',
    invited: 'joining leg-1 +leg-3',
    joined: 'in-call leg-1 since 500',
    'join-failed': 'ended leg-1 connection-lost | hang-up leg-1, record leg-1 connection-lost',
    'microphone-failed': 'ringing leg-1 not for missing',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
  },
  'joining again': {
    forget: 'idle',
    invited: 'joining leg-1 +leg-3',
    joined: 'in-call leg-1 since 100',
    'join-failed': 'ended leg-1 connection-lost | hang-up leg-1, record leg-1 connection-lost',
    'microphone-failed': 'rejoinable leg-1 not for missing',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
  },
  'in-call': {
    forget: 'idle',
    invited: 'in-call leg-1 since 100 +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'media-lost': 'in-call leg-1 since 100 audio lost',
    'muted at the platform': 'in-call leg-1 since 100 muted',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
    'toggle-mute': 'in-call leg-1 since 100 wanted true | set-muted leg-1 true',
  },
  'in-call+waiting': {
    'tick, every call too old': `in-call leg-1 since 100 | ${missed('leg-2', 'leg-3')}`,
    forget: 'idle',
    over: 'ringing leg-2 +leg-3 | record leg-1 caller-gave-up',
    'over for the waiting call': 'in-call leg-1 since 100 +leg-3 | record leg-2 caller-gave-up',
    'media-lost': 'in-call leg-1 since 100 audio lost +leg-2 +leg-3',
    'muted at the platform': 'in-call leg-1 since 100 muted +leg-2 +leg-3',
    'hang-up': 'ringing leg-2 +leg-3 | hang-up leg-1, record leg-1 you-hung-up',
    'toggle-mute': 'in-call leg-1 since 100 wanted true +leg-2 +leg-3 | set-muted leg-1 true',
    'reject-waiting': 'in-call leg-1 since 100 +leg-3 | reject leg-2, record leg-2 you-rejected',
    'take-next': 'joining leg-2 +leg-3 | hang-up leg-1, record leg-1 you-hung-up, answer leg-2',
  },
  muting: {
    forget: 'idle',
    invited: 'in-call leg-1 since 100 wanted true +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'media-lost': 'in-call leg-1 since 100 wanted true audio lost',
    'muted at the platform': 'in-call leg-1 since 100 muted',
    'unmuted at the platform': 'in-call leg-1 since 100',
    'mute-unconfirmed': 'in-call leg-1 since 100 | set-muted leg-1 false',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
  },
  muted: {
    forget: 'idle',
    invited: 'in-call leg-1 since 100 muted +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'media-lost': 'in-call leg-1 since 100 muted audio lost',
    'unmuted at the platform': 'in-call leg-1 since 100',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
    'toggle-mute': 'in-call leg-1 since 100 muted wanted false | set-muted leg-1 false',
  },
  'audio lost': {
    forget: 'idle',
    invited: 'in-call leg-1 since 100 audio lost +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'media-back': 'in-call leg-1 since 100',
    'muted at the platform': 'in-call leg-1 since 100 muted audio lost',
    'hang-up': 'ended leg-1 you-hung-up | hang-up leg-1, record leg-1 you-hung-up',
    'toggle-mute': 'in-call leg-1 since 100 wanted true audio lost | set-muted leg-1 true',
  },
  rejoinable: {
    forget: 'idle',
    invited: 'rejoinable leg-1 +leg-3',
    over: 'ended leg-1 caller-gave-up | record leg-1 caller-gave-up',
    'interruption-expired': 'ended leg-1 connection-lost | leave leg-1, record leg-1 connection-lost',
    'hang-up': 'ended leg-1 you-hung-up | leave leg-1, record leg-1 you-hung-up',
    rejoin: 'joining leg-1 | rejoin leg-1',
  },
  'rejoinable+waiting': {
    'tick, every call too old': `rejoinable leg-1 | ${missed('leg-2')}`,
    forget: 'idle',
    invited: 'rejoinable leg-1 +leg-2 +leg-3',
    over: 'ringing leg-2 | record leg-1 caller-gave-up',
    'over for the waiting call': 'rejoinable leg-1 | record leg-2 caller-gave-up',
    'interruption-expired': 'ringing leg-2 | leave leg-1, record leg-1 connection-lost',
    'hang-up': 'ringing leg-2 | leave leg-1, record leg-1 you-hung-up',
    rejoin: 'joining leg-1 +leg-2 | rejoin leg-1',
    'reject-waiting': 'rejoinable leg-1 | reject leg-2, record leg-2 you-rejected',
    'take-next': 'joining leg-2 | leave leg-1, record leg-1 you-hung-up, answer leg-2',
  },
  ended: {
    forget: 'idle',
    invited: 'ringing leg-3',
    joined: 'ended leg-1 caller-hung-up | hang-up leg-1',
    'end-shown': 'idle',
  },
};

function describeState({ phase, waiting }: CallState): string {
  const parts: string[] = [phase.name];
  if (phase.name === 'ended') {
    parts.push(phase.ended.call.id, phase.ended.reason);
  } else if (phase.name !== 'idle') {
    parts.push(phase.call.id);
  }
  if ('microphoneError' in phase) {
    parts.push(`not for ${phase.microphoneError}`);
  }
  if (phase.name === 'in-call') {
    parts.push(`since ${phase.since}`);
    parts.push(...(phase.muted ? ['muted'] : []));
    parts.push(...(phase.mutedWanted === null ? [] : [`wanted ${phase.mutedWanted}`]));
    parts.push(...(phase.mediaLostAt === null ? [] : ['audio lost']));
  }
  return [...parts, ...waiting.map((one) => `+${one.id}`)].join(' ');
}

function describeStep(state: CallState, event: CallEvent): string {
  const { state: next, effects } = step(state, event);
  const asked = effects.map((effect) => {
    switch (effect.type) {
      case 'answer':
      case 'rejoin':
      case 'dial':
        return `${effect.type} ${effect.call.id}`;
      case 'set-muted':
        return `${effect.type} ${effect.callId} ${effect.muted}`;
      case 'record':
        return `${effect.type} ${effect.ended.call.id} ${effect.ended.reason}`;
      default:
        return `${effect.type} ${effect.callId}`;
    }
  });
  return [describeState(next), ...(asked.length > 0 ? [asked.join(', ')] : [])].join(' | ');
}

describe.each(entriesOf(states))('%s', (stateName, state) => {
  it.each(entriesOf(events))('then %s', (eventName, event) => {
    expect(describeStep(state, event)).toBe(table[stateName][eventName] ?? describeState(state));
  });
});

describe('the record of a call that ended', () => {
  it('has the duration of the conversation', () => {
    const { effects } = step(states['in-call'], { type: 'hang-up', at: 900 });
    expect(effects).toContainEqual({
      type: 'record',
      ended: { call, reason: 'you-hung-up', at: 900, talked: 800 },
    });
  });

  it.each<[string, CallState, CallEvent]>([
    ['given up', states.rejoinable, { type: 'interruption-expired', callId, at: 900 }],
    ['hung up', states.rejoinable, { type: 'hang-up', at: 900 }],
    ['not rejoined', states['joining again'], { type: 'join-failed', callId, at: 900 }],
  ])('counts an interrupted conversation up to the interruption if it is %s', (_how, state, event) => {
    const { effects } = step(state, event);
    expect(effects.find((effect) => effect.type === 'record')).toMatchObject({ ended: { talked: 200 } });
  });

  it.each<[string, CallEvent[], number]>([
    ['sleep that it ended in', [], 300],
    ['sleep that it went on after', [{ type: 'tick', at: 60_400, ringLimit: 1 }], 300],
    ['time without audio at its end', [{ type: 'media-lost', callId, at: 350 }], 250],
  ])('counts no %s', (_what, before, talked) => {
    const awake: CallState = states['in-call'];
    const slept = before.reduce((now, event) => step(now, event).state, awake);
    const { effects } = step(slept, { type: 'over', callId, reason: 'caller-hung-up', at: 60_400 });
    expect(effects).toMatchObject([{ type: 'record', ended: { talked } }]);
  });

  it('has no duration if nobody answered', () => {
    const { effects } = step(states.ringing, { type: 'over', callId, reason: 'nobody-answered', at: 900 });
    expect(effects).toEqual([
      { type: 'record', ended: { call, reason: 'nobody-answered', at: 900, talked: null } },
    ]);
  });
});

it('starts each call without mute', () => {
  const { state } = step(
    { phase: { ...talking, muted: true }, waiting: [waitingCall] },
    { type: 'hang-up', at },
  );
  const answered = step(step(state, { type: 'answer' }).state, { type: 'joined', callId: other.id, at });
  expect(answered.state.phase).toMatchObject({ name: 'in-call', call: other, muted: false });
});

describe('after any sequence of events', () => {
  const anyCall = fc.constantFrom(call, other, third);
  const anyId = anyCall.map((one) => one.id);
  const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
    fc.constantFrom<CallEvent[]>(...Object.values(events).filter(({ type }) => type !== 'forget')),
    anyCall.map((one): CallEvent => ({ type: 'invited', call: one, at })),
    anyId.map((id): CallEvent => ({ type: 'joined', callId: id, at })),
    anyId.map((id): CallEvent => ({ type: 'over', callId: id, reason: 'caller-hung-up', at })),
    anyId.map((id): CallEvent => ({ type: 'take-next', callId: id, at })),
  );

  it('no call is in two places or waits for nothing, and each ended call is recorded once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (sequence) => {
        let state = noCalls;
        for (const event of sequence) {
          const { state: next, effects } = step(state, event);
          const present = [...next.waiting, currentCall(next.phase)].filter((one) => one !== null);
          expect(new Set(present.map((one) => one.id)).size).toBe(present.length);
          expect(next.waiting.length === 0 || currentCall(next.phase) !== null).toBe(true);

          const before = [...state.waiting, currentCall(state.phase)].filter((one) => one !== null);
          const gone = before.filter((one) => !present.some((kept) => kept.id === one.id));
          const recorded = effects.filter((effect) => effect.type === 'record');
          expect(recorded.map((effect) => effect.ended.call.id)).toEqual(gone.map((one) => one.id));
          state = next;
        }
      }),
    );
  });

  it('hanging up always leaves the conversation', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (sequence) => {
        const state = sequence.reduce((now, event) => step(now, event).state, noCalls);
        expect(isLive(step(state, { type: 'hang-up', at }).state.phase)).toBe(false);
      }),
    );
  });
});
