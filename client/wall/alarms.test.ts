import { expect, it } from 'vitest';
import type { WallCall, WallQueue, WallView } from '../../domain/api/wall-api.ts';
import { alarmsOf, newAlarms } from './alarms.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const ago = (seconds: number) => NOW - seconds * 1000;

const queue = (change: Partial<WallQueue> = {}): WallQueue => ({
  name: 'main',
  agents: ['Alice'],
  ready: 1,
  waiting: 0,
  callbacks: 0,
  waitingSince: null,
  longestWaitSeconds: 600,
  unattendedSince: null,
  ...change,
});

const call = (change: Partial<WallCall>): WallCall => ({
  id: 'call',
  kind: 'inbound',
  from: '447700900000',
  queue: 'main',
  state: 'talking',
  agent: 'Alice',
  since: ago(100),
  waitingSince: ago(100),
  place: null,
  callerHears: 'agent',
  heldSince: null,
  holdWarning: null,
  supervisors: [],
  ...change,
});

const view = (change: Partial<WallView>): WallView => ({
  now: NOW,
  agents: [],
  queues: [queue()],
  calls: [],
  voicemails: { unheard: 0, oldest: null },
  ...change,
});

const kinds = (change: Partial<WallView>) =>
  alarmsOf(view(change), NOW).map(({ kind, tone, since }) => [kind, tone, since]);

it('a quiet desk has no alarms', () => {
  expect(kinds({})).toEqual([]);
});

it.each<[string, Partial<WallView>, unknown]>([
  ['a caller waits', { queues: [queue({ waiting: 1, waitingSince: ago(449) })] }, []],
  [
    'a caller has waited for three quarters of the bound',
    { queues: [queue({ waiting: 1, waitingSince: ago(450) })] },
    [['wait close to bound', 'trouble', ago(450)]],
  ],
  [
    'a caller has waited longer than the bound',
    { queues: [queue({ waiting: 1, waitingSince: ago(600) })] },
    [['long wait', 'end', ago(600)]],
  ],
  [
    'nobody is available, and nobody waits',
    { queues: [queue({ unattendedSince: ago(5) })] },
    [['unattended', 'trouble', ago(5)]],
  ],
  [
    'nobody is available, and somebody waits',
    { queues: [queue({ unattendedSince: ago(5), waiting: 1, waitingSince: ago(3) })] },
    [['unattended', 'end', ago(5)]],
  ],
  [
    'a queue has no agents at all',
    { queues: [queue({ unattendedSince: 0 })] },
    [['unattended', 'trouble', null]],
  ],
  ['a caller is on hold', { calls: [call({ state: 'held', heldSince: ago(60) })] }, []],
  [
    'a hold was forgotten',
    { calls: [call({ state: 'held', heldSince: ago(185), holdWarning: 'alarm' })] },
    [['hold', 'end', ago(185)]],
  ],
  [
    'a hold lasts long',
    { calls: [call({ state: 'held', heldSince: ago(125), holdWarning: 'alert' })] },
    [['hold', 'trouble', ago(125)]],
  ],
  ['an agent was lost', { calls: [call({ state: 'recovering' })] }, [['recovering', 'trouble', ago(100)]]],
  ['a message is new', { voicemails: { unheard: 1, oldest: ago(1_799) } }, []],
  [
    'a message is old',
    { voicemails: { unheard: 1, oldest: ago(1_800) } },
    [['voicemail', 'trouble', ago(1_800)]],
  ],
])('%s', (_, change, expected) => {
  expect(kinds(change)).toEqual(expected);
});

it('the worst comes first, and callers before messages', () => {
  const shown = kinds({
    voicemails: { unheard: 1, oldest: ago(9_000) },
    calls: [call({ state: 'recovering' })],
    queues: [queue({ name: 'a', unattendedSince: ago(5) }), queue({ waiting: 1, waitingSince: ago(700) })],
  });
  expect(shown.map(([kind]) => kind)).toEqual(['long wait', 'unattended', 'recovering', 'voicemail']);
});

it('an alarm is new once, and again when it gets worse', () => {
  const alert = alarmsOf(view({ calls: [call({ heldSince: ago(125), holdWarning: 'alert' })] }), NOW);
  const later = alarmsOf(view({ calls: [call({ heldSince: ago(125), holdWarning: 'alert' })] }), NOW + 5_000);
  const alarm = alarmsOf(
    view({ calls: [call({ heldSince: ago(125), holdWarning: 'alarm' })] }),
    NOW + 60_000,
  );
  expect(newAlarms([], alert)).toHaveLength(1);
  expect(newAlarms(alert, later)).toEqual([]);
  expect(newAlarms(later, alarm)).toHaveLength(1);
});
