import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../domain/api/desk-api.ts';
import type { WallCall, WallView } from '../../domain/api/wall-api.ts';
import { agentRows, countByGroup, type WaitingKind, waitingRows } from './board.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');

const agent = (name: string, change: Partial<AgentView> = {}): AgentView => ({
  name,
  choice: 'available',
  reason: null,
  next: null,
  line: 'up',
  load: 'free',
  since: NOW - 60_000,
  ...change,
});

const call = (id: string, change: Partial<WallCall> = {}): WallCall => ({
  id,
  kind: 'inbound',
  from: '447700900000',
  queue: 'main',
  state: 'waiting',
  agent: null,
  since: NOW,
  waitingSince: NOW,
  place: null,
  callerHears: 'music',
  heldSince: null,
  holdWarning: null,
  supervisors: [],
  ...change,
});

const view = (agents: AgentView[], calls: WallCall[] = []): WallView => ({
  now: NOW,
  agents,
  queues: [],
  calls,
  voicemails: { unheard: 0, oldest: null },
});

describe('an agent is shown in the first that applies of line, load and choice', () => {
  it.each<[Partial<AgentView>, string, string]>([
    [{}, 'ready', 'ready'],
    [{ line: 'down', load: 'talking' }, 'lost in call', 'trouble'],
    [{ line: 'down' }, 'connection lost', 'trouble'],
    [{ line: 'down', since: NOW - 3_600_000 }, 'not connected', 'offline'],
    [{ line: 'down', since: 0 }, 'not connected', 'offline'],
    [{ line: 'down', choice: 'away' }, 'not connected', 'offline'],
    [{ line: 'down', choice: 'offline' }, 'offline', 'offline'],
    [{ line: 'down', load: 'wrap-up', choice: 'offline' }, 'offline', 'offline'],
    [{ load: 'talking', choice: 'away' }, 'talking', 'busy'],
    [{ load: 'reserved', line: 'degraded' }, 'ringing', 'ringing'],
    [{ load: 'wrap-up' }, 'wrap-up', 'wrap-up'],
    [{ choice: 'away', reason: 'lunch' }, 'away', 'away'],
    [{ choice: 'away', reason: 'no answer' }, 'no answer', 'trouble'],
    [{ line: 'degraded' }, 'cannot ring', 'trouble'],
    [{ line: 'degraded', choice: 'away' }, 'away', 'away'],
  ])('%j: %s', (change, state, group) => {
    expect(agentRows(view([agent('Alice', change)]))[0]).toMatchObject({ state, group });
  });
});

it('who needs somebody comes first, and among equals who has been so for longest', () => {
  const rows = agentRows(
    view([
      agent('Away', { choice: 'away' }),
      agent('Ready'),
      agent('Talks', { load: 'talking', since: NOW - 10_000 }),
      agent('Talks longer', { load: 'talking', since: NOW - 20_000 }),
      agent('Lost', { line: 'down' }),
    ]),
  );
  expect(rows.map(({ id }) => id)).toEqual(['Lost', 'Talks longer', 'Talks', 'Ready', 'Away']);
  expect(countByGroup(rows)).toMatchObject({ trouble: 1, busy: 2, ready: 1, away: 1, offline: 0 });
});

it('an agent is shown with the caller, and on hold since the hold began', () => {
  const held = call('held', { agent: 'Alice', state: 'held', heldSince: NOW - 5_000 });
  const [alice, carol] = agentRows(
    view(
      [agent('Alice', { load: 'holding', since: NOW - 90_000 }), agent('Carol', { load: 'supervising' })],
      [
        {
          ...held,
          supervisors: [
            {
              as: 'supervisor',
              name: 'Carol',
              state: 'talking',
              supervision: { mode: 'listen', private: false },
            },
          ],
        },
      ],
    ),
  );
  expect(alice).toMatchObject({ call: { id: 'held' }, since: NOW - 5_000 });
  expect(carol).toMatchObject({ call: { id: 'held' } });
});

it('an agent who is free is not shown with the caller who waits for her to come back', () => {
  const [alice] = agentRows(
    view([agent('Alice')], [call('a', { agent: 'Alice', state: 'recovering', place: 1 })]),
  );
  expect(alice?.call).toBe(null);
});

it('lists those who wait on the line, of all queues or of one, apart from those who are called back', () => {
  const shown = view(
    [],
    [
      call('a', { place: 1 }),
      call('b', { place: 1, queue: 'vip' }),
      call('booked', { kind: 'callback', place: 2 }),
      call('c', { state: 'talking' }),
      call('being called back', { kind: 'callback', state: 'dialing' }),
    ],
  );
  const ids = (...[kind, queue]: [WaitingKind, string | null]) =>
    waitingRows(shown, kind, queue).map(({ id }) => id);
  expect(ids('inbound', null)).toEqual(['a', 'b']);
  expect(ids('inbound', 'vip')).toEqual(['b']);
  expect(ids('callback', null)).toEqual(['booked']);
});
