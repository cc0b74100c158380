import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../event-log.ts';
import { accountsOf, callsIn, isMismatch, isStale, type LegWebhook } from './two-accounts.ts';

const call = { id: 'leg-1', from: '447700900000', kind: 'phone' } as const;

const opened: LogEntry = { at: 0, text: 'line: open' };
const invited = (at: number): LogEntry => ({ at, text: 'invited', told: { type: 'invited', call } });
const joined = (at: number): LogEntry => ({
  at,
  text: 'call: in-call',
  told: {
    name: 'in-call',
    call,
    since: at,
    alive: at,
    mediaLostAt: null,
    microphone: 'works',
    muted: false,
    mutedWanted: null,
  },
});
const sdkOver = (at: number): LogEntry => ({
  at,
  text: 'over',
  told: { type: 'over', callId: call.id, reason: 'caller-hung-up' },
});
const pageOver = (at: number): LogEntry => ({
  at,
  text: 'call: ended',
  told: { name: 'ended', ended: { call, reason: 'over', at, talked: 1 } },
});

const wholeCall: readonly LegWebhook[] = [
  { status: 'started', at: 900 },
  { status: 'ringing', at: 1_100 },
  { status: 'answered', at: 4_080 },
  { status: 'completed', at: 9_100 },
];

/** What is said of each moment, in one line. */
function told(entries: readonly LogEntry[], webhooks: readonly LegWebhook[], now: number): string[] {
  return accountsOf(entries, call.id, webhooks, now).map(
    ({ moment, page, webhook, agreement }) => `${moment} ${page} ${webhook} ${agreement}`,
  );
}

describe('the two accounts of a call', () => {
  it('are side by side where both tell of a moment', () => {
    expect(told([opened, invited(1_000), joined(4_000), sdkOver(9_000)], wholeCall, 60_000)).toEqual([
      'rings 1000 1100 agree',
      'answered 4000 4080 agree',
      'over 9000 9100 agree',
    ]);
  });

  it('wait for each other for a moment, and then do not match', () => {
    const entries = [opened, invited(1_000), joined(4_000)];
    expect(told(entries, wholeCall.slice(0, 2), 8_000)[1]).toBe('answered 4000 null waiting');
    expect(told(entries, wholeCall.slice(0, 2), 9_500)[1]).toBe('answered 4000 null no webhook');
    expect(told(entries, wholeCall, 11_000)[2]).toBe('over null 9100 waiting');
    expect(told(entries, wholeCall, 15_000)[2]).toBe('over null 9100 page not told');
  });

  it('do not match where one comes much later than the other', () => {
    const webhooks = [{ status: 'ringing', at: 7_000 }];
    expect(told([opened, invited(1_000)], webhooks, 8_000)).toEqual(['rings 1000 7000 late']);
  });

  it('are healed where the page ended a call of whose end only the webhooks told', () => {
    const entries = [opened, invited(1_000), joined(4_000), pageOver(12_200)];
    expect(told(entries, wholeCall, 60_000)[2]).toBe('over 12200 9100 healed');
    expect(told([...entries.slice(0, 3), pageOver(9_000)], wholeCall, 60_000)[2]).toBe(
      'over 9000 9100 agree',
    );
  });

  it('do not blame the page for what happened before it was loaded', () => {
    const entries = [{ ...opened, at: 5_000 }, joined(6_000)];
    expect(told(entries, wholeCall, 60_000)[0]).toBe('rings null 1100 earlier');
  });

  it('say nothing of the ringing of a call that the agent dialled', () => {
    expect(told([opened, joined(4_000)], wholeCall, 60_000).map((line) => line.split(' ')[0])).toEqual([
      'answered',
      'over',
    ]);
  });
});

it('lists the calls of a log, newest first and each once', () => {
  const second = { ...call, id: 'leg-2' };
  const entries: LogEntry[] = [
    opened,
    invited(1),
    joined(2),
    { at: 3, text: 'invited', told: { type: 'invited', call: second } },
  ];
  expect(callsIn(entries)).toEqual(['leg-2', 'leg-1']);
});

it('calls a call stale some seconds after a webhook told its end', () => {
  expect(isStale(wholeCall, 12_000)).toBe(false);
  expect(isStale(wholeCall, 12_100)).toBe(true);
  expect(isStale(wholeCall.slice(0, 3), 60_000)).toBe(false);
});

it.each([
  ['agree', false],
  ['waiting', false],
  ['earlier', false],
  ['healed', false],
  ['late', true],
  ['no webhook', true],
  ['page not told', true],
] as const)('%s: is it a mismatch? %s', (agreement, expected) => {
  expect(isMismatch(agreement)).toBe(expected);
});
