import { expect, it } from 'vitest';
import { transcript } from '../calls/testing.ts';
import type { WebhookEvent } from './event-kind.ts';
import { EVENT_KINDS, type EventKind, kindOf } from './event-kind.ts';

const parties = { uuid: '1', conversation_uuid: 'CON-1', from: '447700900000', to: '442038297050' };

const recognised: readonly [EventKind, WebhookEvent][] = [
  ['status', { ...parties, status: 'started' }],
  ['status', { ...parties, status: 'levitating' }],
  ['machine-detection', { call_uuid: '1', status: 'human' }],
  ['machine-detection', { call_uuid: '1', status: 'Machine', sub_state: 'beep_start' }],
  ['disconnected', { ...parties, status: 'disconnected', reason: 'closed' }],
  ['transcription', { type: 'record', status: 'transcribed', recording_uuid: '2' }],
  ['payment', { ...parties, status: 'success' }],
  ['answer', parties],
  ['answer', { from_user: 'Carol', to: '1', uuid: '2', 'SipHeader_X-A': 'b', endpoint_type: 'app' }],
  ['transfer', { type: 'transfer', uuid: '1', conversation_uuid_to: 'CON-2' }],
  ['transfer', { uuid: '1', conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2' }],
  ['record', { recording_url: 'https://x', recording_uuid: '2' }],
  ['error', { reason: 'bad NCCO', conversation_uuid: 'CON-1' }],
  ['notify', { payload: { a: 1 }, conversation_uuid: 'CON-1' }],
  ['input', { ...parties, dtmf: { digits: '1' } }],
  ['input', { ...parties, speech: { error: 'ERR' } }],
  ['unknown', { ...parties, hologram: true }],
  ['unknown', { uuid: '1' }],
];

it.each(recognised)('%s is recognised by its fields (%#)', (kind, event) => {
  expect(kindOf(event)).toBe(kind);
});

it('has an example of each kind above', () => {
  const kinds = new Set(recognised.map(([kind]) => kind));
  expect(EVENT_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
});

it.each<[EventKind, WebhookEvent]>([
  ['status', { status: 'failed', reason: 'r', payload: {} }],
  ['transfer', { type: 'transfer', recording_url: 'u', reason: 'r' }],
  ['record', { recording_url: 'u', reason: 'r', payload: {} }],
  ['error', { reason: 'r', payload: {}, dtmf: {} }],
  ['notify', { payload: {}, dtmf: {} }],
])("%s goes before what comes later in Vonage's order", (kind, event) => {
  expect(kindOf({ uuid: '1', ...event })).toBe(kind);
});

it('ignores a field that is null', () => {
  expect(kindOf({ ...parties, status: null, reason: null, dtmf: { digits: '' } })).toBe('input');
});

it('is a status for all of Vonage’s transcript', () => {
  expect(new Set(transcript.map(kindOf))).toEqual(new Set(['status']));
});
