import { describe, expect, it } from 'vitest';
import { en } from '../strings/en.ts';
import type { EndReason, Phase } from './call-state.ts';
import type { LineState } from './line-machine.ts';
import { lineAdvice, lineChip, lineStatus, type Readiness, statusOf } from './status-words.ts';

const call = { id: 'leg-1', from: '447700900000', kind: 'phone' as const, since: 0 };
const open: LineState = { name: 'open', attempt: 0, since: 0 };
const nameOf = (from: string) => (from === '' ? '' : '+44 7700 900000');
const ready: Readiness = { line: open, calledInstead: null, microphone: 'ready', desk: null };
const words = (phase: Phase, line: LineState = open) => statusOf(en, phase, { ...ready, line }, nameOf).words;
const ended = (reason: EndReason): Phase => ({
  name: 'ended',
  ended: { call, reason, at: 0, talked: null },
});

describe('"Lines are open" is shown', () => {
  const said = (change: Partial<Readiness>) => {
    const readiness = { ...ready, ...change };
    return [
      statusOf(en, { name: 'idle' }, readiness, nameOf).words,
      lineChip(en, readiness)?.words,
      lineChip(en, readiness)?.tone === 'ready',
    ];
  };

  it.each<[string, Partial<Readiness>]>([
    ['where everything works', {}],
    ['before the microphone was asked for', { microphone: 'unknown' }],
    ['while the microphone is checked', { microphone: 'listening' }],
  ])('%s', (_where, change) => {
    expect(said(change)).toEqual(['Lines are open for calls', 'Open', true]);
  });

  it.each<[string, string, Partial<Readiness>]>([
    ['Only Bob receives calls', 'Standby', { calledInstead: 'Bob' }],
    ['Not ready: no microphone found', 'Not ready', { microphone: 'missing' }],
    ['Not ready: microphone access is blocked', 'Not ready', { microphone: 'refused' }],
    ['Not ready: another program is using the microphone', 'Not ready', { microphone: 'busy' }],
    ['Not ready: the microphone needs HTTPS or localhost', 'Not ready', { microphone: 'insecure' }],
  ])('not when it is: %s', (status, chip, change) => {
    expect(said(change)).toEqual([status, chip, false]);
  });
});

describe('a call in words', () => {
  it.each<[string, Phase]>([
    ['Lines are open for calls', { name: 'idle' }],
    ['Incoming call from +44 7700 900000', { name: 'ringing', call }],
    ['Incoming call from an unknown number', { name: 'ringing', call: { ...call, from: '' } }],
    ['Connecting…', { name: 'joining', call, interruption: null }],
    [
      'In call with +44 7700 900000',
      {
        name: 'in-call',
        call,
        since: 0,
        muted: true,
        mutedWanted: null,
        alive: 0,
        mediaLostAt: null,
        microphone: 'works',
      },
    ],
    [
      'Reconnecting audio…',
      {
        name: 'in-call',
        call,
        since: 0,
        muted: false,
        mutedWanted: null,
        alive: 0,
        mediaLostAt: 1,
        microphone: 'works',
      },
    ],
    ['Call ended: caller hung up', ended('caller-hung-up')],
    [
      'Call ended: customer hung up',
      {
        name: 'ended',
        ended: { call: { ...call, progress: 'answered' }, reason: 'caller-hung-up', at: 0, talked: 1 },
      },
    ],
    ['Call ended: you hung up', ended('you-hung-up')],
    ['Call ended: declined', ended('you-rejected')],
    ['Call ended: missed, caller hung up', ended('caller-gave-up')],
    ['Call ended: answered elsewhere', ended('answered-elsewhere')],
    ['Call ended: declined elsewhere', ended('rejected-elsewhere')],
    ['Call ended: missed', ended('nobody-answered')],
    ['Call ended: connection lost', ended('connection-lost')],
  ])('%s', (expected, phase) => {
    expect(words(phase)).toBe(expected);
  });

  it('takes precedence over a problem of the line', () => {
    const line: LineState = { name: 'offline', attempt: 9, reason: 'server-gone' };
    expect(words({ name: 'ringing', call }, line)).toBe('Incoming call from +44 7700 900000');
    expect(words({ name: 'idle' }, line)).toBe('Offline: the server is not responding');
  });
});

describe('the line in words', () => {
  it.each<[string, string | undefined, boolean, LineState]>([
    ['Connecting to Vonage…', 'Connecting', false, { name: 'loading' }],
    [
      'Connecting to Vonage…',
      'Connecting',
      false,
      { name: 'connecting', attempt: 0, again: false, reason: null },
    ],
    ['Sign in to take calls', undefined, false, { name: 'signed-out', problem: null }],
    ['Lines are open for calls', 'Open', false, open],
    [
      'Reconnecting: calls may not reach you',
      'Reconnecting',
      false,
      { name: 'reconnecting', attempt: 0, since: 0 },
    ],
    [
      'Reconnecting: calls may not reach you',
      'Reconnecting',
      false,
      { name: 'offline', attempt: 1, reason: 'server-gone' },
    ],
    [
      'Offline: the server is not responding',
      'Offline',
      true,
      { name: 'offline', attempt: 4, reason: 'server-gone' },
    ],
    [
      'Offline: the server is not responding',
      'Offline',
      true,
      { name: 'connecting', attempt: 4, again: true, reason: 'server-gone' },
    ],
    [
      'Offline: this computer has no network',
      'Offline',
      true,
      { name: 'offline', attempt: 1, reason: 'no-network' },
    ],
    [
      'Offline: Vonage rejected the connection',
      'Offline',
      true,
      { name: 'refused', reason: 'token-refused' },
    ],
    ['Offline: access to Vonage expired', 'Offline', true, { name: 'refused', reason: 'token-expired' }],
  ])('%s (%s)', (status, chip, advised, line) => {
    expect(lineStatus(en, line).words).toBe(status);
    expect(lineChip(en, { ...ready, line })?.words).toBe(chip);
    expect(lineAdvice(en, line) !== null).toBe(advised);
  });
});
