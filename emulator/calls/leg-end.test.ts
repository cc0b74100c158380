import { describe, expect, it } from 'vitest';
import { createTestCalls } from '../ncco/testing.ts';
import type { EndCause } from './leg-end.ts';

/** The `completed` event of a leg that ended so; undefined where none is sent. */
async function completed(cause: EndCause, isAnswered: boolean) {
  const calls = createTestCalls();
  const { leg } = calls.call([{ action: 'wait', timeout: 20 }]);
  if (isAnswered) leg.answer();
  leg.finish({ cause });
  await calls.pass(10);
  const event = calls.sent.find(({ payload }) => payload.status === 'completed');
  return event && [event.payload.disconnected_by, event.payload.sip_code];
}

describe('the end of a leg', () => {
  it.each<[EndCause, unknown]>([
    ['hung-up-here', ['user', 200]],
    ['disconnected', ['user', 200]],
    ['hung-up-there', ['platform', 200]],
    ['length-limit', ['platform', 200]],
    ['machine', ['platform', 200]],
    ['media-lost', ['platform', 200]],
    ['failed', ['platform', 200]],
  ])('after the answer, %s: says who hung up', async (cause, end) => {
    expect(await completed(cause, true)).toEqual(end);
  });

  it.each<[EndCause, unknown]>([
    ['hung-up-here', ['user', 487]],
    ['busy', ['user', 486]],
    ['hung-up-there', ['platform', 480]],
    ['cancelled', ['platform', 487]],
    ['ring-timeout', ['platform', 480]],
    ['unreachable', ['platform', 480]],
    ['out-of-service', ['platform', 404]],
    ['rejected', undefined],
  ])('before the answer, %s: has the SIP code of its reason', async (cause, end) => {
    expect(await completed(cause, false)).toEqual(end);
  });
});
