import { describe, expect, it } from 'vitest';
import { createTestCalls } from './testing.ts';

const NOTIFY = {
  action: 'notify',
  payload: { step: 1 },
  eventUrl: ['http://app/notify'],
  eventMethod: 'GET',
};

describe('notify', () => {
  it('sends its payload, and the NCCO continues', async () => {
    const calls = createTestCalls();
    const { leg } = calls.call([NOTIFY, { ...NOTIFY, payload: { step: 2 } }]);
    const conversation_uuid = leg.conversation.id;
    await calls.pass(20);
    expect(calls.sent.slice(0, 2)).toEqual([
      {
        address: 'http://app/notify',
        payload: { payload: { step: 1 }, conversation_uuid, timestamp: expect.any(String) },
      },
      {
        address: 'http://app/notify',
        payload: { payload: { step: 2 }, conversation_uuid, timestamp: expect.any(String) },
      },
    ]);
  });

  it('may be answered with a new NCCO, which replaces the rest', async () => {
    const calls = createTestCalls();
    calls.onEvent(({ payload }) =>
      JSON.stringify(payload) === '{"step":1}' ? [{ ...NOTIFY, payload: { step: 'new' } }] : '',
    );
    calls.call([NOTIFY, { ...NOTIFY, payload: { step: 2 } }]);
    await calls.pass(20);
    expect(calls.events().map(({ payload }) => payload)).toEqual([{ step: 1 }, { step: 'new' }]);
  });
});
