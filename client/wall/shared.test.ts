import { expect, it } from 'vitest';
import { boardOf } from '../../test/support/wall-server.ts';
import { agentRows } from './board.ts';
import { sharedView } from './shared.ts';

const NOW = Date.UTC(2026, 2, 2, 12);
const board = () => boardOf(12, 5, NOW);

it('keeps the lists of the view before if nothing but the time has changed', () => {
  const before = board();
  const view = sharedView(before, { ...board(), now: NOW + 1000 });
  expect(view).toEqual({ ...before, now: NOW + 1000 });
  expect([view.agents, view.calls, view.queues, view.voicemails]).toEqual([
    expect.toSatisfy((agents) => agents === before.agents),
    expect.toSatisfy((calls) => calls === before.calls),
    expect.toSatisfy((queues) => queues === before.queues),
    expect.toSatisfy((voicemails) => voicemails === before.voicemails),
  ]);
});

it('has new objects for what changed, and the ones before for the others, in the new order', () => {
  const before = board();
  const told = board();
  const [first, second, ...others] = told.calls;
  if (first === undefined || second === undefined) throw new Error('Nobody waits.');
  const view = sharedView(before, {
    ...told,
    calls: [
      {
        ...second,
        place: 9,
        supervisors: [{ as: 'agent', name: 'Bob', state: 'talking', supervision: null }],
      },
      ...others,
    ],
  });
  expect(view.calls[0]).toMatchObject({ id: second.id, place: 9 });
  expect(view.calls).toHaveLength(before.calls.length - 1);
  expect(view.calls.slice(1).every((call) => before.calls.includes(call))).toBe(true);
  expect(view.agents).toBe(before.agents);
});

it('keeps the row of an agent of whom nothing has changed', () => {
  const before = board();
  const rows = agentRows(before);
  const [alice, ...others] = before.agents;
  if (alice === undefined) throw new Error('Nobody is there.');
  const view = sharedView(before, { ...board(), agents: [{ ...alice, since: NOW - 5000 }, ...others] });
  const changed = agentRows(view, rows).filter((row) => !rows.includes(row));
  expect(changed.map(({ id }) => id)).toEqual([alice.name]);
});
