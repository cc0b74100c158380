import { parse } from 'node:querystring';
import { describe, expect, it } from 'vitest';
import { eventOfQuery, parseWebhookEvent } from './parse-event.ts';

const uuid = '0779a56d002f1c7f47f82ef5fe84ab79';

describe('an event', () => {
  it('keeps every field in the order received', () => {
    const input = { zeta: 1, status: 'levitating', headers: {}, uuid, alpha: [null] };
    const result = parseWebhookEvent(input);
    expect(result).toEqual({ ok: true, value: input });
    expect(result.ok && Object.keys(result.value)).toEqual(['zeta', 'status', 'headers', 'uuid', 'alpha']);
  });

  it.each([
    ['a machine, by call_uuid', { call_uuid: uuid, status: 'machine', sub_state: 'beep_start' }],
    ['an error', { reason: 'bad NCCO', conversation_uuid: 'CON-1', timestamp: '2026-01-01T00:00:00.000Z' }],
    ['a transfer', { type: 'transfer', conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2' }],
    ['a recording', { recording_url: 'https://x', recording_uuid: uuid }],
    ['nobody in from', { uuid, from: null, status: 'started' }],
    ['a kind nobody knows yet', { uuid, hologram: true }],
    ['a number for an id', { uuid: 7 }],
    ['two ids', { uuid: [uuid, 'other'] }],
    ['a very long id', { uuid: 'x'.repeat(300) }],
    ['an object for a status', { uuid, status: { a: 1 } }],
    ['an empty status', { uuid, status: '' }],
    ['a time as a number', { uuid, status: 'started', timestamp: 1617052805 }],
  ])('may be %s', (_, input) => {
    expect(parseWebhookEvent(input)).toEqual({ ok: true, value: input });
  });

  const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);
  it.each([
    [undefined, 'the event must be an object'],
    [[{ uuid }], 'the event must be an object'],
    ['text', 'the event must be an object'],
    [{ uuid, bomb: nest(40) }, 'the event must not be nested deeper than 32 levels'],
  ])('%# is rejected with one line', (input, reason) => {
    expect(parseWebhookEvent(input)).toEqual({ ok: false, field: '', reason });
  });

  it.each([{}, { status: 'ringing', uuid: null, from: '1' }])(
    'that names nothing is rejected: %j',
    (input) => {
      const reason = 'uuid is missing, and so is every other id: an event names its call';
      expect(parseWebhookEvent(input)).toEqual({ ok: false, field: 'uuid', reason });
    },
  );

  it('may be nested as deeply as a body allows', () => {
    const bomb: unknown = JSON.parse(`{"uuid":"1","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
    expect(parseWebhookEvent(bomb).ok).toBe(false);
  });

  it('may have keys that are special in JavaScript', () => {
    const input: unknown = JSON.parse(`{"uuid":"1","__proto__":{"status":"x"},"constructor":1}`);
    const result = parseWebhookEvent(input);
    expect(result.ok && Object.keys(result.value)).toEqual(['uuid', '__proto__', 'constructor']);
  });
});

describe('an event in a query', () => {
  it('has objects as JSON text', () => {
    expect(eventOfQuery({ uuid, headers: '{}', dtmf: '{"digits":"1"}', note: '[sic' })).toEqual({
      uuid,
      headers: {},
      dtmf: { digits: '1' },
      note: '[sic',
    });
  });

  it('is an ordinary object even if the query is not', () => {
    const event = eventOfQuery(parse(`uuid=${uuid}&__proto__={"polluted":true}`));
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(Object.keys(event)).toEqual(['uuid', '__proto__']);
  });
});
