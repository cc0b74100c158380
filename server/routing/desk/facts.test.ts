import { expect, test } from 'vitest';
import { parseAnswerRequest } from '../../../domain/webhooks/answer-request.ts';
import { routeOf } from '../routing.ts';
import { factOfEvent, factOfRequest } from './facts.ts';

function asked(fields: Record<string, unknown>) {
  const parsed = parseAnswerRequest(fields);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

test('a request for an NCCO means what its route says', () => {
  const call = asked({ uuid: 'leg', from: '447700900000', to: '442038297050' });
  expect(factOfRequest(call, ['answer'])).toMatchObject({ kind: 'call arrived', leg: 'leg' });
  expect(factOfRequest(call, ['agent', 'r1'])).toEqual({
    kind: 'agent answered',
    reservation: 'r1',
    leg: 'leg',
    user: '442038297050',
  });
  expect(factOfRequest(call, ['next', 'c1'])).toEqual({ kind: 'next asked', call: 'c1', leg: 'leg' });
});

test('nobody is put through who does not name her leg', () => {
  const call = asked({ to: 'Alice' });
  expect(factOfRequest(call, ['agent', 'r1'])).toBeNull();
  expect(factOfRequest(call, ['guest', 'c1', 'g1'])).toBeNull();
});

test.each([{ url: 'https://x.org/voice/agent/r1' }, '{"url":"https://x.org/voice/agent/r1","type":"POST"}'])(
  'a fallback means what the address would have meant that did not answer (%j)',
  (original_request) => {
    const call = asked({ uuid: 'leg', reason: 'timeout', original_request });
    expect(routeOf(call.originalUrl)).toEqual(['agent', 'r1']);
  },
);

test('an address of something else is no route', () => {
  for (const url of [
    undefined,
    'nonsense',
    'https://x.org/',
    'https://x.org/other/agent/r1',
    'https://x.org/voice/',
  ]) {
    expect(routeOf(url)).toBeUndefined();
  }
});

test.each([
  [{ status: 'rejected' }, 'rejected'],
  [{ status: 'busy' }, 'rejected'],
  [{ status: 'timeout' }, 'rang out'],
  [{ status: 'unanswered', detail: 'unavailable' }, 'unreachable'],
  [{ status: 'completed', disconnected_by: 'user' }, 'ended by the agent'],
  [{ status: 'completed', disconnected_by: 'platform' }, 'ended by the platform'],
])('an event of an agent’s leg: %j', (fields, is) => {
  const event = { uuid: 'leg', ...fields };
  expect(factOfEvent(event, ['event', 'r1'])).toEqual({
    kind: 'agent leg',
    reservation: 'r1',
    leg: 'leg',
    is,
    user: null,
  });
});

test('only the end of a caller’s own leg means anything on its own', () => {
  expect(factOfEvent({ uuid: 'leg', status: 'completed' }, ['event'])).toEqual({
    kind: 'caller ended',
    call: 'leg',
  });
  expect(factOfEvent({ uuid: 'leg', status: 'answered' }, ['event'])).toBeNull();
});

test('keys come with the turn that heard them', () => {
  const event = {
    uuid: 'leg',
    dtmf: { digits: '1', timed_out: false },
    from: '447700900000',
    to: '442038297050',
  };
  expect(factOfEvent(event, ['wait', 'c1', '7', '1700000000000'])).toMatchObject({
    kind: 'turn asked',
    call: 'c1',
    turn: 7,
    keys: '1',
    enqueuedAt: 1_700_000_000_000,
  });
});

test('a recording under the id of a call says that its caller left a message', () => {
  const event = {
    recording_url: 'https://x.org/recording',
    recording_uuid: 'r',
    start_time: '',
    end_time: '',
  };
  expect(factOfEvent(event, ['voicemail', 'c1'])).toEqual({ kind: 'message left', call: 'c1' });
});

test('the platform tells of an answer that did not reach it, by its address', () => {
  const told = (url: string) =>
    factOfEvent({ reason: `Answer URL ${url} timed out`, conversation_uuid: 'CON-1' }, ['event']);
  expect(told('https://x.org/voice/next/c1/543')).toEqual({ kind: 'move failed', call: 'c1', move: 543 });
  expect(told('https://x.org/voice/agent/r1/543')).toBeNull();
  expect(told('https://x.org/voice/answer')).toBeNull();
});
