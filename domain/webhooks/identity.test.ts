import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transcript } from '../calls/testing.ts';
import type { WebhookEvent } from './event-kind.ts';
import { callNames, deduplicationKey, namesOf } from './identity.ts';
import { eventOfQuery } from './parse-event.ts';

describe('what a webhook names', () => {
  it.each<[WebhookEvent, string[], string | null, string | null]>([
    [{ conversation_uuid: 'CON-1', uuid: '1' }, ['CON-1'], '1', null],
    [{ conversation_uuid: 'CON-1', call_uuid: '1' }, ['CON-1'], '1', null],
    [
      { conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2', uuid: '1' },
      ['CON-1', 'CON-2'],
      '1',
      null,
    ],
    [{ conversation_uuid: 'CON-1', conversation_uuid_to: 'CON-1' }, ['CON-1'], null, null],
    [{ uuid: '1', call_uuid: '2', conversation_uuid: null }, [], '1', null],
    [{ uuid: ['1', '1'], conversation_uuid: ['CON-1', 'CON-2'] }, ['CON-1'], '1', null],
    [{ uuid: ' 1\u0000', conversation_uuid: '' }, [], '1', null],
    [{ uuid: 7, recording_uuid: '2' }, [], '7', '2'],
    [{ uuid: {} }, [], null, null],
  ])('in %j is %j, %j, %j', (message, conversations, leg, recording) => {
    expect(namesOf(message)).toEqual({ conversations, leg, recording });
  });
});

describe('the identifiers of a webhook', () => {
  const named = (payload: WebhookEvent) => callNames({ type: 'event', payload, requestId: 'r1' });

  it.each<[WebhookEvent, string[]]>([
    [{ conversation_uuid: 'CON-1', uuid: '1' }, ['CON-1', 'leg:1']],
    [
      { type: 'transfer', uuid: '1', conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2' },
      ['CON-1', 'CON-2', 'leg:1'],
    ],
    [{ conversation_uuid: 'CON-1', recording_uuid: '2' }, ['CON-1', 'recording:2']],
    [{ status: 'transcribed', recording_uuid: '2' }, ['recording:2']],
    [{ hologram: true }, ['request:r1']],
  ])('%# are what it mentions, else its request', (payload, names) => {
    expect(named(payload)).toEqual(names);
  });

  it('are also in a request for an NCCO', () => {
    const request = { uuid: '1', conversation_uuid: 'CON-1' };
    expect(callNames({ type: 'answer', request, requestId: 'r1' })).toEqual(['CON-1', 'leg:1']);
    expect(callNames({ type: 'fallback', request: {}, requestId: 'r1' })).toEqual(['request:r1']);
  });

  it('are bounded, clean and never empty, whatever is sent', () => {
    const ids = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.jsonValue());
    const fields = ['uuid', 'call_uuid', 'conversation_uuid', 'conversation_uuid_to', 'recording_uuid'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields), ids), fc.string(), (payload, requestId) => {
        const names = callNames({ type: 'event', payload, requestId });
        expect(names.length).toBeGreaterThan(0);
        for (const name of names) {
          expect(name.length).toBeLessThanOrEqual(200);
          expect(name).toMatch(/^\P{Cc}+$/u);
          expect(name.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

const keyOf = (event: WebhookEvent) =>
  deduplicationKey(event, (text) => createHash('sha256').update(text).digest('hex'));

describe('the deduplication key', () => {
  const event = { uuid: '1', status: 'answered', timestamp: '2021-03-29T21:20:05.582Z' };
  const error = { conversation_uuid: 'CON-1', reason: 'bad', timestamp: '2021-03-29T21:20:05.582Z' };

  it('of a status is its leg, status and time, whatever else it contains', () => {
    expect(keyOf({ ...event, network: 'GB-FIXED' })).toBe(keyOf(event));
    expect(keyOf(event)).toBe('["1","answered","2021-03-29T21:20:05.582Z"]');
  });

  it('distinguishes all events of a call', () => {
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

  it('is the same for an event by GET and by POST', () => {
    const sent = { ...event, headers: '{}' };
    expect(keyOf(eventOfQuery(sent))).toBe(keyOf({ ...event, headers: {} }));
  });

  it('is plain text without control characters, whatever is sent', () => {
    expect(keyOf({ uuid: 'a\u0000\n', status: '\ud800', timestamp: '\u0007' })).toMatch(/^[\x20-\x7e]*$/);
  });
});
