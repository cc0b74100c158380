import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { transcript } from '../calls/testing.ts';
import { callOf, deduplicationKey } from './identity.ts';
import { eventOfQuery, type WebhookEvent } from './webhook-event.ts';

describe('the call and leg', () => {
  it.each<[WebhookEvent, string | null, string | null]>([
    [{ conversation_uuid: 'CON-1', uuid: '1' }, 'CON-1', '1'],
    [{ conversation_uuid: 'CON-1', call_uuid: '1' }, 'CON-1', '1'],
    [{ conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2', uuid: '1' }, 'CON-1', '1'],
    [{ conversation_uuid_to: 'CON-2' }, 'CON-2', null],
    [{ uuid: '1', conversation_uuid: null }, null, '1'],
    [{ uuid: ['1', '1'] }, null, '1'],
    [{ uuid: ' 1\u0000' }, null, '1'],
    [{ recording_uuid: '2' }, null, null],
  ])('of %j are %j and %j', (event, callId, legUuid) => {
    expect(callOf(event)).toEqual({ callId, legUuid });
  });
});

const keyOf = (event: WebhookEvent) =>
  deduplicationKey(event, (text) => createHash('sha256').update(text).digest('hex'));

describe('the deduplication key', () => {
  const event = { uuid: '1', status: 'answered', timestamp: '2021-03-29T21:20:05.582Z' };
  const error = { conversation_uuid: 'CON-1', reason: 'bad', timestamp: '2021-03-29T21:20:05.582Z' };

  it('of a status is its leg, the status and the time, whatever else is said', () => {
    expect(keyOf({ ...event, network: 'GB-FIXED' })).toBe(keyOf(event));
    expect(keyOf(event)).toBe('["1","answered","2021-03-29T21:20:05.582Z"]');
  });

  it('tells all events of a call apart', () => {
    expect(new Set(transcript.map(keyOf)).size).toBe(transcript.length);
  });

  it.each<[string, WebhookEvent, WebhookEvent]>([
    ['legs', event, { ...event, uuid: '2' }],
    ['statuses', event, { ...event, status: 'completed' }],
    ['times', event, { ...event, timestamp: '2021-03-29T21:20:05.583Z' }],
    ['errors at one time', error, { ...error, reason: 'worse' }],
    [
      'states of a machine',
      { ...event, status: 'machine' },
      { ...event, status: 'machine', sub_state: 'beep_start' },
    ],
    ['statuses without a time', { uuid: '1', status: 'x' }, { uuid: '1', status: 'x', a: 1 }],
    ['depths', { uuid: '1', a: { b: [1, 2] } }, { uuid: '1', a: { b: [2, 1] } }],
    ['types', { uuid: '1', a: 1 }, { uuid: '1', a: '1' }],
    ['keys that mean something to JavaScript', JSON.parse('{"__proto__":1}'), {}],
  ])('differs for different %s', (_, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('does not depend on the order of keys, at any depth', () => {
    const one = { conversation_uuid: 'CON-1', payload: { a: 1, b: [{ c: 2, d: null }] } };
    const other = { payload: { b: [{ d: null, c: 2 }], a: 1 }, conversation_uuid: 'CON-1' };
    expect(keyOf(one)).toBe(keyOf(other));
    expect(keyOf(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is one for an event that comes by GET and by POST', () => {
    const sent = { ...event, headers: '{}' };
    expect(keyOf(eventOfQuery(sent))).toBe(keyOf({ ...event, headers: {} }));
  });

  it('is plain text without control characters, whatever is sent', () => {
    expect(keyOf({ uuid: 'a\u0000\n', status: '\ud800', timestamp: '\u0007' })).toMatch(/^[\x20-\x7e]*$/);
  });
});
