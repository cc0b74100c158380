import { describe, expect, it } from 'vitest';
import { type AnswerRequest, callerNumber, parseAnswerRequest } from './answer-request.ts';

function parsed(input: unknown) {
  const result = parseAnswerRequest(input);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

describe('an answer request', () => {
  it('is read from Vonage’s parameters', () => {
    expect(
      parsed({
        from: '447700900000',
        to: '442038297050',
        uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
        conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
        endpoint_type: 'phone',
        region_url: 'https://api-us-3.vonage.com',
      }),
    ).toMatchObject({
      from: '447700900000',
      to: '442038297050',
      uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
      conversationUuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
      endpointType: 'phone',
      regionUrl: 'https://api-us-3.vonage.com',
    });
  });

  it.each([
    ['nothing at all', {}],
    ['unknown parameters', { 'SipHeader_X-A': 'b', custom_data: '{}' }],
    ['the same value twice', { from: ['1000', '1000'] }],
    ['nulls and empty values', { from: null, to: '', uuid: [] }],
    ['numbers', { from: 447700900000 }],
    ['control characters', { from: '4477\n00900000' }],
  ])('can be answered with %s', (_, input) => {
    expect(parseAnswerRequest(input).ok).toBe(true);
  });

  it.each<[string, unknown, Partial<AnswerRequest>]>([
    [
      'of different values the first',
      { from: ['1000', '2000'], to: ['', '3000'] },
      { from: '1000', to: '3000' },
    ],
    [
      'an endpoint',
      { from: { type: 'phone', number: 447700900000 }, to: [{ type: 'app', user: 'Bob' }] },
      {
        from: '447700900000',
        to: 'Bob',
      },
    ],
    [
      'of an app what it gave as to',
      { from_user: 'Alice', custom_data: '{"to": "447700900123", "device": "tablet"}' },
      { fromUser: 'Alice', to: '447700900123' },
    ],
    ['of an app the address before its data', { to: '1', custom_data: { to: '2' } }, { to: '1' }],
    ['of an app no data that are no JSON', { custom_data: '{"to": ' }, { to: undefined }],
    [
      'an endpoint as JSON text',
      { to: '{"type":"sip","uri":"sip:bob@example.com"}' },
      { to: 'sip:bob@example.com' },
    ],
    [
      'nothing where there is none',
      { uuid: { a: 1 }, to: null, from: true },
      { uuid: undefined, to: undefined },
    ],
    ['as much as fits', { to: 'x'.repeat(10_000) }, { to: 'x'.repeat(512) }],
    ['the leg by its other name', { call_uuid: '1' }, { uuid: '1' }],
  ])('is read with %s', (_, input, fields) => {
    expect(parsed(input)).toMatchObject(fields);
  });

  it.each([
    ['text', 'the request must be an object'],
    [undefined, 'the request must be an object'],
    [[1], 'the request must be an object'],
  ])('%# is refused', (input, reason) => {
    expect(parseAnswerRequest(input)).toEqual({ ok: false, field: '', reason });
  });
});

it('is answered even if deeply nested, because a caller is waiting', () => {
  const bomb: unknown = JSON.parse(`{"from":"1","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
  expect(parseAnswerRequest(bomb)).toMatchObject({ ok: true, value: { from: '1' } });
});

describe("the caller's number", () => {
  it.each([
    ['447700900000', '447700900000'],
    ['+447700900000', '447700900000'],
    [' 447700900000', '447700900000'],
    ['anonymous', undefined],
    ['44770\r\n0900000', '447700900000'],
    ['4477009000001234567', undefined],
    ['sip:bob@example.com', undefined],
    [undefined, undefined],
  ])('of %j is %j', (from, number) => {
    expect(callerNumber(parsed({ from }))).toBe(number);
  });
});
