import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '../webhooks/event-kind.ts';
import { callAfter, transcript } from './testing.ts';

const T = Date.parse('2026-03-29T21:20:00.000Z');
const iso = (ms: number) => new Date(T + ms).toISOString();

function told(status: string, ms: number, more: WebhookEvent = {}): WebhookEvent {
  return { uuid: '1', direction: 'outbound', to: 'Alice', status, timestamp: iso(ms), ...more };
}

/** The leg that events tell, in either order. */
function legAfter(...events: readonly WebhookEvent[]) {
  const [leg] = callAfter(...events).legs;
  expect(callAfter(...events.toReversed()).legs).toEqual([leg]);
  return leg;
}

describe('a leg', () => {
  it("has the times, the bill and the network of Vonage's transcript", () => {
    expect(callAfter(...transcript).legs).toMatchObject([
      {
        direction: 'inbound',
        status: 'completed',
        outcome: 'answered',
        duration: 12,
        price: '0.00144000',
        network: 'GB-FIXED',
      },
      {
        direction: 'outbound',
        status: 'completed',
        outcome: 'answered',
        duration: 5,
        price: '0',
        rate: '0.00',
        ringingAt: null,
      },
    ]);
  });

  it('stays completed, and keeps its outcome', () => {
    const busy = told('busy', 5, { sip_code: 486, detail: 'user_busy' });
    expect(legAfter(busy, told('completed', 5), told('started', 1), told('started', 9))).toMatchObject({
      ...{ status: 'completed', outcome: 'busy', sipCode: 486, detail: 'user_busy' },
      ...{ startedAt: T + 1, answeredAt: null, endedAt: T + 5 },
    });
  });

  it('has started if it rang, and keeps the more serious of two failures', () => {
    expect(legAfter(told('ringing', 1), told('failed', 6), told('busy', 5))).toMatchObject({
      ...{ startedAt: T + 1, ringingAt: T + 1, status: 'failed', outcome: 'failed' },
    });
  });

  it('is over when rejected, although no "completed" follows', () => {
    expect(legAfter(told('rejected', 5))).toMatchObject({
      status: 'rejected',
      outcome: 'rejected',
      endedAt: T + 5,
    });
  });

  it('ends when the end was first reported: "completed" may be late', () => {
    expect(legAfter(told('timeout', 5), told('completed', 60_000))).toMatchObject({ endedAt: T + 5 });
  });

  it.each<[string, number, WebhookEvent[]]>([
    ['as told, where that is after the start', 600, [told('started', 0), told('answered', 600)]],
    [
      'as told, though the bill is rounded up',
      600,
      [told('started', 0), told('answered', 600), told('completed', 9000, { start_time: iso(1000) })],
    ],
    [
      'as billed, where the answer bears the time of the start',
      3000,
      [told('started', 0), told('answered', 0), told('completed', 9000, { start_time: iso(3000) })],
    ],
    [
      'as told, where the bill starts before',
      0,
      [told('started', 0), told('answered', 0), told('completed', 9000, { start_time: iso(-2000) })],
    ],
    [
      'as billed, where the answer is lost',
      3000,
      [told('started', 0), told('completed', 9000, { start_time: iso(3000), duration: '6' })],
    ],
  ])('was answered %s', (_, ms, events) => {
    expect(legAfter(...events)).toMatchObject({ outcome: 'answered', answeredAt: T + ms });
  });

  it('is not answered if its price is zero', () => {
    const leg = legAfter(told('completed', 9000, { start_time: iso(3000), duration: '0' }));
    expect(leg).toMatchObject({ status: 'completed', outcome: null, answeredAt: null });
  });

  it('may have statuses without a time', () => {
    const leg = legAfter(
      told('answered', 0, { timestamp: null }),
      told('completed', 0, { timestamp: 'x', end_time: iso(9) }),
    );
    expect(leg).toMatchObject({ status: 'completed', outcome: 'answered', answeredAt: null, endedAt: T + 9 });
  });

  it('is not changed by an unknown status or detail', () => {
    const leg = legAfter(told('answered', 1), told('levitating', 2, { detail: 'aura' }));
    expect(leg).toMatchObject({ status: 'answered', detail: 'aura', endedAt: null });
    expect(legAfter(told('levitating', 2))).toMatchObject({
      status: 'unknown',
      to: 'Alice',
      startedAt: null,
    });
  });

  it('has the latest value if that is the more complete', () => {
    const leg = legAfter(
      told('answered', 1, { network: null }),
      told('completed', 3, { network: '23410' }),
      told('busy', 2, { network: 'GB' }),
    );
    expect(leg).toMatchObject({ network: '23410' });
  });

  it('distinguishes human from machine', () => {
    const heard = (status: string, ms: number) => ({ call_uuid: '1', status, timestamp: iso(ms) });
    expect(legAfter(heard('human', 1), heard('machine', 2))).toMatchObject({
      machine: 'machine',
      status: 'unknown',
    });
  });

  it('of a websocket may break', () => {
    expect(legAfter(told('disconnected', 4, { reason: 'closed' }))).toMatchObject({
      ...{ status: 'disconnected', outcome: 'disconnected', detail: 'closed', endedAt: T + 4 },
    });
  });
});
