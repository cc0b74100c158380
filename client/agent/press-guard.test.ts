import { describe, expect, it } from 'vitest';
import { type CallEvent, step } from './call-machine.ts';
import { type Call, noCalls } from './call-state.ts';
import { type CallButton, counts, noButtons, settle } from './press-guard.ts';

const first: Call = { id: 'leg-1', from: '447700900000', kind: 'phone' };
const second: Call = { id: 'leg-2', from: '447700900111', kind: 'phone' };

/** Events with the moment at which each happens. */
type Story = [at: number, event: CallEvent][];

const invite = (call: Call, at = 0): CallEvent => ({ type: 'invited', call, at });
const answered: Story = [
  [0, invite(first)],
  [5_000, { type: 'answer' }],
  [5_300, { type: 'joined', callId: 'leg-1', at: 5_300 }],
];
const withSecond: Story = [...answered, [20_000, invite(second)]];

function after(story: Story, button: CallButton, callId: string, startedAt: number): boolean {
  let calls = noCalls;
  let guard = noButtons;
  for (const [at, event] of story) {
    calls = step(calls, event).state;
    guard = settle(guard, calls, at);
  }
  return counts(guard, button, callId, startedAt);
}

describe('a press counts', () => {
  it.each<[string, Story, CallButton, string, number]>([
    ['on Answer as soon as a first call rings', answered.slice(0, 1), 'answer', 'leg-1', 0],
    ['on Hang up half a second after Answer', answered, 'hang-up', 'leg-1', 5_500],
    ['on Mute half a second after it appeared', answered, 'toggle-mute', 'leg-1', 5_800],
    ['on Hang up while another caller joins the queue', withSecond, 'hang-up', 'leg-1', 20_000],
    ['on Mute while another caller joins the queue', withSecond, 'toggle-mute', 'leg-1', 20_000],
    [
      'on Answer when the next call rings long after the last one ended',
      [...answered, [9_000, { type: 'hang-up', at: 9_000 }], [15_000, invite(second)]],
      'answer',
      'leg-2',
      15_000,
    ],
  ])('%s', (_what, story, button, callId, startedAt) => {
    expect(after(story, button, callId, startedAt)).toBe(true);
  });
});

describe('a press does not count', () => {
  const hungUp: Story = [...withSecond, [30_000, { type: 'hang-up', at: 30_000 }]];
  it.each<[string, Story, CallButton, string, number]>([
    ['on Hang up right after Answer', answered, 'hang-up', 'leg-1', 5_499],
    ['on Mute right after it appeared', answered, 'toggle-mute', 'leg-1', 5_799],
    ['on Answer of the waiting call right after Hang up', hungUp, 'answer', 'leg-2', 30_499],
    ['on Reject of the waiting call right after Hang up', hungUp, 'reject', 'leg-2', 30_499],
    [
      'on Answer when the caller leaves and the next one rings under the finger',
      [
        [0, invite(first)],
        [10, invite(second)],
        [4_000, { type: 'over', callId: 'leg-1', reason: 'caller-gave-up', at: 4_000 }],
      ],
      'answer',
      'leg-2',
      3_999,
    ],
    [
      'on Answer when a call rings in the moment in which the last one ended',
      [
        ...answered,
        [9_000, { type: 'over', callId: 'leg-1', reason: 'caller-hung-up', at: 9_000 }],
        [9_200, invite(second)],
      ],
      'answer',
      'leg-2',
      9_499,
    ],
    ['on the offer to take a second call as it appears', withSecond, 'take-next', 'leg-2', 20_499],
    ['on a button that is not there', answered, 'reject', 'leg-1', 60_000],
  ])('%s', (_what, story, button, callId, startedAt) => {
    expect(after(story, button, callId, startedAt)).toBe(false);
  });
});
