import { describe, expect, it } from 'vitest';
import { createTestCalls, NUMBER } from './testing.ts';

/** Asks for input, lets `during` press and speak, and gives back the event that came of it. */
async function inputOf(
  action: object,
  during: (calls: ReturnType<typeof createTestCalls>, uuid: string) => Promise<void>,
) {
  const calls = createTestCalls();
  const { leg } = calls.call([{ action: 'input', ...action }]);
  await calls.pass(10);
  await during(calls, leg.uuid);
  return calls.events();
}

const press = async (calls: ReturnType<typeof createTestCalls>, uuid: string, digits: string) => {
  const leg = calls.exchange.leg(uuid);
  if (leg) calls.exchange.press(leg, digits);
  await calls.pass(20);
};
const say = async (calls: ReturnType<typeof createTestCalls>, uuid: string, text: string) => {
  calls.exchange.leg(uuid)?.say(text);
  await calls.pass(20);
};

describe('keys', () => {
  it('are sent when there are enough of them', async () => {
    const events = await inputOf({ type: ['dtmf'], dtmf: { maxDigits: 3 } }, async (calls, uuid) => {
      await press(calls, uuid, '1');
      await press(calls, uuid, '234');
    });
    expect(events).toEqual([
      {
        speech: { results: [] },
        dtmf: { digits: '123', timed_out: false },
        from: '447700900000',
        to: NUMBER,
        uuid: expect.any(String),
        conversation_uuid: expect.stringMatching(/^CON-/),
        timestamp: '2026-11-22T12:00:00.030Z',
      },
    ]);
  });

  it('are sent at the hash key if requested, without it', async () => {
    const events = await inputOf({ dtmf: { submitOnHash: true, maxDigits: 10 } }, (calls, uuid) =>
      press(calls, uuid, '12#'),
    );
    expect(events).toMatchObject([{ dtmf: { digits: '12', timed_out: false } }]);
  });

  it('are sent after the time-out, 3 seconds by default', async () => {
    const events = await inputOf({ type: ['dtmf'] }, async (calls, uuid) => {
      await calls.pass(2500);
      await press(calls, uuid, '1');
      await calls.pass(2500);
      await press(calls, uuid, '#');
      expect(calls.events()).toEqual([]);
      await calls.pass(3000);
    });
    expect(events).toMatchObject([{ dtmf: { digits: '1#', timed_out: true } }]);
  });

  it('are sent as empty if none arrive', async () => {
    const events = await inputOf({ type: ['dtmf'], dtmf: { timeOut: 1 } }, (calls) => calls.pass(1100));
    expect(events).toMatchObject([{ dtmf: { digits: '', timed_out: true }, speech: { results: [] } }]);
  });
});

describe('speech', () => {
  const SPEECH = { type: ['speech'], speech: { startTimeout: 4 } };

  it('is sent as its text', async () => {
    const events = await inputOf(SPEECH, (calls, uuid) => say(calls, uuid, 'two tickets'));
    expect(events).toMatchObject([
      {
        speech: {
          timeout_reason: 'end_on_silence_timeout',
          results: [{ text: 'two tickets', confidence: '1.0' }],
        },
        dtmf: { digits: null, timed_out: false },
      },
    ]);
  });

  it('can come from another leg of the conversation', async () => {
    const calls = createTestCalls();
    const meeting = { action: 'conversation', name: 'room' };
    const [asked, other] = [calls.call([meeting]), calls.call([meeting])];
    await calls.pass(20);
    const speech = { uuid: [other.leg.uuid] };
    calls.run(asked.leg.uuid, [{ action: 'input', type: ['speech'], speech }]);
    await calls.pass(20);
    asked.leg.say('not me');
    other.leg.say('me');
    await calls.pass(20);
    expect(calls.events().at(-1)).toMatchObject({
      uuid: asked.leg.uuid,
      speech: { results: [{ text: 'me' }] },
    });
  });

  it('is an error if none arrives', async () => {
    const events = await inputOf(SPEECH, (calls) => calls.pass(4100));
    expect(events).toMatchObject([
      { speech: { timeout_reason: 'start_timeout', error: expect.any(String) } },
    ]);
  });
});

describe('keys or speech', () => {
  const BOTH = { type: ['dtmf', 'speech'], dtmf: { timeOut: 2 }, speech: { startTimeout: 5 } };

  it.each<[string, Parameters<typeof inputOf>[1], object]>([
    ['keys, when they come first', (calls, uuid) => press(calls, uuid, '1234'), { dtmf: { digits: '1234' } }],
    [
      'speech, when it comes first',
      (calls, uuid) => say(calls, uuid, 'hi'),
      { speech: { results: [{ text: 'hi' }] } },
    ],
    [
      'speech, also when the time for keys is up',
      async (calls, uuid) => {
        await calls.pass(3000);
        await say(calls, uuid, 'late');
      },
      { speech: { results: [{ text: 'late' }] } },
    ],
    [
      'nothing, when the time for both is up',
      (calls) => calls.pass(5100),
      { dtmf: { digits: '', timed_out: true }, speech: { timeout_reason: 'start_timeout' } },
    ],
  ])('is %s', async (_what, during, event) => {
    expect(await inputOf(BOTH, during)).toMatchObject([event]);
  });
});

describe('asynchronous keys', () => {
  it('are sent one by one while the NCCO continues', async () => {
    const calls = createTestCalls();
    const { leg } = calls.call([
      { action: 'input', type: ['dtmf'], mode: 'asynchronous', eventUrl: ['http://app/keys'] },
      { action: 'wait', timeout: 5 },
    ]);
    await calls.pass(1000);
    calls.exchange.press(leg, '12');
    await calls.pass(20);
    expect(calls.sent.slice(1)).toMatchObject([
      { address: 'http://app/keys', payload: { dtmf: { digits: '1', timed_out: false } } },
      { address: 'http://app/keys', payload: { dtmf: { digits: '2', timed_out: false } } },
    ]);
    await calls.pass(4000);
    expect(leg.end).toEqual({ cause: 'hung-up-there' });
  });

  it('may be answered with a new NCCO', async () => {
    const calls = createTestCalls();
    calls.onEvent(({ dtmf }) =>
      dtmf ? [{ action: 'notify', payload: { hello: 1 }, eventUrl: ['http://app/'] }] : 'OK',
    );
    const { leg } = calls.call([
      { action: 'input', mode: 'asynchronous' },
      { action: 'wait', timeout: 100 },
    ]);
    await calls.pass(20);
    calls.exchange.press(leg, '1');
    await calls.pass(100);
    expect(calls.events()).toMatchObject([{ dtmf: {} }, { payload: { hello: 1 } }]);
    expect(leg.end).toBeDefined();
  });
});

describe('the reply to an input', () => {
  const INPUT = { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1 } };
  const REST = { action: 'notify', payload: { said: 'the rest' }, eventUrl: ['http://app/notify'] };

  it.each<[string, unknown, object]>([
    ['a new NCCO replaces the rest', [{ ...REST, payload: { said: 'new' } }], { payload: { said: 'new' } }],
    ['no NCCO leaves it', { ok: true }, { payload: { said: 'the rest' } }],
    ['an empty one leaves it', [], { payload: { said: 'the rest' } }],
    ['words leave it', 'OK', { payload: { said: 'the rest' } }],
  ])('%s', async (_what, reply, event) => {
    const calls = createTestCalls();
    calls.onEvent(({ dtmf }) => (dtmf ? reply : ''));
    const { leg } = calls.call([INPUT, REST]);
    await calls.pass(20);
    calls.exchange.press(leg, '1');
    await calls.pass(20);
    expect(calls.events()).toMatchObject([{ dtmf: { digits: '1' } }, event]);
  });

  it('an invalid NCCO in the reply is reported and ignored', async () => {
    const calls = createTestCalls();
    calls.onEvent(({ dtmf }) => (dtmf ? [{ action: 'talk' }] : ''));
    const { leg } = calls.call([INPUT, REST]);
    await calls.pass(20);
    calls.exchange.press(leg, '1');
    await calls.pass(20);
    expect(calls.events()).toMatchObject([
      { dtmf: { digits: '1' } },
      { reason: expect.stringMatching(/^NCCO\[0\]\.text: /) },
      { payload: { said: 'the rest' } },
    ]);
  });
});
