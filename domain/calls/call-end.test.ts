import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '../webhooks/webhook-event.ts';
import type { Call } from './call.ts';
import { viewCall } from './reduce.ts';
import {
  agent,
  answerEntry,
  at,
  CALL_ID,
  CALLER_LEG,
  callAfter,
  caller,
  eventEntry,
  iso,
  question,
  ring,
  stateAfter,
} from './testing.ts';

describe('the end of a call', () => {
  const gone = caller('completed', 9);
  const failed = (to: string, status: string, more?: WebhookEvent) => [
    agent(to, 'started', 1),
    agent(to, status, 2, more),
    agent(to, 'completed', 3),
  ];
  const declined = agent('B', 'rejected', 4, { detail: 'declined' });
  const error = { conversation_uuid: CALL_ID, reason: 'Answer URL: HTTP 500', timestamp: iso(1) };

  it.each<[NonNullable<Call['end']>, string, WebhookEvent[]]>([
    ['caller-gave-up', 'who hung up while it rang', failed('A', 'cancelled')],
    ['caller-gave-up', 'who hung up while a second agent rang', [declined, ...failed('A', 'cancelled')]],
    ['caller-gave-up', 'while the end of the agent is still to come', [agent('A', 'started', 1)]],
    ['caller-gave-up', 'before anybody rang', []],
    ['rejected', 'by the only agent', [declined]],
    ['rejected', 'by one, and not heard by another', [declined, ...failed('A', 'timeout')]],
    ['nobody-answered', 'in time', failed('A', 'timeout')],
    ['nobody-answered', 'who was there', failed('A', 'unanswered', { detail: 'unavailable' })],
    ['nobody-answered', 'where another was busy', [...failed('A', 'timeout'), ...failed('B', 'busy')]],
    ['nobody-answered', 'where it is not told why', [agent('A', 'started', 1), agent('A', 'completed', 3)]],
    ['busy', 'the only one', failed('A', 'busy')],
    ['failed', 'to be reached', failed('A', 'failed', { detail: 'cannot_route' })],
    [
      'failed',
      'because the number does not exist',
      [agent('A', 'rejected', 2, { detail: 'invalid_number' })],
    ],
    ['failed', 'where an error is told of a user who was rung', [error, ...failed('A', 'failed')]],
    ['application-error', 'before anybody rang', [error]],
    ['completed', 'after a talk, though another had rejected it', [declined, agent('A', 'answered', 5)]],
  ])('is %s: %s', (end, _, events) => {
    expect(callAfter(caller('started', 0), ...events)).toMatchObject({ end: null });
    expect(callAfter(gone, ...events, caller('started', 0))).toMatchObject({ status: 'ended', end });
  });

  it('is "completed" where the NCCO has nobody to connect to', () => {
    const spoken = answerEntry([{ action: 'talk', text: 'We are closed' }], question);
    expect(viewCall(stateAfter([spoken, eventEntry(gone)])).end).toBe('completed');
    const both = [spoken, answerEntry(ring, question), eventEntry(gone)];
    expect(viewCall(stateAfter(both)).end).toBe('caller-gave-up');
  });

  it('is "failed" where the leg of the caller failed', () => {
    expect(callAfter(caller('failed', 1), gone)).toMatchObject({ status: 'ended', end: 'failed' });
  });

  it('does not come by a transfer that leads nowhere else', () => {
    const transfer = { type: 'transfer', uuid: CALLER_LEG, conversation_uuid_to: CALL_ID };
    expect(callAfter(caller('started', 0), transfer)).toMatchObject({ status: 'started', end: null });
  });

  it('is "completed" where the caller was transferred away', () => {
    const transfer = {
      ...{ type: 'transfer', uuid: CALLER_LEG, timestamp: iso(4) },
      ...{ conversation_uuid_from: CALL_ID, conversation_uuid_to: 'CON-2' },
    };
    const call = callAfter(caller('started', 0), caller('answered', 1), transfer);
    expect(call).toMatchObject({ status: 'ended', end: 'completed', endedAt: at(4) });
    expect(call.legs[0]).toMatchObject({ movedTo: 'CON-2', status: 'answered' });
  });
});
