import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../../ui/numbers.ts';
import type { Call, Ending, MicrophoneFault, Phone } from './phone-state.ts';
import { en } from './strings/en.ts';
import { es } from './strings/es.ts';
import { describeCaller, describePhone } from './words.ts';

const parties = { own: '447700900000', other: '442038297050' };
const incoming = { phase: 'incoming', uuid: 'u', parties } as const;
const hidden = { ...incoming, parties: { ...parties, other: null } } as const;
const answering: Call = { phase: 'answering', attempt: 1, uuid: 'u', parties, listening: false };
const talk = { parties, listening: false, muted: false };
const ringing: Call = { phase: 'ringing', uuid: 'u', ...talk };
const answered: Call = { phase: 'answered', uuid: 'u', since: 0, keyed: '', ...talk };
const talking: Call = { phase: 'talking', uuid: 'u', since: 0, keyed: '', ...talk };

function status(call: Call, line: Phone['line'] = 'open'): string {
  const { before, number, after } = describePhone({ line, call, attempts: 1 }, en);
  return number === undefined ? before : `${before} ${formatNumber(number)}${after ?? ''}`;
}

const note = (call: Call, line: Phone['line'] = 'open') =>
  describePhone({ line, call, attempts: 1 }, en).note;

describe('the status', () => {
  it.each<[Call, Phone['line'], string]>([
    [{ phase: 'idle' }, 'connecting', 'Connecting to the emulator…'],
    [{ phase: 'idle' }, 'open', 'Ready to call'],
    [{ phase: 'preparing', attempt: 1, parties, listening: false }, 'open', 'Dialling +44 20 3829 7050…'],
    [
      { phase: 'dialling', attempt: 1, parties, listening: false, early: [] },
      'open',
      'Dialling +44 20 3829 7050…',
    ],
    [incoming, 'open', 'Incoming call from +44 20 3829 7050'],
    [hidden, 'open', 'Incoming call from an unknown caller'],
    [{ ...incoming, parties: { ...parties, other: 'Acme' } }, 'open', 'Incoming call from Acme'],
    [answering, 'open', 'Answering…'],
    [ringing, 'open', 'Ringing +44 20 3829 7050'],
    [answered, 'open', 'Connected to +44 20 3829 7050'],
    [talking, 'open', 'In call with +44 20 3829 7050'],
    [talking, 'connecting', 'In call with +44 20 3829 7050'],
  ])('of %j with the line %s is %j', (call, line, words) => {
    expect(status(call, line)).toBe(words);
  });

  it.each<[Ending, string]>([
    [{ kind: 'over', reason: 'you-hung-up' }, 'Call ended: you hung up'],
    [{ kind: 'over', reason: 'far-side-hung-up' }, 'Call ended: the other side hung up'],
    [{ kind: 'over', reason: 'nobody-answered' }, 'Call ended: no answer'],
    [{ kind: 'over', reason: 'rejected' }, 'Call ended: declined'],
    [{ kind: 'over', reason: 'busy' }, 'Call ended: the number is busy'],
    [{ kind: 'over', reason: 'not-in-service' }, 'Call ended: the number is not in service'],
    [{ kind: 'over', reason: 'time-limit' }, 'Call ended: maximum duration reached'],
    [{ kind: 'over', reason: 'caller-gave-up' }, 'Call ended: missed, caller hung up'],
    [{ kind: 'over', reason: 'answered-elsewhere' }, 'Call ended: answered elsewhere'],
    [{ kind: 'over', reason: 'you-rejected' }, 'Call ended: you declined'],
    [{ kind: 'refused', code: 'gone', message: '' }, 'The call ended before you answered'],
    [{ kind: 'over', reason: 'connection-lost' }, 'Call ended: connection to the emulator lost'],
    [{ kind: 'over', reason: 'failed' }, 'Call ended: the call failed'],
    [{ kind: 'over', reason: 'failed', message: 'no media' }, 'Call ended: no media'],
    [{ kind: 'over', reason: 'application-error' }, 'Call ended: the application answered with an error'],
    [{ kind: 'over', reason: 'application-error', message: 'no NCCO' }, 'Call ended: no NCCO'],
    [
      { kind: 'refused', code: 'unknown-number', message: '' },
      'The number +44 20 3829 7050 is not in service',
    ],
    [{ kind: 'refused', code: 'internal', message: 'it is full' }, 'The emulator cannot call: it is full'],
  ])('of the ending %j is %j', (ending, words) => {
    expect(status({ phase: 'ended', parties, ending })).toBe(words);
  });

  it('of an incoming call is the text of the alert', () => {
    for (const call of [incoming, hidden]) expect(describeCaller(call, en)).toBe(status(call));
  });

  it('of a call with an unknown caller says so', () => {
    const call: Call = { ...talking, parties: { ...parties, other: null } };
    expect(status(call)).toBe('In call with an unknown caller');
    expect(
      status({ phase: 'ended', parties: call.parties, ending: { kind: 'over', reason: 'failed' } }),
    ).toBe('Call ended: the call failed');
  });

  it('distinguishes the microphone’s problems', () => {
    const faults: MicrophoneFault[] = ['refused', 'none', 'busy', 'insecure'];
    const words = faults.map((fault) => status({ phase: 'no-microphone', parties, fault }));
    expect(new Set(words).size).toBe(faults.length);
  });
});

describe('the note', () => {
  it('says the most serious thing during a call', () => {
    const troubled: Call = { ...talking, muted: true, trouble: { kind: 'sound-lost' } };
    expect(note(answered)).toMatch(/Nobody else/);
    expect(note(answered, 'connecting')).toMatch(/Reconnecting/);
    expect(note(talking)).toBeUndefined();
    expect(note({ ...talking, muted: true })).toMatch(/muted/);
    expect(note(troubled)).toBe('This call’s audio was lost.');
    expect(note({ ...talking, trouble: { kind: 'key-not-sent', digit: '#' } })).toBe(
      'The key # was not sent.',
    );
    expect(note({ ...talking, trouble: { kind: 'not-understood', text: 'yes' } })).toBe(
      'Not delivered to the platform: “yes”',
    );
    expect(note(troubled, 'connecting')).toMatch(/Reconnecting/);
    expect(note(incoming)).toBeUndefined();
    expect(note(incoming, 'connecting')).toMatch(/Reconnecting/);
  });

  it('mentions the microphone only if it is requested', () => {
    const preparing: Call = { phase: 'preparing', attempt: 1, parties, listening: false };
    expect(note(preparing)).toMatch(/microphone/);
    expect(note({ ...preparing, listening: true })).toBeUndefined();
    expect(note(answering)).toMatch(/microphone/);
    expect(note({ ...answering, listening: true })).toBeUndefined();
  });

  it('says after a call that the line is down', () => {
    const ended: Call = { phase: 'ended', parties, ending: { kind: 'over', reason: 'connection-lost' } };
    expect(note(ended, 'connecting')).toMatch(/Reconnecting/);
    expect(note(ended)).toBeUndefined();
  });
});

it('is in Spanish if requested', () => {
  const words = describePhone({ line: 'open', call: answered, attempts: 1 }, es);
  expect(words).toMatchObject({ before: 'Conectado con', number: '442038297050' });
});
