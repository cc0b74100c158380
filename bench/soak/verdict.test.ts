import { describe, expect, it } from 'vitest';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { judge, type SeenCall } from './verdict.ts';

const CALL: SeenCall = { leg: 'leg-1', isTaken: true, isGuessed: false, talked: true, overAt: 3 };
const caller = { from: '447700900000', to: '442038297050', regionUrl: null };

const ENTERED: DeskEvent = {
  at: 1,
  kind: 'entered',
  call: 'leg-1',
  caller,
  queue: 'main',
  stage: 'waiting',
  enqueuedAt: 1,
};
const CONNECTED: DeskEvent = { at: 2, kind: 'connected', reservation: 'r', call: 'leg-1', agent: 'Alice' };
const left = (exit: 'completed' | 'lost'): DeskEvent => ({
  at: 3,
  kind: 'left',
  call: 'leg-1',
  exit,
  by: 'caller',
  hears: 'agent',
  voicemail: null,
});
const ENDED: DeskEvent = { at: 3, kind: 'ended', call: 'leg-1' };
const WHOLE = [ENTERED, CONNECTED, left('completed'), ENDED];

function lost({
  call = {},
  acknowledged = ['event-1'],
  desk = WHOLE,
}: {
  call?: Partial<SeenCall>;
  acknowledged?: string[];
  desk?: DeskEvent[];
} = {}): string[] {
  const stored = { events: new Set(['event-1', 'event-2']), desk };
  return judge([{ ...CALL, ...call }], acknowledged, stored).lost;
}

describe('a soak run', () => {
  it('has lost nothing if the desk tells each call as the caller lived through it', () => {
    expect(lost()).toEqual([]);
  });

  it('has lost an event that a server acknowledged and nobody stored', () => {
    expect(lost({ acknowledged: ['event-3'] })).toEqual(['the event event-3 is not stored']);
  });

  it('has lost a call that was answered and of which nothing is known', () => {
    const desk = WHOLE.map((event) => ({ ...event, call: 'another' }));
    expect(lost({ desk })).toContain('call leg-1 entered the desk 0 times');
  });

  it('has lost nothing of a call that no server could answer, or none with the store', () => {
    const desk = WHOLE.map((event) => ({ ...event, call: 'another' }));
    expect(lost({ call: { isTaken: false, talked: false }, desk })).toEqual([]);
    expect(lost({ call: { isGuessed: true, talked: false }, desk })).toEqual([]);
  });

  it('has lost a call that the desk lost, or that is not over', () => {
    expect(lost({ desk: [ENTERED, CONNECTED, left('lost'), ENDED] })).toContain(
      'call leg-1 was lost by the desk',
    );
    expect(lost({ call: { overAt: null } })).toEqual(['call leg-1 is not over for the caller']);
    expect(lost({ desk: [ENTERED, CONNECTED] })).toEqual(
      expect.arrayContaining(['call leg-1 left the desk 0 times', 'call leg-1 ended 0 times']),
    );
  });

  it('compares who talked to an agent', () => {
    expect(lost({ call: { talked: false } })).toEqual([]);
    // The desk may hear much later that a caller has hung up.
    const later = WHOLE.map((event) => (event.at === 3 ? { ...event, at: 20_000 } : event));
    expect(lost({ call: { talked: false }, desk: later })).toEqual([]);
    expect(lost({ call: { talked: false, overAt: 2_502 }, desk: later })).toEqual([
      'call leg-1 never talked to an agent, although the desk says so for 2.5 s',
    ]);
    const brief = { talked: false, overAt: 9_000 };
    expect(lost({ call: brief })).toEqual([]);
    expect(lost({ call: { talked: false, isGuessed: true } })).toEqual([]);
  });

  it('finds a caller who was put through long after hanging up', () => {
    const late = WHOLE.map((event) => (event.kind === 'connected' ? { ...event, at: 8_000 } : event));
    const later = late.map((event) => (event.kind === 'left' ? { ...event, at: 20_000 } : event));
    expect(lost({ call: { talked: false, overAt: 1_000 }, desk: later })).toEqual([
      'call leg-1 was put through to an agent 7 s after hanging up',
    ]);
    expect(lost({ call: { talked: false, overAt: 7_500 }, desk: later })).toEqual([]);
  });
});
