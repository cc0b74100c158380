import { describe, expect, it } from 'vitest';
import type { CallUpdate } from '../protocol.ts';
import { step } from './phone-machine.ts';
import { type Call, firstPhone, type Phone, type PhoneEvent, type Step } from './phone-state.ts';

const parties = { own: '447700900000', other: '442038297050' };
const talk = { parties, listening: false, muted: false };
const UUID = 'call-1';
/** The attempt that the calls below stand at. */
const NOW = 3;

const calls = {
  idle: { phase: 'idle' },
  preparing: { phase: 'preparing', attempt: NOW, parties, listening: false },
  'no-microphone': { phase: 'no-microphone', parties, fault: 'none' },
  dialling: { phase: 'dialling', attempt: NOW, parties, listening: false, early: [] },
  incoming: { phase: 'incoming', uuid: UUID, parties },
  answering: { phase: 'answering', uuid: UUID, attempt: NOW, parties, listening: false },
  ringing: { phase: 'ringing', uuid: UUID, ...talk },
  answered: { phase: 'answered', uuid: UUID, since: 1000, keyed: '1', ...talk },
  talking: { phase: 'talking', uuid: UUID, since: 1000, keyed: '1', ...talk },
  ended: { phase: 'ended', parties, ending: { kind: 'over', reason: 'you-hung-up' } },
} satisfies Record<string, Call>;

type Phase = keyof typeof calls;
const phases = [
  'idle',
  'preparing',
  'no-microphone',
  'dialling',
  'incoming',
  'answering',
  'ringing',
  'answered',
  'talking',
  'ended',
] as const;

const phoneIn = (call: Call, line: Phone['line'] = 'open'): Phone => ({ line, call, attempts: NOW });

const update = (status: CallUpdate['status'], more: Partial<CallUpdate> = {}, at = 5000): PhoneEvent => ({
  type: 'update',
  at,
  update: { uuid: UUID, status, ...more },
});

/** The effects in one line: their names, with what they are about. */
const effectsOf = ({ effects }: Step) =>
  effects.map((effect) => ('uuid' in effect ? `${effect.type} ${effect.uuid}` : effect.type)).join(', ');

/** What an event leads to: the next phase in each phase, and the effects where there are some. */
type Row = Partial<Record<Phase, [phase: Phase, effects?: string]>>;

const DIALS: Row = {
  idle: ['preparing', 'prepare-audio'],
  'no-microphone': ['preparing', 'prepare-audio'],
  ended: ['preparing', 'prepare-audio'],
};

/** A phase that a row leaves out stays as it is, without effects. */
const table: [name: string, event: PhoneEvent, row: Row][] = [
  ['the line opens, remembered', { type: 'line-opened', recovered: true }, {}],
  [
    'the line opens anew',
    { type: 'line-opened', recovered: false },
    {
      incoming: ['ended', `hang-up ${UUID}, close-audio`],
      ringing: ['ended', `hang-up ${UUID}, close-audio`],
      answered: ['ended', `hang-up ${UUID}, close-audio`],
      talking: ['ended', `hang-up ${UUID}, close-audio`],
    },
  ],
  [
    'the line drops',
    { type: 'line-dropped' },
    {
      preparing: ['ended', 'close-audio'],
      dialling: ['ended', 'close-audio'],
      answering: ['ended', `hang-up ${UUID}, close-audio`],
    },
  ],
  [
    'the line is lost',
    { type: 'line-lost' },
    {
      preparing: ['ended', 'close-audio'],
      'no-microphone': ['idle'],
      dialling: ['ended', 'close-audio'],
      incoming: ['ended', 'close-audio'],
      answering: ['ended', 'close-audio'],
      ringing: ['ended', 'close-audio'],
      answered: ['ended', 'close-audio'],
      talking: ['ended', 'close-audio'],
      ended: ['idle'],
    },
  ],
  ['a number is dialled', { type: 'dial', parties }, DIALS],
  [
    'it is dialled without a microphone',
    { type: 'dial-listening' },
    { 'no-microphone': ['preparing', 'prepare-audio'] },
  ],
  [
    'a call comes in',
    { type: 'ring', uuid: 'call-9', parties },
    {
      idle: ['incoming'],
      preparing: ['preparing', 'reject call-9'],
      'no-microphone': ['incoming'],
      dialling: ['dialling', 'reject call-9'],
      incoming: ['incoming', 'reject call-9'],
      answering: ['answering', 'reject call-9'],
      ringing: ['ringing', 'reject call-9'],
      answered: ['answered', 'reject call-9'],
      talking: ['talking', 'reject call-9'],
      ended: ['incoming'],
    },
  ],
  [
    'a call comes in that is there already',
    { type: 'ring', uuid: UUID, parties },
    {
      idle: ['incoming'],
      preparing: ['preparing', `reject ${UUID}`],
      'no-microphone': ['incoming'],
      dialling: ['dialling', `reject ${UUID}`],
      ended: ['incoming'],
    },
  ],
  [
    'it is to be answered',
    { type: 'answer', listening: false },
    { incoming: ['answering', 'prepare-audio'] },
  ],
  [
    'it is to be answered without a microphone',
    { type: 'answer', listening: true },
    { incoming: ['answering', 'prepare-audio'] },
  ],
  ['it is rejected', { type: 'reject' }, { incoming: ['ended', `reject ${UUID}`] }],
  [
    'the sound is prepared',
    { type: 'prepared', attempt: NOW, offer: 'sdp' },
    { preparing: ['dialling', 'dial'], answering: ['answering', `answer ${UUID}`] },
  ],
  ['the sound of an earlier call is prepared', { type: 'prepared', attempt: NOW - 1, offer: 'sdp' }, {}],
  [
    'the microphone fails',
    { type: 'microphone-failed', attempt: NOW, fault: 'refused' },
    { preparing: ['no-microphone', 'close-audio'], answering: ['incoming', 'close-audio'] },
  ],
  [
    'the microphone of an earlier call fails',
    { type: 'microphone-failed', attempt: NOW - 1, fault: 'none' },
    {},
  ],
  [
    'the emulator accepts',
    { type: 'accepted', attempt: NOW, uuid: UUID, answer: 'sdp' },
    {
      idle: ['idle', `hang-up ${UUID}`],
      preparing: ['preparing', `hang-up ${UUID}`],
      'no-microphone': ['no-microphone', `hang-up ${UUID}`],
      dialling: ['ringing', 'connect-audio'],
      incoming: ['incoming', `hang-up ${UUID}`],
      answering: ['answering', `hang-up ${UUID}`],
      ringing: ['ringing', `hang-up ${UUID}`],
      answered: ['answered', `hang-up ${UUID}`],
      talking: ['talking', `hang-up ${UUID}`],
      ended: ['ended', `hang-up ${UUID}`],
    },
  ],
  [
    'the emulator accepts an earlier call',
    { type: 'accepted', attempt: NOW - 1, uuid: 'call-0', answer: 'sdp' },
    Object.fromEntries(phases.map((phase) => [phase, [phase, 'hang-up call-0']])),
  ],
  [
    'the emulator has answered for it',
    { type: 'connected', attempt: NOW, uuid: UUID, answer: 'sdp', at: 5000 },
    Object.fromEntries(
      phases.map((phase) => [
        phase,
        phase === 'answering' ? ['talking', 'connect-audio'] : [phase, `hang-up ${UUID}`],
      ]),
    ),
  ],
  [
    'the emulator has answered an earlier call',
    { type: 'connected', attempt: NOW - 1, uuid: 'call-0', answer: 'sdp', at: 5000 },
    Object.fromEntries(phases.map((phase) => [phase, [phase, 'hang-up call-0']])),
  ],
  [
    'the call is refused',
    { type: 'refused', attempt: NOW, code: 'unknown-number', message: 'not in service' },
    {
      preparing: ['ended', 'close-audio'],
      dialling: ['ended', 'close-audio'],
      answering: ['ended', `hang-up ${UUID}, close-audio`],
    },
  ],
  ['an earlier call is refused', { type: 'refused', attempt: NOW - 1, code: 'internal', message: 'why' }, {}],
  ['it rings', update('ringing'), {}],
  ['it is answered', update('answered'), { ringing: ['answered'] }],
  ['somebody joins it', update('connected'), { ringing: ['talking'], answered: ['talking'] }],
  [
    'it ends',
    update('ended', { reason: 'rejected' }),
    {
      incoming: ['ended', 'close-audio'],
      answering: ['ended', 'close-audio'],
      ringing: ['ended', 'close-audio'],
      answered: ['ended', 'close-audio'],
      talking: ['ended', 'close-audio'],
    },
  ],
  ['another call ends', update('ended', { uuid: 'call-0' }), {}],
  ['something goes wrong', { type: 'trouble', trouble: { kind: 'sound-lost' } }, {}],
  [
    'a key is pressed',
    { type: 'key', digit: '5', inBand: false },
    { answered: ['answered', `send-digit ${UUID}`], talking: ['talking', `send-digit ${UUID}`] },
  ],
  [
    'a key is pressed, to be sent in band',
    { type: 'key', digit: '5', inBand: true },
    { answered: ['answered', 'sound-digit'], talking: ['talking', 'sound-digit'] },
  ],
  [
    'something is said by text',
    { type: 'say', text: 'yes' },
    { answered: ['answered', `say ${UUID}`], talking: ['talking', `say ${UUID}`] },
  ],
  ['nothing is said by text', { type: 'say', text: ' ' }, {}],
  [
    'it is muted',
    { type: 'mute', muted: true },
    {
      ringing: ['ringing', 'mute-audio'],
      answered: ['answered', 'mute-audio'],
      talking: ['talking', 'mute-audio'],
    },
  ],
  [
    'it is hung up',
    { type: 'hang-up' },
    {
      preparing: ['ended', 'close-audio'],
      dialling: ['ended', 'close-audio'],
      answering: ['ended', `hang-up ${UUID}, close-audio`],
      ringing: ['ended', `hang-up ${UUID}, close-audio`],
      answered: ['ended', `hang-up ${UUID}, close-audio`],
      talking: ['ended', `hang-up ${UUID}, close-audio`],
    },
  ],
];

describe.each(table)('when %s', (_name, event, row) => {
  it.each(phases)('and the call is %s', (phase) => {
    const after = step(phoneIn(calls[phase]), event);
    const [expected, effects = ''] = row[phase] ?? [phase];
    expect({ phase: after.phone.call.phase, effects: effectsOf(after) }).toEqual({
      phase: expected,
      effects,
    });
  });
});

describe('the line', () => {
  it('opens and drops', () => {
    const open = step(firstPhone, { type: 'line-opened', recovered: false }).phone;
    expect(open).toEqual({ ...firstPhone, line: 'open' });
    expect(step(open, { type: 'line-dropped' }).phone).toEqual(firstPhone);
  });

  it.each(phases)('does not dial while it is down and the call is %s', (phase) => {
    const phone = phoneIn(calls[phase], 'connecting');
    expect(step(phone, { type: 'dial', parties })).toEqual({ phone, effects: [] });
    expect(step(phone, { type: 'dial-listening' })).toEqual({ phone, effects: [] });
  });

  it('accepts no keys or speech while it is down', () => {
    const phone = phoneIn(calls.talking, 'connecting');
    expect(step(phone, { type: 'key', digit: '5', inBand: false })).toEqual({ phone, effects: [] });
    expect(step(phone, { type: 'say', text: 'yes' })).toEqual({ phone, effects: [] });
  });

  it('allows rejecting but not answering while it is down', () => {
    const phone = phoneIn(calls.incoming, 'connecting');
    expect(step(phone, { type: 'answer', listening: false })).toEqual({ phone, effects: [] });
    expect(step(phone, { type: 'reject' }).phone.call.phase).toBe('ended');
  });

  it('leaves the message that it was lost on the display', () => {
    const lost = step(phoneIn(calls.talking, 'connecting'), { type: 'line-lost' }).phone;
    expect(lost.call).toMatchObject({ phase: 'ended', ending: { reason: 'connection-lost' } });
    expect(step(lost, { type: 'line-lost' }).phone).toEqual(lost);
    expect(step(lost, { type: 'line-opened', recovered: false }).phone.call).toEqual(lost.call);
  });
});

describe('a call', () => {
  const steps = (events: PhoneEvent[], phone = phoneIn(calls.idle)) =>
    events.reduce<Step>((before, event) => step(before.phone, event), { phone, effects: [] });

  it('goes from dialling to talking', () => {
    const { phone } = steps([
      { type: 'dial', parties },
      { type: 'prepared', attempt: NOW + 1, offer: 'sdp' },
      { type: 'accepted', attempt: NOW + 1, uuid: UUID, answer: undefined },
      update('ringing'),
      update('answered', {}, 5000),
      { type: 'key', digit: '4', inBand: false },
      update('connected', {}, 7000),
      { type: 'key', digit: '#', inBand: true },
    ]);
    expect(phone.call).toEqual({ phase: 'talking', uuid: UUID, since: 7000, keyed: '4#', ...talk });
  });

  it('without audio from the emulator connects none', () => {
    const event: PhoneEvent = { type: 'accepted', attempt: NOW, uuid: UUID, answer: undefined };
    expect(step(phoneIn(calls.dialling), event).effects).toEqual([]);
  });

  it('applies events that arrive before the reply to its dialling', () => {
    const accepted: PhoneEvent = { type: 'accepted', attempt: NOW, uuid: UUID, answer: 'sdp' };
    const answered = steps([update('answered'), accepted], phoneIn(calls.dialling));
    expect(answered.phone.call).toMatchObject({ phase: 'answered', since: 5000 });

    const ended = steps([update('answered'), update('ended'), accepted], phoneIn(calls.dialling));
    expect(ended.phone.call.phase).toBe('ended');
    expect(effectsOf(ended)).toBe('connect-audio, close-audio');

    const other = steps([update('ended', { uuid: 'call-0' }), accepted], phoneIn(calls.dialling));
    expect(other.phone.call.phase).toBe('ringing');
  });

  it.each(['answered', 'connected'] as const)('keeps its time when it is %s twice', (status) => {
    const { phone } = step(phoneIn(calls.talking), update(status));
    expect(phone.call).toEqual(calls.talking);
  });

  it('ends with the emulator’s reason and message', () => {
    const ended = update('ended', { reason: 'application-error', message: 'the answer is not JSON' });
    expect(step(phoneIn(calls.ringing), ended).phone.call).toEqual({
      phase: 'ended',
      parties,
      ending: { kind: 'over', reason: 'application-error', message: 'the answer is not JSON' },
    });
  });

  it('without a reason was ended by the other side', () => {
    const { call } = step(phoneIn(calls.talking), update('ended')).phone;
    expect(call).toMatchObject({ ending: { kind: 'over', reason: 'far-side-hung-up' } });
  });

  it('continues with an audio problem', () => {
    const trouble = { kind: 'sound-lost' } as const;
    const { call } = step(phoneIn(calls.talking), { type: 'trouble', trouble }).phone;
    expect(call).toEqual({ ...calls.talking, trouble });
  });

  it('that only listens cannot be muted, and has no audio for in-band DTMF', () => {
    const phone = phoneIn({ ...calls.talking, listening: true });
    expect(step(phone, { type: 'mute', muted: true })).toEqual({ phone, effects: [] });
    expect(effectsOf(step(phone, { type: 'key', digit: '5', inBand: true }))).toBe(`send-digit ${UUID}`);
  });

  it('starts unmuted after a muted one', () => {
    const { phone } = steps(
      [
        { type: 'mute', muted: true },
        { type: 'hang-up' },
        { type: 'dial', parties },
        { type: 'prepared', attempt: NOW + 1, offer: 'sdp' },
        { type: 'accepted', attempt: NOW + 1, uuid: 'call-2', answer: 'sdp' },
      ],
      phoneIn(calls.talking),
    );
    expect(phone.call).toMatchObject({ phase: 'ringing', uuid: 'call-2', muted: false });
  });

  it('can be dialled again to the same number without a microphone', () => {
    const { phone, effects } = step(phoneIn(calls['no-microphone']), { type: 'dial-listening' });
    expect(phone.call).toEqual({ phase: 'preparing', attempt: NOW + 1, parties, listening: true });
    expect(effects).toEqual([{ type: 'prepare-audio', attempt: NOW + 1, listening: true }]);
  });
});

describe('an incoming call', () => {
  const steps = (events: PhoneEvent[]) =>
    events.reduce<Step>((before, event) => step(before.phone, event), {
      phone: phoneIn(calls.idle),
      effects: [],
    });
  const rings: PhoneEvent = { type: 'ring', uuid: UUID, parties };

  it('goes from ringing to talking', () => {
    const { phone } = steps([
      rings,
      { type: 'answer', listening: false },
      { type: 'prepared', attempt: NOW + 1, offer: 'sdp' },
      { type: 'connected', attempt: NOW + 1, uuid: UUID, answer: 'sdp', at: 5000 },
      { type: 'key', digit: '4', inBand: false },
      { type: 'say', text: ' hello ' },
    ]);
    const call = { phase: 'talking', uuid: UUID, since: 5000, keyed: '4', said: 'hello', ...talk };
    expect(phone.call).toEqual(call);
  });

  it('finds a busy phone busy, which is not a rejection', () => {
    const reject = { type: 'reject', uuid: 'call-9', busy: true };
    const another: PhoneEvent = { type: 'ring', uuid: 'call-9', parties };
    expect(step(phoneIn(calls.talking), another).effects).toEqual([reject]);
    expect(step(phoneIn(calls.incoming), { type: 'reject' }).effects).toEqual([
      { ...reject, uuid: UUID, busy: false },
    ]);
  });

  it('keeps ringing, and says why it cannot be answered without a microphone', () => {
    const { phone } = steps([
      rings,
      { type: 'answer', listening: false },
      { type: 'microphone-failed', attempt: NOW + 1, fault: 'refused' },
    ]);
    expect(phone.call).toEqual({ ...calls.incoming, fault: 'refused' });
    const listening = step(phone, { type: 'answer', listening: true });
    expect(listening.phone.call).toMatchObject({ phase: 'answering', listening: true });
    expect(listening.effects).toEqual([{ type: 'prepare-audio', attempt: NOW + 2, listening: true }]);
  });

  it.each([
    ['the caller gives up', update('ended', { reason: 'caller-gave-up' }), 'caller-gave-up'],
    ['another phone answers', update('ended', { reason: 'answered-elsewhere' }), 'answered-elsewhere'],
    ['it is rejected', { type: 'reject' } as const, 'you-rejected'],
  ])('ends when %s', (_what, event, reason) => {
    expect(step(phoneIn(calls.incoming), event).phone.call).toEqual({
      phase: 'ended',
      parties,
      ending: { kind: 'over', reason },
    });
  });

  it('survives a line that reconnects in time', () => {
    const { phone } = steps([rings, { type: 'line-dropped' }, { type: 'line-opened', recovered: true }]);
    expect(phone).toMatchObject({ line: 'open', call: calls.incoming });
  });
});
