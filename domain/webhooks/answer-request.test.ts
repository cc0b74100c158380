import { describe, expect, it } from 'vitest';
import { callerNumber, parseAnswerRequest } from './answer-request.ts';

function parsed(input: unknown) {
  const result = parseAnswerRequest(input);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

describe('an answer request', () => {
  it('is read from the parameters that Vonage sends', () => {
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

  it.each([
    [{ from: ['1', '2'] }, 'from', 'from is given more than once, with different values'],
    [{ to: 'x'.repeat(10_000) }, 'to', 'to is longer than 512 characters'],
    [{ uuid: { a: 1 } }, 'uuid', 'uuid must be text'],
    ['text', '', 'the request must be an object'],
    [undefined, '', 'the request must be an object'],
    [[1], '', 'the request must be an object'],
  ])('%# names the field that makes it unusable', (input, field, reason) => {
    expect(parseAnswerRequest(input)).toEqual({ ok: false, field, reason });
  });
});

describe("the caller's number", () => {
  it.each([
    ['447700900000', '447700900000'],
    ['+447700900000', '447700900000'],
    [' 447700900000', '447700900000'],
    ['anonymous', undefined],
    ['44770\r\n0900000', undefined],
    ['4477009000001234567', undefined],
    ['sip:bob@example.com', undefined],
    [undefined, undefined],
  ])('of %j is %j', (from, number) => {
    expect(callerNumber(parsed({ from }))).toBe(number);
  });
});
