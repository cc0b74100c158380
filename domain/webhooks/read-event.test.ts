import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transcript } from '../calls/testing.ts';
import { readEvent } from './read-event.ts';
import { eventOfQuery } from './webhook-event.ts';

const completed = transcript.at(-1) ?? {};

describe('an event', () => {
  it('is read with times, numbers and words as what they are, and amounts to the digit', () => {
    expect(readEvent(completed)).toEqual({
      kind: 'status',
      uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
      conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
      status: 'completed',
      direction: 'inbound',
      from: '447700900000',
      to: '442038297050',
      timestamp: Date.parse('2021-03-29T21:20:17.514Z'),
      start_time: Date.parse('2021-03-29T21:20:06.000Z'),
      end_time: Date.parse('2021-03-29T21:20:18.000Z'),
      duration: 12,
      rate: '0.00720000',
      price: '0.00144000',
      network: 'GB-FIXED',
      detail: null,
      sip_code: null,
      disconnected_by: null,
      headers: {},
    });
  });

  it('says the same in a GET, where everything is text', () => {
    const query = Object.entries(completed).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    expect(readEvent(eventOfQuery(Object.fromEntries(query)))).toEqual(readEvent(completed));
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'machine-detection',
      { call_uuid: '1', status: 'machine', sub_state: 'beep_start' },
      { call_uuid: '1', status: 'machine', sub_state: 'beep_start' },
    ],
    ['disconnected', { status: 'disconnected', reason: 'gone' }, { status: 'disconnected', reason: 'gone' }],
    [
      'transcription',
      { status: 'transcribed', recording_uuid: '2', transcription_url: 'https://t' },
      { recording_uuid: '2', transcription_url: 'https://t' },
    ],
    ['payment', { status: 'failure' }, { status: 'failure' }],
    ['answer', { from_user: 'Carol', to: '1' }, { from_user: 'Carol', from: null, to: '1' }],
    [
      'transfer',
      { conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2' },
      { conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2' },
    ],
    [
      'record',
      { recording_url: 'https://r', recording_uuid: '2', size: '12222', start_time: '2021-03-29T21:20:05Z' },
      {
        recording_url: 'https://r',
        recording_uuid: '2',
        size: 12222,
        start_time: 1617052805000,
        end_time: null,
      },
    ],
    ['error', { reason: 'Syntax error in NCCO' }, { reason: 'Syntax error in NCCO' }],
    ['notify', { payload: { foo: ['bar'] } }, { payload: { foo: ['bar'] } }],
    [
      'input',
      { dtmf: { digits: 42, timed_out: 'true' }, speech: { error: 'not asked' } },
      { dtmf: { digits: '42', timed_out: true, error: null }, speech: { error: 'not asked', results: null } },
    ],
    ['input', { dtmf: '42' }, { dtmf: { digits: '42' }, speech: null }],
    [
      'input',
      {
        speech: {
          results: [{ text: 'sales', confidence: '0.9405097' }],
          timeout_reason: 'end_on_silence_timeout',
        },
      },
      { dtmf: null, speech: { results: [{ text: 'sales', confidence: 0.9405097 }] } },
    ],
    ['unknown', { hologram: true }, { hologram: true }],
  ])('of the kind %s is read', (kind, event, facts) => {
    expect(readEvent({ uuid: '1', ...event })).toMatchObject({ kind, uuid: '1', timestamp: null, ...facts });
  });

  it('keeps what can be read where something is not as documented', () => {
    const odd = {
      uuid: '1',
      status: 'Busy',
      sip_code: '486',
      detail: ['?', '!'],
      duration: {},
      timestamp: 'soon',
      direction: 'up',
    };
    expect(readEvent(odd)).toMatchObject({
      ...{ kind: 'status', status: 'busy', sip_code: 486 },
      ...{ detail: null, duration: null, timestamp: null, direction: null },
    });
  });

  it('says nothing of a caller whom Vonage calls "Unknown"', () => {
    expect(readEvent({ uuid: '1', status: 'completed', from: 'Unknown', to: 'Alice' })).toMatchObject({
      from: null,
      to: 'Alice',
    });
  });

  it('is never refused, and never changes what objects are', () => {
    const event = fc.dictionary(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          'status',
          'reason',
          'speech',
          'dtmf',
          'recording_url',
          'payload',
          'kind',
          '__proto__',
        ),
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(event, (value) => {
        const facts = readEvent(value);
        expect(Object.getPrototypeOf(facts)).toBe(Object.prototype);
        expect(typeof facts.kind).toBe('string');
      }),
      { numRuns: 2000 },
    );
  });
});
