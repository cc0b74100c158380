import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transcript } from '../calls/testing.ts';
import { eventOfQuery } from './parse-event.ts';
import { type EventFacts, readEvent } from './read-event.ts';

const completed = transcript.at(-1) ?? {};

/** As in the test of the event webhook in Vonage's SDK for Java. */
const everything = {
  ...{
    call_uuid: '1',
    from: '442079460000',
    to: '447700900000',
    status: 'completed',
    sub_state: 'beep_start',
  },
  ...{ conversation_uuid: 'CON-1', conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-1' },
  ...{ direction: 'inbound', timestamp: '2020-01-01T12:05:01.200Z', detail: 'unavailable', duration: 6 },
  ...{ end_time: '2024-01-09T11:01:58.324Z', start_time: '2023-12-30T23:59:59.999Z', network: 'GB-FIXED' },
  ...{ size: 12228, rate: 0.0045, price: 0.00015, reason: 'Syntax error in NCCO' },
  ...{ recording_url: 'https://r', recording_uuid: '2', dtmf: { digits: '42', timed_out: true } },
  speech: {
    ...{ timeout_reason: 'end_on_silence_timeout', error: 'ERR1', recording_url: 'https://r' },
    results: [
      { text: 'sales', confidence: 0.9405097 },
      { text: 'customer', confidence: 0.8764321 },
    ],
  },
};

describe('an event', () => {
  it('is read with typed times, numbers and words, and exact amounts', () => {
    expect(readEvent(completed)).toMatchObject({
      kind: 'status',
      conversations: ['CON-8f5a100c-fbce-4218-8d4b-16341335bcd6'],
      leg: '0779a56d002f1c7f47f82ef5fe84ab79',
      recording: null,
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
    });
  });

  it('reads the same from a GET, where everything is text', () => {
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
      { status: 'machine', sub_state: 'beep_start' },
    ],
    ['disconnected', { status: 'disconnected', reason: 'gone' }, { status: 'disconnected', reason: 'gone' }],
    [
      'transcription',
      { status: 'transcribed', recording_uuid: '2', transcription_url: 'https://t' },
      { recording: '2', transcription_url: 'https://t' },
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
        recording: '2',
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
    [
      'input',
      { dtmf: '42', timed_out: 'true' },
      { dtmf: { digits: '42', timed_out: true, error: null }, speech: null },
    ],
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
    ['unknown', { hologram: true }, { status: null }],
  ])('of the kind %s is read', (kind, event, facts) => {
    expect(readEvent({ uuid: '1', ...event })).toMatchObject({ kind, leg: '1', timestamp: null, ...facts });
  });

  it('keeps the readable fields if something is not as documented', () => {
    const odd = {
      uuid: '1',
      status: 'Busy',
      sip_code: '486',
      detail: [{}, '!'],
      duration: {},
      timestamp: 'soon',
      direction: 'up',
    };
    expect(readEvent(odd)).toMatchObject({
      ...{ kind: 'status', status: 'busy', sip_code: 486 },
      ...{ detail: null, duration: null, timestamp: null, direction: null },
    });
  });

  // Shapes that occur in the test suites of Vonage's SDKs for PHP, Java and .NET, and what proxies and the
  // languages of other senders make of them.
  it.each<[string, Record<string, unknown>, Partial<EventFacts>]>([
    [
      'everything at once',
      everything,
      {
        ...{ kind: 'status', status: 'completed', direction: 'inbound', duration: 6, size: 12228 },
        ...{ rate: '0.0045', price: '0.00015', sub_state: 'beep_start', detail: 'unavailable' },
        ...{ recording: '2', recording_url: 'https://r', reason: 'Syntax error in NCCO' },
        dtmf: { digits: '42', timed_out: true, error: null },
        speech: {
          results: [
            { text: 'sales', confidence: 0.9405097 },
            { text: 'customer', confidence: 0.8764321 },
          ],
          timeout_reason: 'end_on_silence_timeout',
          error: 'ERR1',
          recording_url: 'https://r',
        },
        conversations: ['CON-1'],
      },
    ],
    ['nothing', {}, { kind: 'unknown', leg: null, conversations: [], recording: null }],
    [
      'input as a status',
      { status: 'input', speech: { timeout_reason: 'who_knows' } },
      {
        ...{ kind: 'input', dtmf: null },
        speech: { results: null, timeout_reason: 'who_knows', error: null, recording_url: null },
      },
    ],
    ['a transfer as a status', { status: 'transfer', conversation_uuid_to: 'CON-2' }, { kind: 'transfer' }],
    ['a detail that nobody knows', { status: 'unanswered', detail: 'oops' }, { detail: 'oops' }],
    [
      'keys with a flag of their own, and one beside',
      { dtmf: { digits: '42', timed_out: false }, timed_out: 'true' },
      {
        dtmf: { digits: '42', timed_out: false, error: null },
      },
    ],
    [
      'keys as JSON text, in a POST',
      { dtmf: '{"digits":"3","timed_out":true}', speech: '{"error":"not asked"}' },
      {
        dtmf: { digits: '3', timed_out: true, error: null },
        speech: { results: null, timeout_reason: null, error: 'not asked', recording_url: null },
      },
    ],
    ['keys as a number', { dtmf: 42 }, { dtmf: { digits: '42', timed_out: null, error: null } }],
    [
      'no keys',
      { dtmf: { digits: '', timed_out: 'True' } },
      { dtmf: { digits: null, timed_out: true, error: null } },
    ],
    [
      'speech that is no list',
      { speech: { results: { text: 'sales', confidence: '0.9' } } },
      {
        speech: {
          results: [{ text: 'sales', confidence: 0.9 }],
          timeout_reason: null,
          error: null,
          recording_url: null,
        },
      },
    ],
    [
      'speech as JSON in JSON',
      { speech: { results: '[{"text":"sales"}]' } },
      {
        speech: {
          results: [{ text: 'sales', confidence: null }],
          timeout_reason: null,
          error: null,
          recording_url: null,
        },
      },
    ],
    ['a payload as JSON text', { payload: '{"foo":"bar"}' }, { kind: 'notify', payload: { foo: 'bar' } }],
    [
      'upper case',
      { status: 'COMPLETED', direction: 'Outbound', disconnected_by: 'USER' },
      {
        ...{ kind: 'status', status: 'completed', direction: 'outbound', disconnected_by: 'user' },
      },
    ],
    [
      'lists of one',
      { status: ['busy'], uuid: ['1'], timestamp: ['2021-03-29T21:20:05Z'], sip_code: ['486'] },
      {
        ...{ kind: 'status', status: 'busy', leg: '1', timestamp: 1617052805000, sip_code: 486 },
      },
    ],
    [
      'text for numbers, numbers for text',
      { status: 'completed', duration: '2', price: 0.03, network: 23410, to: 1 },
      {
        ...{ duration: 2, price: '0.03', network: '23410', to: '1' },
      },
    ],
    [
      'times since 1970',
      { status: 'completed', timestamp: 1617052805, start_time: '1617052805582' },
      {
        ...{ timestamp: 1617052805000, start_time: 1617052805582 },
      },
    ],
    [
      'times without a zone',
      { status: 'completed', timestamp: '2021-03-29 21:20:05' },
      {
        timestamp: 1617052805000,
      },
    ],
    [
      'endpoints for parties',
      { status: 'started', from: { type: 'phone', number: '1' }, to: [{ type: 'app', user: 'Bob' }] },
      {
        ...{ from: '1', to: 'Bob' },
      },
    ],
    [
      'a recording beside a status',
      { status: 'completed', recording_url: 'https://r', recording_uuid: '2' },
      {
        ...{ kind: 'status', recording: '2', recording_url: 'https://r' },
      },
    ],
    [
      'nulls all over',
      { uuid: null, status: null, dtmf: null, speech: null, reason: null, payload: null },
      {
        ...{
          kind: 'unknown',
          leg: null,
          status: null,
          dtmf: null,
          speech: null,
          reason: null,
          payload: null,
        },
      },
    ],
  ])('may hold %s', (_, event, facts) => {
    expect(readEvent(event)).toMatchObject(facts);
  });

  it('has no caller if Vonage names it "Unknown"', () => {
    expect(readEvent({ uuid: '1', status: 'completed', from: 'Unknown', to: 'Alice' })).toMatchObject({
      from: null,
      to: 'Alice',
    });
  });

  it('is never rejected, and never pollutes prototypes', () => {
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
