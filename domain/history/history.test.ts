import { describe, expect, it } from 'vitest';
import type { Control } from '../desk/controls.ts';
import { createTestDesk, deskRules } from '../desk/testing.ts';
import type { HistoryLine } from './history.ts';
import { historyLines } from './history.ts';

function linesOf(desk: ReturnType<typeof createTestDesk>, call: string): Record<string, HistoryLine> {
  const lines = historyLines(desk.events.filter((event) => 'call' in event && event.call === call));
  return Object.fromEntries(lines.map((line) => [line.agent ?? 'team', line]));
}

function team(queue: Parameters<typeof deskRules>[0] = {}) {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'], ringSeconds: 20, ...queue }));
  desk.page('Alice');
  desk.page('Bob');
  return desk;
}

describe('the history of a call', () => {
  it('that an agent answered has her talk, and who hung up', () => {
    const desk = team({ wrapUpSeconds: 10 });
    desk.call('c1');
    desk.wait(4);
    desk.answer('Alice');
    desk.wait(30);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    desk.wait(60);
    const shared = { outcome: 'answered', answeredBy: 'Alice', hungUpBy: 'caller', waited: 4, talked: 30 };
    expect(linesOf(desk, 'c1')).toMatchObject({
      Alice: { ...shared, number: '447700900000', to: '442038297050', queue: 'main', direction: 'inbound' },
      team: { ...shared, exit: 'completed', isCallback: false },
    });
  });

  it('that rang out at one agent and was answered by another is missed by the first', () => {
    const desk = team();
    desk.call('c1');
    desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l', is: 'ringing' });
    desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l', is: 'rang out' });
    expect(linesOf(desk, 'c1')).toMatchObject({ Alice: { outcome: 'missed', became: null, exit: null } });
    expect(linesOf(desk, 'c1').team).toBeUndefined();
    desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
    desk.wait(1);
    desk.answer('Bob');
    desk.tell({ kind: 'caller ended', call: 'c1' });
    const lines = linesOf(desk, 'c1');
    expect(lines).toMatchObject({
      Alice: { outcome: 'missed', became: 'answered', answeredBy: 'Bob', talked: null },
      Bob: { outcome: 'answered' },
      team: { outcome: 'answered', answeredBy: 'Bob' },
    });
    // Whose list it is in makes no difference to when it came in.
    expect(new Set(Object.values(lines).map(({ at }) => at)).size).toBe(1);
  });

  it('that was transferred says so of who passed it on, until she has it back', () => {
    const desk = team({ wrapUpSeconds: 10 });
    const control = (wanted: Control, by = 'Alice') =>
      desk.tell({ kind: 'control', call: 'c1', by, mayControl: false, control: wanted });
    desk.call('c1');
    desk.answer('Alice');
    desk.wait(5);
    control({ action: 'transfer', to: { agent: 'Bob' } });
    desk.answer('Bob');
    desk.wait(5);
    expect(linesOf(desk, 'c1')).toMatchObject({ Alice: { outcome: 'answered', transferred: true } });
    desk.wait(10);
    control({ action: 'transfer', to: { agent: 'Alice' } }, 'Bob');
    desk.answer('Alice');
    desk.tell({
      kind: 'agent leg',
      reservation: desk.offer('Alice').id,
      leg: null,
      is: 'ended by the agent',
    });
    expect(linesOf(desk, 'c1')).toMatchObject({
      Alice: { transferred: false, hungUpBy: 'agent' },
      Bob: { transferred: true },
      team: { transferred: false, hungUpBy: 'agent' },
    });
  });

  it('that an agent declined says so', () => {
    const desk = team();
    desk.call('c1');
    desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l', is: 'rejected' });
    expect(linesOf(desk, 'c1')).toMatchObject({ Alice: { outcome: 'declined' } });
  });

  it('whose caller gave up while it rang is not missed', () => {
    const desk = team();
    desk.call('c1');
    desk.wait(3);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(linesOf(desk, 'c1')).toMatchObject({
      Alice: { outcome: 'caller-hung-up', hungUpBy: 'caller', waited: null },
      team: { outcome: 'caller-hung-up', exit: 'abandoned', answeredBy: null },
    });
  });

  it('that rang at two says who was faster', () => {
    const desk = team({ addAgentSeconds: 5 });
    desk.call('c1');
    desk.wait(6);
    expect(desk.rung('c1')).toEqual(['Alice', 'Bob']);
    desk.answer('Bob');
    expect(linesOf(desk, 'c1')).toMatchObject({ Alice: { outcome: 'answered-elsewhere' } });
  });

  it('whose caller left the queue for a voicemail names it', () => {
    const desk = team();
    desk.call('c1');
    desk.turn('c1', 1, '2');
    expect(linesOf(desk, 'c1').team).toMatchObject({
      outcome: 'voicemail',
      exit: 'voicemail',
      voicemail: desk.of('c1').voicemail,
      hungUpBy: null,
    });
  });

  it('counts talk before and after a lost connection', () => {
    const desk = team({ wrapUpSeconds: 0 });
    desk.call('c1');
    const { id } = desk.answer('Alice');
    desk.wait(10);
    desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
    desk.wait(20, { alive: ['Bob'] });
    desk.answer('Bob');
    desk.wait(7);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(linesOf(desk, 'c1')).toMatchObject({
      Alice: { outcome: 'answered', talked: 10 },
      Bob: { outcome: 'answered', talked: 7 },
      team: { answeredBy: 'Alice', talked: 17 },
    });
  });

  it('of which nothing but pages and choices is known is empty', () => {
    expect(historyLines([])).toEqual([]);
    const desk = team();
    expect(historyLines(desk.events)).toEqual([]);
  });
});

describe('the history of a callback', () => {
  function booked() {
    const desk = team({ callback: true, wrapUpSeconds: 0 });
    desk.page('Alice', { tab: 'tab', line: 'down', sound: 'on', microphone: 'ready' });
    desk.page('Bob', { tab: 'tab', line: 'down', sound: 'on', microphone: 'ready' });
    desk.call('c1');
    desk.turn('c1', 1, '1');
    desk.tell({ kind: 'caller ended', call: 'c1' });
    const [callback = ''] = [...desk.desk.calls.keys()].filter((id) => id.startsWith('cb'));
    return { desk, callback };
  }

  it('begins with a call that left for it', () => {
    const { desk, callback } = booked();
    expect(linesOf(desk, 'c1').team).toMatchObject({ outcome: 'callback', isCallback: false });
    expect(linesOf(desk, callback)).toEqual({});
  });

  it('that someone canceled is over, and its customer is not called', () => {
    const { desk, callback } = booked();
    desk.tell({ kind: 'callback canceled', call: callback, by: 'Carol' });
    expect(desk.of(callback).stage).toBe('ended');
    expect(linesOf(desk, callback).team).toMatchObject({
      outcome: 'canceled',
      direction: 'outbound',
      isCallback: true,
      hungUpBy: null,
    });
    desk.page('Alice');
    expect(desk.rung(callback)).toEqual([]);
    // Once more changes nothing.
    expect(desk.tell({ kind: 'callback canceled', call: callback, by: 'Bob' }).events).toEqual([]);
  });

  it('that an agent is offered stops ringing when it is canceled', () => {
    const { desk, callback } = booked();
    desk.page('Alice');
    expect(desk.rung(callback)).toEqual(['Alice']);
    desk.tell({ kind: 'callback canceled', call: callback, by: 'Bob' });
    expect(desk.rung(callback)).toEqual([]);
    expect(desk.of(callback).stage).toBe('ended');
  });

  it('cannot be canceled once an agent has taken it', () => {
    const { desk, callback } = booked();
    desk.page('Alice');
    const { id } = desk.offer('Alice');
    desk.tell({ kind: 'agent answered', reservation: id, leg: 'l' });
    expect(desk.tell({ kind: 'callback canceled', call: callback, by: 'Bob' }).events).toEqual([]);
    expect(desk.of(callback).stage).toBe('connecting');
  });

  it('whose customer was never reached is not answered', () => {
    const { desk, callback } = booked();
    desk.page('Alice');
    for (let tries = 0; tries < 3; tries += 1) {
      const { id } = desk.offer('Alice');
      desk.tell({ kind: 'agent answered', reservation: id, leg: `l${tries}` });
      desk.tell({ kind: 'customer leg', call: callback, leg: `customer ${tries}`, is: 'started' });
      desk.tell({ kind: 'customer leg', call: callback, leg: `customer ${tries}`, is: 'no answer' });
      desk.wait(20 * 60, { alive: ['Alice'] });
    }
    expect(linesOf(desk, callback)).toMatchObject({
      Alice: { outcome: 'not-reached', talked: null, call: 'customer 2' },
      team: { outcome: 'not-reached', exit: 'not reached' },
    });
  });
});

it('an agent’s note is in her history and in that of the team', () => {
  const desk = team({ wrapUpSeconds: 10 });
  desk.call('c1');
  desk.answer('Alice');
  desk.wait(5);
  desk.tell({ kind: 'caller ended', call: 'c1' });
  const note = { outcome: 'sold', note: 'Wants a receipt' };
  desk.tell({ kind: 'wrap-up', agent: 'Alice', does: 'note', note });
  expect(linesOf(desk, 'c1')).toMatchObject({ Alice: { wrapUp: note }, team: { wrapUp: note } });
});

describe('the history of a call that an agent controls', () => {
  const control = (
    desk: ReturnType<typeof createTestDesk>,
    by: string,
    wanted: Control,
    mayControl = false,
  ) => desk.tell({ kind: 'control', call: 'c1', by, mayControl, control: wanted });

  it('has it at both agents when one transfers it to the other', () => {
    const desk = team({ wrapUpSeconds: 0 });
    desk.call('c1');
    desk.answer('Alice');
    desk.wait(10);
    control(desk, 'Alice', { action: 'transfer', to: { agent: 'Bob' } });
    desk.wait(1);
    desk.answer('Bob');
    desk.wait(7);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(linesOf(desk, 'c1')).toMatchObject({
      Alice: { outcome: 'answered', talked: 10 },
      Bob: { outcome: 'answered', talked: 7 },
      team: { outcome: 'answered', answeredBy: 'Alice', talked: 17 },
    });
  });

  it('has a supervisor who listens in nobody’s history', () => {
    const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
    desk.page('Alice');
    desk.page('Carol');
    desk.call('c1');
    desk.answer('Alice');
    control(desk, 'Carol', { action: 'supervise', mode: 'listen', private: false }, true);
    desk.wait(3);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    desk.wait(30);
    expect(Object.keys(linesOf(desk, 'c1'))).toEqual(['Alice', 'team']);
  });
});
