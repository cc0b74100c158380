import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '../webhooks/event-kind.ts';
import type { Call } from './call.ts';
import { viewCall } from './reduce.ts';
import {
  agent,
  answerEntry,
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

  it('is "completed" if the NCCO connects to nobody', () => {
    const spoken = answerEntry([{ action: 'talk', text: 'We are closed' }], question);
    expect(viewCall(stateAfter([spoken, eventEntry(gone)])).end).toBe('completed');
    const both = [spoken, answerEntry(ring, question), eventEntry(gone)];
    expect(viewCall(stateAfter(both)).end).toBe('caller-gave-up');
  });

  it('is "failed" if the caller’s leg failed', () => {
    expect(callAfter(caller('failed', 1), gone)).toMatchObject({ status: 'ended', end: 'failed' });
  });

  it('is unknown where the platform knows nothing of the caller, unless somebody answered', () => {
    const lost = caller('completed', 0, { detail: 'not_found', reported_by: 'switchboard' });
    expect(viewCall(stateAfter([answerEntry(ring, question), eventEntry(lost)])).end).toBe('unknown');
    expect(callAfter(agent('A', 'started', 1), lost)).toMatchObject({ status: 'ended', end: 'unknown' });
    expect(callAfter(agent('A', 'answered', 1), lost)).toMatchObject({ end: 'completed' });
  });

  it('is not caused by a transfer', () => {
    const transfer = {
      ...{ type: 'transfer', uuid: CALLER_LEG, timestamp: iso(4) },
      ...{ conversation_uuid_from: CALL_ID, conversation_uuid_to: 'CON-2' },
    };
    const call = callAfter(caller('started', 0), caller('answered', 1), transfer);
    expect(call).toMatchObject({ status: 'started', end: null, endedAt: null });
    expect(call.conversations).toEqual([CALL_ID, 'CON-2']);
  });

  it('is "completed" if callers met in a conference', () => {
    const second = { uuid: 'second', from: '447700900001' };
    const both = [caller('answered', 1), caller('answered', 2, second)];
    expect(callAfter(...both)).toMatchObject({ status: 'in-call', talking: null });
    const call = callAfter(...both, gone, caller('completed', 8, second));
    expect(call).toMatchObject({ status: 'ended', end: 'completed', talking: null });
  });
});

describe('who hung up', () => {
  const by = (who: string) => ({ disconnected_by: who });
  const talked = [caller('answered', 0), agent('A', 'answered', 1)];
  const rang = [caller('answered', 0), agent('A', 'ringing', 1)];

  it.each<[Call['hungUpBy'], Call['end'], string, WebhookEvent[]]>([
    [
      'caller',
      'completed',
      'the user of the caller',
      [...talked, agent('A', 'completed', 5, by('platform')), caller('completed', 5, by('user'))],
    ],
    [
      'agent',
      'completed',
      'the user of the agent',
      [...talked, agent('A', 'completed', 5, by('user')), caller('completed', 5, by('platform'))],
    ],
    [
      'platform',
      'completed',
      'the platform on both sides',
      [...talked, agent('A', 'completed', 5, by('platform')), caller('completed', 5, by('platform'))],
    ],
    [null, 'completed', 'nobody by name', [...talked, agent('A', 'completed', 5), caller('completed', 5)]],
    [
      'caller',
      'caller-gave-up',
      'the caller, while it rang and nothing else is told of the agent',
      [...rang, agent('A', 'completed', 5, by('platform')), caller('completed', 5, by('user'))],
    ],
    [
      'platform',
      'nobody-answered',
      'the platform, after it rang',
      [...rang, agent('A', 'completed', 5, by('platform')), caller('completed', 6, by('platform'))],
    ],
    [
      'caller',
      'nobody-answered',
      'the caller, long after it rang',
      [...rang, agent('A', 'completed', 5, by('platform')), caller('completed', 25, by('user'))],
    ],
    [
      'platform',
      'rejected',
      'the called user while it rang, and then the platform',
      [...rang, agent('A', 'completed', 5, by('user')), caller('completed', 6, by('platform'))],
    ],
    [
      'platform',
      'nobody-answered',
      'the platform, which had cancelled one leg and rung another',
      [
        ...[...rang, agent('A', 'cancelled', 5), agent('A', 'completed', 5)],
        ...[agent('B', 'started', 5), agent('B', 'timeout', 20), caller('completed', 21, by('platform'))],
      ],
    ],
    [
      'platform',
      'completed',
      'the platform, when somebody was rung after the agent had hung up',
      [
        ...[...talked, agent('A', 'completed', 5, by('user')), agent('B', 'started', 6)],
        ...[agent('B', 'timeout', 20), caller('completed', 21, by('platform'))],
      ],
    ],
    ['caller', 'caller-gave-up', 'the caller, before anyone rang', [caller('completed', 5, by('user'))]],
    ['platform', 'completed', 'the platform, with nobody to ring', [caller('completed', 5, by('platform'))]],
  ])('is %s (%s) if Vonage names %s', (hungUpBy, end, _, events) => {
    expect(callAfter(...events)).toMatchObject({ status: 'ended', hungUpBy, end });
    expect(callAfter(...events.toReversed())).toMatchObject({ status: 'ended', hungUpBy, end });
  });

  it('is unknown while the call goes on', () => {
    const call = callAfter(...talked, agent('A', 'completed', 5, by('user')));
    expect(call).toMatchObject({ status: 'in-call', hungUpBy: null });
  });

  it('is the called user if the server placed the call', () => {
    const placed = [agent('A', 'answered', 1), agent('A', 'completed', 5, by('user'))];
    expect(callAfter(...placed)).toMatchObject({ end: 'completed', hungUpBy: 'agent' });
  });
});
