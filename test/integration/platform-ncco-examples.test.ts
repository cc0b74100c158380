import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLED, FIRST, type Guest, type Play, play } from './support/play-ncco.ts';
import type { SocketProgram } from './support/socket-program.ts';
import { startSocketProgram } from './support/socket-program.ts';
import { NUMBER, serveTone, VoiceScene } from './support/voice-scene.ts';

const NOWHERE = 'http://127.0.0.1:1/x';
let scene: VoiceScene;
let program: SocketProgram;
let tone: Awaited<ReturnType<typeof serveTone>>;

/** One platform for all tests, on a virtual clock: nothing here waits. */
beforeAll(async () => {
  scene = await VoiceScene.start([], { virtual: { seed: 1, start: Date.parse('2026-01-05T09:00:00Z') } });
  program = await startSocketProgram();
  tone = await serveTone();
  const { platform } = scene;
  platform.agent('Ann', { does: 'answer', after: 4, hangUpAfter: 20 });
  platform.agent('Rob', { does: 'reject', after: 2 });
  platform.agent('Roy', { does: 'ring' });
  platform.agent('Ava', { does: 'away' });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await program[Symbol.asyncDispose]();
  await tone[Symbol.asyncDispose]();
});

interface Example extends Partial<Omit<Play, 'caller'>>, Partial<Guest> {
  /** The events after the caller's `ringing` and `started`. */
  events: string[];
  /** Seconds from the caller's answer to the end. */
  lasts?: number;
  /** What the application replies to an event. */
  replies?: (event: Record<string, unknown>) => object[] | undefined;
}

/** Runs an example, and returns its events and the duration of the caller's call. */
async function run({ events: _, lasts: __, replies, phone, second, third, ncco = [], ...guest }: Example) {
  scene.application.acknowledge = (event) => {
    const body = replies?.(event);
    return body ? { body } : {};
  };
  const before = scene.application.events.length;
  const told = await play(scene, {
    caller: { ncco, ...guest },
    ...(phone && { phone }),
    ...(second && { second }),
    ...(third && { third }),
  });
  const at = (status: string) => {
    const events = scene.application.events.slice(before);
    const event = events.findLast((one) => one.status === status && one.from === FIRST);
    return Date.parse(String(event?.timestamp));
  };
  return { told, lasted: (at('completed') - at('answered')) / 1000 };
}

function examples(action: string, table: Record<string, Example>): void {
  describe(action, () => {
    test.each(Object.entries(table))('%s', async (_name, example) => {
      const { told, lasted } = await run(example);
      expect(told).toEqual(['caller ringing', 'caller started', ...example.events]);
      if (example.lasts !== undefined) expect(lasted).toBeCloseTo(example.lasts, 1);
    });
  });
}

const ANSWERED = 'caller answered';
const END = 'caller completed';
const ONLY = [ANSWERED, END];
const talk = (more: object = {}) => ({ action: 'talk', text: 'Hello', ...more });
/** 0.3 s plus 0.11 s for each of 100 one-letter words. */
const LONG = 'a '.repeat(100);

examples('talk', {
  'speaks, and the call is over': { ncco: [talk({ text: LONG })], events: ONLY, lasts: 11.3 },
  'takes SSML, whose tags are not spoken': {
    ncco: [talk({ text: `<speak><prosody rate="fast">${LONG}</prosody></speak>` })],
    events: ONLY,
    lasts: 11.3,
  },
  'takes language, style, premium and level': {
    ncco: [talk({ language: 'es-ES', style: 3, premium: true, level: -0.4 })],
    events: ONLY,
  },
  'is repeated': { ncco: [talk({ text: LONG, loop: 3 })], events: ONLY, lasts: 33.9 },
  'is repeated until somebody hangs up': { ncco: [talk({ loop: 0 })], hangsUp: 60, events: ONLY, lasts: 60 },
  'is cut short by a key, which the input gets': {
    ncco: [talk({ text: LONG, bargeIn: true }), { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1 } }],
    presses: [2, '5'],
    events: [ANSWERED, 'input 5', END],
    lasts: 2,
  },
  'may have 1500 characters': { ncco: [talk({ text: 'x'.repeat(1500) })], events: ONLY, lasts: 90.35 },
});

const stream = (more: object = {}) => ({ action: 'stream', streamUrl: [tone.url], ...more });

describe('stream', () => {
  test.each([
    ['plays a file', {}, 1],
    ['is repeated', { loop: 5, level: 0.5 }, 5],
  ])('%s', async (_what, more, lasts) => {
    const { told, lasted } = await run({ ncco: [stream(more)], events: [] });
    expect(told.slice(2)).toEqual(ONLY);
    expect(lasted).toBeCloseTo(lasts, 1);
  });

  test('is interrupted by a key', async () => {
    const ncco = [stream({ loop: 0, bargeIn: true }), { action: 'input', type: ['dtmf'] }];
    const { told } = await run({ ncco, presses: [5, '12'], events: [] });
    expect(told.slice(2)).toEqual([ANSWERED, 'input 12 timed out', END]);
  });
});

examples('stream of a file that is none', {
  'is told and passed over': {
    ncco: [{ action: 'stream', streamUrl: [NOWHERE] }, talk()],
    events: [`error Stream ${NOWHERE} refused the connection`, ...ONLY],
  },
});

const connect = (endpoint: object, more: object = {}) => ({
  action: 'connect',
  endpoint: [endpoint],
  ...more,
});
const phone = { type: 'phone', number: CALLED };
const rings = [`${CALLED} started`, `${CALLED} ringing`];
const joined = [`${CALLED} answered`, ANSWERED];
const bothEnd = [`${CALLED} completed`, END];

examples('connect to a phone', {
  'joins both, and ends with the phone': {
    ncco: [connect(phone, { from: NUMBER })],
    phone: { does: 'answer', after: 5, hangUpAfter: 30 },
    events: [...rings, ...joined, ...bothEnd],
    lasts: 30,
  },
  'ends for the phone when the caller hangs up': {
    ncco: [connect(phone)],
    phone: { does: 'answer', after: 5 },
    hangsUp: 15,
    events: [...rings, ...joined, END, `${CALLED} completed`],
    lasts: 10,
  },
  'ends after its limit': {
    ncco: [connect(phone, { limit: 12 })],
    phone: { does: 'answer' },
    events: [...rings, ...joined, ...bothEnd],
    lasts: 12,
  },
  'is given up after its time-out, and the next action follows': {
    ncco: [connect(phone, { timeout: 9 }), talk()],
    phone: { does: 'ring' },
    events: [...rings, `${CALLED} timeout`, `${CALLED} completed`, ...ONLY],
  },
  'is cancelled when the caller hangs up': {
    ncco: [connect(phone)],
    phone: { does: 'ring' },
    hangsUp: 7,
    events: [...rings, END, `${CALLED} cancelled`, `${CALLED} completed`],
  },
  'that is busy': {
    ncco: [connect(phone)],
    phone: { does: 'busy' },
    events: [`${CALLED} started`, `${CALLED} busy`, ...bothEnd],
  },
  'that rejects, after which no "completed" comes': {
    ncco: [connect(phone)],
    phone: { does: 'reject', after: 3 },
    events: [...rings, `${CALLED} rejected declined`, END],
  },
  'that has keys to press and an NCCO to hear first': {
    ncco: [connect({ ...phone, dtmfAnswer: '1p2' })],
    phone: { does: 'answer', hangUpAfter: 5 },
    events: [...rings, ...joined, ...bothEnd],
  },
  'finds who answers': {
    ncco: [connect(phone, { machineDetection: 'continue', randomFromNumber: true })],
    phone: { does: 'answer', hangUpAfter: 5 },
    events: [...rings, ...joined, `${CALLED} human`, ...bothEnd],
  },
  'finds a machine and its beep, named as in either SDK': {
    ncco: [connect(phone, { advanced_machine_detection: { behavior: 'continue', mode: 'detect_beep' } })],
    phone: { does: 'answer', machine: true, hangUpAfter: 5 },
    events: [...rings, ...joined, `${CALLED} machine`, `${CALLED} machine beep_start`, ...bothEnd],
  },
  'hangs up on a machine': {
    ncco: [connect(phone, { advancedMachineDetection: { behavior: 'hangup' } })],
    phone: { does: 'answer', machine: true },
    events: [...rings, ...joined, `${CALLED} machine`, ...bothEnd],
  },
});

const instead = [{ action: 'talk', text: 'Nobody is here.' }];
const insteadOf = (status: string) => (event: Record<string, unknown>) =>
  event.status === status && event.to !== NUMBER ? instead : undefined;
const synchronous = { eventType: 'synchronous', timeout: 5 };

examples('connect that is synchronous', {
  'goes on with the reply to "timeout"': {
    ncco: [connect(phone, synchronous)],
    phone: { does: 'ring' },
    replies: insteadOf('timeout'),
    events: [...rings, `${CALLED} timeout`, `${CALLED} completed`, ...ONLY],
  },
  'goes on with the reply to "busy", and not with its NCCO': {
    ncco: [connect(phone, synchronous), { action: 'notify', payload: { no: 1 }, eventUrl: [NOWHERE] }],
    phone: { does: 'busy' },
    replies: insteadOf('busy'),
    events: [`${CALLED} started`, `${CALLED} busy`, `${CALLED} completed`, ...ONLY],
  },
  'goes on with the reply to "rejected"': {
    ncco: [connect(phone, synchronous)],
    phone: { does: 'reject' },
    replies: insteadOf('rejected'),
    events: [...rings, `${CALLED} rejected declined`, ...ONLY],
  },
  'goes on with the reply to "failed"': {
    ncco: [connect({ ...phone, number: '447700900299' }, synchronous)],
    replies: insteadOf('failed'),
    events: [
      '447700900299 started',
      '447700900299 failed number_out_of_service',
      '447700900299 completed',
      ...ONLY,
    ],
  },
  'goes on with the reply to "unanswered"': {
    ncco: [connect({ type: 'app', user: 'Ava' }, synchronous)],
    replies: insteadOf('unanswered'),
    events: ['Ava started', 'Ava unanswered unavailable', 'Ava completed', ...ONLY],
  },
});

examples('connect to a user', {
  'joins both': {
    ncco: [talk(), connect({ type: 'app', user: 'Ann' })],
    events: [ANSWERED, 'Ann started', 'Ann answered', 'Ann completed', END],
  },
  'that rejects': {
    ncco: [connect({ type: 'app', user: 'Rob' })],
    events: ['Rob started', 'Rob rejected declined', END],
  },
  'that does not answer': {
    ncco: [connect({ type: 'app', user: 'Roy' }, { timeout: 20 })],
    events: ['Roy started', 'Roy timeout', 'Roy completed', END],
  },
  'that is not there': {
    ncco: [connect({ type: 'app', user: 'Ava' }, { timeout: 20 })],
    events: ['Ava started', 'Ava unanswered unavailable', 'Ava completed', END],
  },
  'that nobody has made': {
    ncco: [connect({ type: 'app', user: 'Zoe' })],
    events: [
      'Zoe started',
      'error NCCO connect: the application has no user "Zoe"',
      'Zoe failed cannot_route',
      'Zoe completed',
      END,
    ],
  },
});

describe('connect to a WebSocket', () => {
  test('joins both, and reports why it was closed', async () => {
    const { messages, texts } = program;
    const hangUp = (event: Record<string, unknown>) => {
      if (event.status === 'answered' && event.to === program.url) program.hangUp('Done');
      return undefined;
    };
    const ncco = [
      connect({ type: 'websocket', uri: program.url, headers: { desk: 7 } }),
      { action: 'wait', timeout: 1 },
    ];
    const { told } = await run({ ncco, events: [], replies: hangUp, hangsUp: 60 });
    const { url } = program;
    expect(told.slice(2)).toEqual([
      `${url} started`,
      `${url} answered`,
      ANSWERED,
      `${url} disconnected Done`,
      `${url} completed`,
      END,
    ]);
    expect(texts[0]).toEqual({
      event: 'websocket:connected',
      'content-type': 'audio/l16;rate=16000',
      desk: 7,
    });
    expect(messages.every(({ length }) => length === 640)).toBe(true);
  });

  test('that is rejected continues with the reply', async () => {
    const uri = 'ws://127.0.0.1:1/x';
    const ncco = [connect({ type: 'websocket', uri }, { eventType: 'synchronous' })];
    const { told } = await run({ ncco, events: [], replies: insteadOf('unanswered') });
    expect(told.slice(2)).toEqual([
      `${uri} started`,
      `${uri} unanswered unavailable`,
      `${uri} completed`,
      ...ONLY,
    ]);
  });
});

const refused = (type: string, to: string) => [
  `${to} started`,
  `error The emulator cannot call ${type} endpoints: "${to}" is unreachable.`,
  `${to} failed cannot_route`,
  `${to} completed`,
];

examples('connect to what the emulator does not carry', {
  sip: {
    ncco: [connect({ type: 'sip', uri: 'sip:ann@example.com', headers: { location: 'x' } }), talk()],
    events: [...refused('sip', 'sip:ann@example.com'), ...ONLY],
  },
  vbc: {
    ncco: [connect({ type: 'vbc', extension: '101' }), talk()],
    events: [...refused('vbc', '101'), ...ONLY],
  },
});

const record = (more: object = {}) => ({ action: 'record', ...more });
const wait = (timeout: number) => ({ action: 'wait', timeout });

examples('record', {
  'goes on until the call is over': {
    ncco: [record(), wait(5)],
    events: [...ONLY, 'record'],
    lasts: 5,
  },
  'may be split, and have more channels': {
    ncco: [record({ split: 'conversation', channels: 3, format: 'wav' }), wait(5)],
    events: [...ONLY, 'record'],
  },
  'ends after silence': {
    ncco: [record({ endOnSilence: 4 }), talk({ text: LONG })],
    events: [ANSWERED, 'record', END],
    lasts: 15.3,
  },
  'ends at a key': {
    ncco: [record({ endOnKey: '#', beepStart: true })],
    presses: [6, '#'],
    events: [ANSWERED, 'record', END],
    lasts: 6,
  },
  'ends after its time': {
    ncco: [record({ timeOut: 30, format: 'mp3', transcription: { language: 'en-US' } }), wait(3)],
    events: [ANSWERED, 'record', 'transcribed', END],
    lasts: 33,
  },
});

const meet = (more: object = {}) => ({ action: 'conversation', name: 'meeting', ...more });

examples('conversation', {
  'keeps one who is alone': {
    ncco: [meet()],
    hangsUp: 50,
    events: [ANSWERED, 'caller transfer', END],
    lasts: 50,
  },
  'waits for the moderator, and ends for all with them': {
    ncco: [meet({ startOnEnter: false, musicOnHoldUrl: [NOWHERE] })],
    second: { comes: 10, ncco: [meet({ endOnExit: true })], hangsUp: 20 },
    events: [
      ANSWERED,
      'caller transfer',
      `error Music on hold ${NOWHERE} refused the connection`,
      'second ringing',
      'second started',
      'second answered',
      'second transfer',
      'second completed',
      END,
    ],
    lasts: 30,
  },
  'is recorded once': {
    ncco: [meet({ record: true })],
    second: { ncco: [meet({ record: true, canHear: [], mute: true })], comes: 5, hangsUp: 10 },
    hangsUp: 20,
    events: [
      ANSWERED,
      'caller transfer',
      'second ringing',
      'second started',
      'second answered',
      'second transfer',
      'second completed',
      END,
      'record',
    ],
  },
});

const input = (more: object = {}) => ({ action: 'input', ...more });
const SPEECH = { type: ['speech'], speech: { startTimeout: 5, language: 'en-GB', context: ['yes'] } };

examples('input', {
  'ends with enough keys': {
    ncco: [input({ type: ['dtmf'], dtmf: { maxDigits: 3 } })],
    presses: [2, '1234'],
    events: [ANSWERED, 'input 123', END],
    lasts: 2,
  },
  'ends at the hash': {
    ncco: [input({ type: ['dtmf'], dtmf: { submitOnHash: true, maxDigits: 20, timeOut: 10 } })],
    presses: [2, '12#'],
    events: [ANSWERED, 'input 12', END],
  },
  'ends after its time': {
    ncco: [input({ type: ['dtmf'], dtmf: { timeOut: 10 } })],
    events: [ANSWERED, 'input timed out', END],
    lasts: 10,
  },
  'of keys that are sent one by one': {
    ncco: [input({ type: ['dtmf'], mode: 'asynchronous' }), wait(9)],
    presses: [3, '12'],
    events: [ANSWERED, 'input 1', 'input 2', END],
    lasts: 9,
  },
  'of speech': {
    ncco: [input(SPEECH)],
    says: [2, 'yes please'],
    events: [ANSWERED, 'input yes please', END],
  },
  'of speech that never comes': {
    ncco: [input(SPEECH)],
    events: [ANSWERED, 'input nothing was said', END],
    lasts: 5,
  },
  'of either': {
    ncco: [input({ ...SPEECH, type: ['dtmf', 'speech'] })],
    says: [2, 'two'],
    events: [ANSWERED, 'input two', END],
  },
  'goes on with the reply': {
    ncco: [input({ type: ['dtmf'], dtmf: { maxDigits: 1 } }), wait(100)],
    presses: [1, '1'],
    replies: ({ dtmf }) => (dtmf ? [wait(10)] : undefined),
    events: [ANSWERED, 'input 1', END],
    lasts: 11,
  },
});

const notify = (payload: object) => ({
  action: 'notify',
  payload,
  eventUrl: [scene.application.eventUrl],
  eventMethod: 'POST',
});

describe('notify', () => {
  test('sends its payload, then continues with the NCCO or with the reply', async () => {
    const replies = ({ payload }: Record<string, unknown>) =>
      Object(payload).step === 2 ? [notify({ step: 'new' })] : undefined;
    const { told } = await run({
      ncco: [notify({ step: 1 }), notify({ step: 2 }), talk()],
      replies,
      events: [],
    });
    expect(told.slice(2)).toEqual(['notify {"step":1}', 'notify {"step":2}', 'notify {"step":"new"}', END]);
  });
});

examples('wait', {
  'takes its time': { ncco: [talk({ text: 'a' }), wait(90)], events: ONLY, lasts: 90.4 },
  'takes 10 s if it does not say': {
    ncco: [record({ timeOut: 3 }), { action: 'wait' }],
    events: [ANSWERED, 'record', END],
    lasts: 13,
  },
});

describe('transfer', () => {
  test('moves the call into a conversation that continues', async () => {
    let to = '';
    const told = await play(scene, {
      caller: {
        ncco: [meet()],
        dialled: ({ leg }) =>
          leg.observe({
            moved: () => {
              to = leg.conversation.id;
            },
          }),
        hangsUp: 30,
      },
      second: {
        comes: 5,
        ncco: [
          wait(2),
          {
            action: 'transfer',
            get conversation_id() {
              return to;
            },
            mute: true,
          },
        ],
      },
    });
    expect(told).toEqual([
      'caller ringing',
      'caller started',
      'caller answered',
      'caller transfer',
      'second ringing',
      'second started',
      'second answered',
      'second transfer',
      'caller completed',
      'second completed',
    ]);
  });
});
