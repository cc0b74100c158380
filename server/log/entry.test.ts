import { describe, expect, it } from 'vitest';
import { newEntryRow } from './entry.ts';
import { answer, event, statusOf } from './testing.ts';

describe('an incoming webhook', () => {
  it('keeps all fields in the order received', () => {
    const payload = { zeta: 1, uuid: 'a', alpha: [null, 'é\u0000'] };
    expect(newEntryRow(event(payload)).body).toBe(JSON.stringify(payload));
    const row = newEntryRow(answer({ to: '1', from: '2' }));
    expect(JSON.parse(row.body)).toEqual({ to: '1', from: '2' });
    expect(JSON.parse(row.reply)).toMatchObject({ status: 200, ncco: [{ action: 'connect' }] });
  });

  it('has the same key when it is delivered again', () => {
    const key = (payload: Record<string, unknown>, more = {}) =>
      newEntryRow(event(payload, more)).deduplication_key;
    expect(key(statusOf('a', 'ringing'), { requestId: 'other' })).toBe(key(statusOf('a', 'ringing')));
    expect(key(statusOf('a', 'started'))).not.toBe(key(statusOf('a', 'ringing')));
    const keyOfQuestion = (request: Record<string, unknown>, jti: string | null, requestId: string) =>
      newEntryRow(answer(request, { jti, requestId })).deduplication_key;
    expect(keyOfQuestion({ uuid: 'a', to: '1' }, null, '1')).toBe(
      keyOfQuestion({ to: '1', uuid: 'a' }, 'token', '2'),
    );
    expect(keyOfQuestion({ uuid: 'a' }, null, '1')).not.toBe(keyOfQuestion({ uuid: 'b' }, null, '1'));
    expect(keyOfQuestion({}, 'token', '1')).toBe(keyOfQuestion({}, 'token', '2'));
    expect(keyOfQuestion({}, null, '1')).not.toBe(keyOfQuestion({}, null, '2'));
  });

  it('has a new key each time that it is sent again from the console', () => {
    const key = (requestId: string) =>
      newEntryRow(event(statusOf('a', 'ringing'), { replayed: true, requestId })).deduplication_key;
    expect(
      new Set([key('1'), key('2'), newEntryRow(event(statusOf('a', 'ringing'))).deduplication_key]).size,
    ).toBe(3);
  });

  it('has a key short enough for every index', () => {
    const odd = `${'\u{1f600}'.repeat(100)}\0\ud800`;
    for (const entry of [
      event({ uuid: odd, status: odd.slice(0, 250), timestamp: odd }),
      answer({ uuid: odd }, { jti: odd.repeat(9) }),
    ])
      expect(newEntryRow(entry).deduplication_key).toMatch(/^[\w-]{43}$/);
  });
});
