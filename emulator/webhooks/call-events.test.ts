import { expect, test } from 'vitest';
import type { LegFacts } from './call-events.ts';
import { statusEvent } from './call-events.ts';

const AT = Date.parse('2021-03-29T21:20:05.582Z');
const PHONE: LegFacts = {
  from: '447700900000',
  to: '442038297050',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
  conversationUuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  direction: 'inbound',
  channel: 'phone',
  startedAt: AT,
  answeredAt: Date.parse('2021-03-29T21:20:06.182Z'),
  endedAt: Date.parse('2021-03-29T21:20:17.514Z'),
};
const APP: LegFacts = {
  ...PHONE,
  to: 'Alice',
  uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
  direction: 'outbound',
  channel: 'app',
};

test('fields are in Vonage’s order', () => {
  const keys = (event: object) => Object.keys(event).join(' ');
  const common = 'from to uuid conversation_uuid status direction';
  expect(keys(statusEvent(PHONE, 'ringing', AT))).toBe(`headers ${common} timestamp`);
  expect(keys(statusEvent(PHONE, 'started', AT))).toBe(`headers ${common} timestamp`);
  expect(keys(statusEvent(APP, 'started', AT))).toBe(`${common} timestamp`);
  expect(keys(statusEvent(PHONE, 'answered', AT))).toBe(
    `start_time headers rate ${common} network timestamp`,
  );
  expect(keys(statusEvent(APP, 'completed', AT))).toBe(
    'headers end_time uuid network duration start_time rate price from to conversation_uuid status direction timestamp',
  );
  expect(keys(statusEvent(APP, 'rejected', AT, { detail: 'declined', sip_code: 603 }))).toBe(
    `headers ${common} detail sip_code timestamp`,
  );
});

test('a completed phone leg counts and prices whole seconds', () => {
  expect(statusEvent(PHONE, 'completed', AT + 12_000)).toMatchObject({
    start_time: '2021-03-29T21:20:06.000Z',
    end_time: '2021-03-29T21:20:18.000Z',
    duration: '12',
    rate: '0.00720000',
    price: '0.00144000',
    network: 'GB-FIXED',
  });
});

test('an unanswered leg costs nothing and has no start time', () => {
  expect(statusEvent({ ...APP, answeredAt: undefined }, 'completed', AT)).toMatchObject({
    start_time: null,
    duration: '0',
    rate: '0.00',
    price: '0',
    network: null,
  });
});

test('an answered app leg has the time at which it started', () => {
  expect(statusEvent(APP, 'answered', AT + 9000)).toMatchObject({ timestamp: new Date(AT).toISOString() });
  expect(statusEvent(PHONE, 'answered', AT + 600)).toMatchObject({ timestamp: '2021-03-29T21:20:06.182Z' });
});
