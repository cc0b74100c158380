import { describe, expect, it } from 'vitest';
import type { Leg } from '../calls/leg.ts';
import type { IncomingCall } from '../calls/phone-book.ts';
import { createTestCalls } from './testing.ts';

const NUMBERS = ['447700900301', '447700900302', '447700900303', '447700900304'];
const connect = (...endpoint: object[]) => ({ action: 'connect', endpoint, timeout: 60 });
const phone = (number = '') => connect({ type: 'phone', number });
const TOO_MANY = 'NCCO connect: more than 3 calls a second; this call was not made';

/** Telephones that ring and are never answered. */
function ringingPhones({ exchange }: ReturnType<typeof createTestCalls>): string[] {
  const rung: string[] = [];
  for (const number of NUMBERS) {
    exchange.phones.connect(number, { busy: false, ring: () => rung.push(number) });
  }
  return rung;
}

const reasons = ({ events }: ReturnType<typeof createTestCalls>) =>
  events().flatMap(({ reason }) => reason ?? []);

describe('the limit of three new calls a second', () => {
  it('rejects the fourth phone call with an error event, and its NCCO continues', async () => {
    const calls = createTestCalls({ counted: 'all' });
    const rung = ringingPhones(calls);
    const callers = NUMBERS.map((number) => calls.call([phone(number), { action: 'wait', timeout: 5 }]));
    await calls.pass(100);
    expect(rung).toEqual(NUMBERS.slice(0, 3));
    expect(reasons(calls)).toEqual([TOO_MANY]);
    expect(callers.at(-1)?.leg.end).toBeUndefined();
  });

  it('allows another after a third of a second', async () => {
    const calls = createTestCalls({ counted: 'all' });
    const rung = ringingPhones(calls);
    for (const number of NUMBERS.slice(0, 3)) calls.call([phone(number)]);
    await calls.pass(340);
    calls.call([phone(NUMBERS[3])]);
    await calls.pass(20);
    expect(rung).toEqual(NUMBERS);
    expect(reasons(calls)).toEqual([]);
  });

  it.each([
    { type: 'sip', uri: 'sip:ann@example.com' },
    { type: 'vbc', extension: '101' },
    { type: 'app', user: 'Ann' },
    { type: 'websocket', uri: 'ws://127.0.0.1:1/x' },
  ])('counts calls to $type', async (endpoint) => {
    const calls = createTestCalls({ counted: 'all' });
    for (let i = 0; i < 4; i++) calls.call([connect(endpoint)]);
    await calls.pass(20);
    expect(reasons(calls).filter((reason) => reason === TOO_MANY)).toHaveLength(1);
  });

  it.each([
    { type: 'app', user: 'Ann' },
    { type: 'websocket', uri: 'ws://127.0.0.1:1/x' },
  ])('does not count calls to $type where it is for carriers alone', async (endpoint) => {
    const calls = createTestCalls({ counted: 'carriers' });
    for (let i = 0; i < 10; i++) calls.call([connect(endpoint)]);
    await calls.pass(20);
    expect(reasons(calls)).not.toContain(TOO_MANY);
    expect(calls.sent.filter(({ payload }) => payload.status === 'started')).toHaveLength(10);
  });

  it('applies per application, and not if the platform has no limit', async () => {
    const calls = createTestCalls();
    const rung = ringingPhones(calls);
    for (const number of NUMBERS) calls.call([phone(number)]);
    await calls.pass(20);
    expect(rung).toEqual(NUMBERS);
  });
});

describe('after a connect', () => {
  const NUMBER = '447700900301';
  const AFTERWARDS = [phone(NUMBER), { action: 'talk', text: 'Afterwards' }, { action: 'wait', timeout: 60 }];

  /** Somebody is connected to a telephone that does as it is told. */
  function connected(does: (call: IncomingCall) => void, ncco: unknown = AFTERWARDS) {
    const calls = createTestCalls();
    // What a called telephone does before it is joined, where it is asked.
    calls.onEvent((payload) => ('endpoint_type' in payload ? [{ action: 'wait', timeout: 20 }] : ''));
    const { promise, resolve } = Promise.withResolvers<Leg>();
    calls.exchange.phones.connect(NUMBER, {
      busy: false,
      ring(call) {
        resolve(call.leg);
        does(call);
      },
    });
    const { leg: caller } = calls.call(ncco);
    return { calls, caller, called: promise };
  }

  it('that was answered the call is over when the called party hangs up', async () => {
    const { calls, caller, called } = connected((call) => call.answer());
    await calls.pass(1000);
    (await called).finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    expect(caller.end).toMatchObject({ cause: 'hung-up-there', because: 'hung-up-here' });
  });

  it('that was answered the call is over when the caller hangs up', async () => {
    const { calls, caller, called } = connected((call) => call.answer());
    await calls.pass(1000);
    caller.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    expect((await called).end).toMatchObject({ cause: 'hung-up-there' });
  });

  it.each<[string, (call: IncomingCall) => void, number]>([
    ['rejected', (call) => call.reject(), 20],
    ['busy', (call) => call.reject('busy'), 20],
    ['unreachable', (call) => call.reject('unreachable'), 20],
    ['not answered in time', () => {}, 60_020],
  ])('that was %s the NCCO goes on', async (_how, does, ms) => {
    const { calls, caller } = connected(does);
    await calls.pass(ms);
    expect(caller.end).toBeUndefined();
    expect(caller.answeredAt).toBeDefined();
  });

  it.each([
    ['a machine answered, and was hung up on', { machineDetection: 'hangup' }, 'machine'],
    ['whoever answered hangs up before the two are joined', { onAnswer: true }, 'human'],
  ] as const)('the NCCO goes on where %s', async (_what, more, by) => {
    const onAnswer = 'onAnswer' in more && { onAnswer: { url: 'http://app/whisper' } };
    const action = {
      ...connect({ type: 'phone', number: NUMBER, ...onAnswer }),
      ...('machineDetection' in more && more),
    };
    const { calls, caller, called } = connected(
      (call) => call.answer({ by }),
      [action, ...AFTERWARDS.slice(1)],
    );
    await calls.pass(1000);
    (await called).finish({ cause: 'hung-up-here' });
    await calls.pass(3000);
    expect(caller.end).toBeUndefined();
  });

  it('whose called party was transferred, the caller stays until somebody hangs up there', async () => {
    const { calls, caller, called } = connected((call) => call.answer());
    await calls.pass(1000);
    calls.programs.of(await called).transfer([]);
    await calls.pass(1000);
    expect((await called).end).toBeDefined();
    expect(caller.end).toBeUndefined();
    calls.programs.of(caller).transfer([]);
    await calls.pass(20);
    expect(caller.end).toBeDefined();
  });

  it('whose caller was transferred, the called party stays', async () => {
    const { calls, caller, called } = connected((call) => call.answer());
    await calls.pass(1000);
    calls.programs.of(caller).transfer([]);
    await calls.pass(1000);
    expect(caller.end).toBeDefined();
    expect((await called).end).toBeUndefined();
  });
});

describe('the person who answers', () => {
  it('is not joined with a caller who was transferred meanwhile', async () => {
    const calls = createTestCalls();
    calls.exchange.phones.connect('447700900301', { busy: false, ring: (call) => call.answer() });
    calls.onEvent((payload) => ('endpoint_type' in payload ? [{ action: 'wait', timeout: 2 }] : ''));
    const onAnswer = { url: 'http://app/whisper' };
    const { leg } = calls.call([connect({ type: 'phone', number: '447700900301', onAnswer })]);
    await calls.pass(1000);
    calls.programs.of(leg).transfer([]);
    calls.run(leg.uuid, [{ action: 'wait', timeout: 60 }]);
    await calls.pass(3000);
    expect(leg.end).toBeUndefined();
    expect(leg.answeredAt).toBeUndefined();
  });
});
