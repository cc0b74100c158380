import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '../webhooks/event-kind.ts';
import { callAfter } from './testing.ts';

/** Events of a leg at seconds of a minute. */
function leg(uuid: string, times: Readonly<Record<string, number>>): WebhookEvent[] {
  return Object.entries(times).map(([status, second]) => ({
    ...{ uuid, status, direction: uuid.startsWith('caller') ? 'inbound' : 'outbound', to: uuid },
    timestamp: new Date(second * 1000).toISOString(),
  }));
}

const caller = leg('caller', { started: 0, answered: 1, completed: 60 });

describe('the times of a call', () => {
  it('are ringing until the answer, talking while both are connected, and the total', () => {
    const call = callAfter(...caller, ...leg('A', { started: 5, answered: 12, completed: 59 }));
    expect(call).toMatchObject({ ringing: 7000, talking: 47_000, total: 60_000 });
  });

  it('count the ringing of everyone who was tried', () => {
    const tried = leg('A', { started: 5, timeout: 25, completed: 25 });
    expect(
      callAfter(...caller, ...tried, ...leg('B', { started: 26, answered: 30, completed: 60 })),
    ).toMatchObject({
      ringing: 25_000,
      talking: 30_000,
    });
    expect(callAfter(...caller, ...tried, ...leg('B', { started: 26, rejected: 40 }))).toMatchObject({
      ringing: 35_000,
      talking: 0,
    });
  });

  it('count each moment of talking once, and no pauses', () => {
    const agents = [
      ...leg('A', { started: 5, answered: 10, completed: 30 }),
      ...leg('B', { started: 15, answered: 20, completed: 35 }),
      ...leg('C', { started: 36, answered: 40, completed: 50 }),
    ];
    expect(callAfter(...caller, ...agents).talking).toBe(35_000);
    const second = leg('caller 2', { started: 0, answered: 45, completed: 55 });
    expect(callAfter(...caller, ...agents, ...second).talking).toBe(35_000);
  });

  it('count from when both are connected, whoever answered first', () => {
    const first = leg('A', { started: 2, answered: 30, completed: 50 });
    const second = leg('B', { started: 3, answered: 10, completed: 40 });
    expect(callAfter(...caller, ...first, ...second).talking).toBe(40_000);
    const late = leg('caller', { started: 0, answered: 20, completed: 60 });
    expect(callAfter(...late, ...second).talking).toBe(20_000);
  });

  it('end with the caller if the agent’s end is unknown', () => {
    const call = callAfter(...caller, ...leg('A', { started: 5, answered: 12 }));
    expect(call).toMatchObject({ talking: 48_000 });
    expect(callAfter(...caller, ...leg('A', { started: 5 }))).toMatchObject({ ringing: 55_000, talking: 0 });
  });

  it('are unknown while the call goes on', () => {
    const open = caller.slice(0, 2);
    expect(callAfter(...open)).toMatchObject({ ringing: null, talking: null, total: null });
    expect(callAfter(...open, ...leg('A', { started: 5 }))).toMatchObject({ ringing: null });
    expect(callAfter(...open, ...leg('A', { started: 5, answered: 9 }))).toMatchObject({
      ringing: 4000,
      talking: null,
    });
  });

  it('are not guessed if an event is lost', () => {
    const answered = leg('A', { started: 5, answered: 12, completed: 59 });
    expect(callAfter(...caller.slice(2), ...answered)).toMatchObject({
      ringing: 7000,
      talking: null,
      total: null,
    });
    expect(callAfter(...answered)).toMatchObject({ talking: null, total: 54_000 });
    const undated = { uuid: 'B', direction: 'outbound', status: 'answered' };
    expect(callAfter(...caller, ...answered, undated)).toMatchObject({ ringing: 7000, talking: null });
  });

  it('follow the order of a leg’s statuses, whatever the clocks say', () => {
    const call = callAfter(
      ...leg('caller', { started: 50, answered: 55, completed: 40 }),
      ...leg('A', { started: 60, answered: 58 }),
    );
    expect(call).toMatchObject({ ringing: 0, talking: 0, total: 5000 });
    expect(call.legs).toMatchObject([
      { startedAt: 50_000, answeredAt: 55_000, endedAt: 55_000 },
      { startedAt: 60_000, answeredAt: 60_000, endedAt: null },
    ]);
  });

  it('do not put the answer before the start if the billed start is earlier', () => {
    const billed = { start_time: new Date(4300).toISOString(), duration: '6' };
    const [started, completed] = leg('A', { started: 5, completed: 11 });
    const call = callAfter(...caller, started ?? {}, { ...completed, ...billed });
    expect(call).toMatchObject({ startedAt: 0, answeredAt: 5000, endedAt: 60_000, talking: 6000 });
  });

  it('start with the caller if the agent was connected before', () => {
    const early = leg('A', { started: -20, answered: -10, completed: 30 });
    expect(callAfter(...caller, ...early)).toMatchObject({
      ...{ startedAt: 0, answeredAt: 0, endedAt: 60_000 },
      ...{ ringing: 20_000, talking: 29_000 },
    });
  });
});
