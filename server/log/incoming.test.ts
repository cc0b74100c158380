import { describe, expect, it } from 'vitest';
import { answer, event, statusOf } from '../calls/test-webhooks.ts';
import { prepare } from './incoming.ts';

describe('an incoming webhook', () => {
  it('keeps every field in the order received', () => {
    const payload = { zeta: 1, uuid: 'a', alpha: [null, 'é\u0000'] };
    expect(prepare(event(payload)).body).toBe(JSON.stringify(payload));
    expect(JSON.parse(prepare(answer({ to: '1', from: '2' })).body)).toMatchObject({
      request: { to: '1', from: '2' },
      ncco: [{ action: 'connect' }],
    });
  });

  it('names its call, or its leg alone, or neither', () => {
    const namesOf = (payload: Record<string, unknown>) => {
      const { callId, legUuid } = prepare(event(payload));
      return { callId, legUuid };
    };
    expect(namesOf(statusOf('a', 'ringing'))).toEqual({ callId: 'CON-1', legUuid: 'a' });
    expect(namesOf({ call_uuid: 'a', status: 'human' })).toEqual({ callId: null, legUuid: 'a' });
    expect(namesOf({ recording_uuid: 'r' })).toEqual({ callId: 'recording:r', legUuid: null });
    expect(prepare(answer({ to: '1' })).callId).toBe('request:request');
  });

  it('is known again when it is delivered again', () => {
    const key = (payload: Record<string, unknown>, more = {}) =>
      prepare(event(payload, more)).deduplicationKey;
    expect(key(statusOf('a', 'ringing'), { requestId: 'other' })).toBe(key(statusOf('a', 'ringing')));
    expect(key(statusOf('a', 'started'))).not.toBe(key(statusOf('a', 'ringing')));
    const keyOfQuestion = (jti: string | null, requestId: string) =>
      prepare(answer({ uuid: 'a' }, { jti, requestId })).deduplicationKey;
    expect(keyOfQuestion('1700000000 a', '1')).toBe(keyOfQuestion('1700000000 a', '2'));
    expect(keyOfQuestion('1700000000 a', '1')).not.toBe(keyOfQuestion('1700000000 b', '1'));
    expect(keyOfQuestion(null, '1')).not.toBe(keyOfQuestion(null, '2'));
  });

  it('that is sent again on purpose is another one each time', () => {
    const key = (requestId: string) =>
      prepare(event(statusOf('a', 'ringing'), { replayed: true, requestId })).deduplicationKey;
    expect(
      new Set([key('1'), key('2'), prepare(event(statusOf('a', 'ringing'))).deduplicationKey]).size,
    ).toBe(3);
  });

  it('has keys that every index takes', () => {
    const odd = `${'\u{1f600}'.repeat(100)}\0\ud800`;
    for (const entry of [
      event({ uuid: odd, status: odd.slice(0, 250), timestamp: odd }),
      answer({ uuid: odd }, { jti: odd.repeat(9) }),
    ])
      expect(prepare(entry).deduplicationKey).toMatch(/^[\w-]{43}$/);
  });
});
