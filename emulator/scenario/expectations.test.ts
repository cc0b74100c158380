import { beforeEach, describe, expect, it } from 'vitest';
import type { Payload } from '../webhooks/webhook.ts';
import { kindOf } from '../webhooks/webhook.ts';
import { differences } from './expectations.ts';
import type { Journal } from './journal.ts';
import { createJournal } from './journal.ts';
import type { CallPlan } from './scenario.ts';
import { readScenario } from './scenario.ts';

let journal: Journal;

function add(payload: Payload): void {
  journal.add({
    kind: kindOf(payload),
    target: { address: 'http://localhost/event', method: 'POST' },
    payload,
    outcome: Promise.resolve({ ok: false, reason: 'nobody looks' }),
  });
}

function event(uuid: string, status: string, more: Payload = {}): void {
  const parties = uuid.startsWith('app')
    ? { to: 'Alice', direction: 'outbound' }
    : { to: '2000', direction: 'inbound' };
  add({ uuid, status, conversation_uuid: 'CON-1', from: '1000', ...parties, ...more });
}

function planOf(expected: CallPlan['expect']): CallPlan {
  const read = readScenario({ calls: [{ expect: expected }] });
  const [plan] = read.ok ? read.scenario.calls : [];
  if (!plan) throw new Error('The plan is wrong.');
  return plan;
}

beforeEach(() => {
  journal = createJournal();
  event('phone', 'started');
  event('app1', 'started');
  event('app1', 'timeout');
  event('app1', 'completed', { duration: '0' });
  event('app2', 'started');
  event('app2', 'answered');
  event('app2', 'completed', { duration: '5' });
  event('phone', 'completed', { duration: '12' });
  event('other', 'started', { conversation_uuid: 'CON-2' });
});

describe('an expectation of a call', () => {
  it('is met by its legs; legs with the same name count as one', () => {
    const plan = planOf({
      caller: { events: ['started', 'completed'], status: 'completed', duration: [10, 12] },
      Alice: { events: ['started', 'timeout', 'completed', 'started', 'answered', 'completed'], duration: 5 },
    });
    expect(differences('phone', plan, journal)).toEqual([]);
  });

  it('is reported if it is not met', () => {
    const plan = planOf({
      caller: { events: ['started'], status: 'busy', duration: 3 },
      Bob: {},
      Alice: { duration: [6, 9] },
    });
    expect(differences('phone', plan, journal)).toEqual([
      'caller: events were started, completed, not started',
      'caller: ended with "completed", not "busy"',
      'caller: lasted 12 s, not 3 s',
      'Bob had no leg',
      'Alice: lasted 5 s, not 6 to 9 s',
    ]);
  });

  it('follows a leg that was transferred', () => {
    add({ type: 'transfer', uuid: 'phone', conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-3' });
    event('app3', 'started', { conversation_uuid: 'CON-3', to: 'Bob' });
    expect(differences('phone', planOf({ Bob: { events: ['started'] } }), journal)).toEqual([]);
    expect(journal.legsOf('phone').has('other')).toBe(false);
  });
});
