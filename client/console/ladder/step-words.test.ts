import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeCalls } from '../../../domain/calls/testing.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { Language } from '../../../ui/language.ts';
import { type ConsoleStrings, consoleEn } from '../../strings/console-en.ts';
import { consoleEs } from '../../strings/console-es.ts';
import type { LegStep, StepKind } from './step-kind.ts';
import { callerAudioWords, flagWords, stepWords } from './step-words.ts';
import { ladderFrom } from './testing.ts';

const texts: Readonly<Record<Language, ConsoleStrings>> = { en: consoleEn, es: consoleEs };

const nameOf = (party: string | null) => (party === '447700900000' ? '+44 7700 900000' : (party ?? 'nobody'));
const inEnglish = (kind: StepKind) => stepWords(kind, consoleEn, nameOf);

const leg: LegStep = {
  name: 'leg',
  party: 'agent',
  who: 'Alice',
  status: 'answered',
  isByParty: true,
  endedBy: null,
  detail: null,
  duration: null,
};

describe('the description of a step', () => {
  it.each<[Partial<LegStep>, string]>([
    [{}, 'Alice answers'],
    [{ who: null }, 'The agent answers'],
    [{ status: 'rejected' }, 'Alice declines the call'],
    [{ status: 'completed', isByParty: false }, 'Alice’s leg ended'],
    [{ status: 'completed', endedBy: 'party' }, 'Alice hangs up'],
    [{ status: 'completed', endedBy: 'vonage' }, 'Vonage ends Alice’s leg'],
    [{ party: 'caller', who: '447700900000', status: 'started' }, '+44 7700 900000 calls'],
    [{ party: 'caller', status: 'answered' }, 'Vonage answers the caller'],
    [{ party: 'caller', status: 'completed', endedBy: 'party' }, 'The caller hangs up'],
    [{ party: 'caller', status: 'completed', endedBy: 'vonage' }, 'Vonage ends the caller’s leg'],
    [{ status: 'levitating' }, 'Alice’s leg is “levitating”'],
    [{ status: 'constructor' }, 'Alice’s leg is “constructor”'],
    [{ party: 'caller', who: '447700900000', status: 'busy' }, '+44 7700 900000’s leg is “busy”'],
  ])('of a leg %j: %s', (changes, words) => {
    expect(inEnglish({ ...leg, ...changes })).toBe(words);
  });

  it.each<[Ncco, string]>([
    [[], 'do nothing'],
    [
      [
        { action: 'talk', text: 'Please wait' },
        { action: 'connect', timeout: 45, endpoint: [{ type: 'app', user: 'Alice' }] },
      ],
      'say “Please wait”, then ring Alice for up to 45\u00a0s',
    ],
    [
      [{ action: 'connect', endpoint: [{ type: 'phone', number: '447700900000' }] }],
      'connect to +44 7700 900000',
    ],
    [[{ action: 'connect', endpoint: [{ type: 'sip', uri: 'sip:a@b' }] }], 'connect to sip:a@b'],
    [
      [{ action: 'conversation', name: 'room' }, { action: 'wait' }],
      'join the conference “room”, then wait 10\u00a0s',
    ],
    [
      [{ action: 'record' }, { action: 'transfer', conversationId: 'x' }],
      'record, then move to another conversation',
    ],
  ])('of an NCCO %#: %s', (ncco, words) => {
    expect(inEnglish({ name: 'instructs', ncco, party: 'caller' })).toBe(`The server replies: ${words}`);
  });

  it.each<[StepKind, string]>([
    [{ name: 'refuses', status: 503 }, 'The server replies 503, without instructions'],
    [{ name: 'asks', isFallback: true }, 'Vonage asks the fallback URL what to do with the call'],
    [{ name: 'input', digits: '42', speech: null }, 'The caller presses 42'],
    [{ name: 'input', digits: null, speech: 'sales' }, 'The caller says “sales”'],
    [{ name: 'input', digits: null, speech: null }, 'No input from the caller'],
    [{ name: 'error', reason: 'bad NCCO' }, 'Vonage reports an error: bad NCCO'],
    [{ name: 'machine', isHuman: false }, 'A machine answered'],
  ])('%j', (kind, words) => {
    expect(inEnglish(kind)).toBe(words);
  });

  it('exists for every step of any call, in each language', () => {
    fc.assert(
      fc.property(wholeCalls, fc.constantFrom(...Object.values(texts)), ({ entries }, strings) => {
        for (const rung of ladderFrom(entries)) {
          const words = rung.type === 'step' ? stepWords(rung.kind, strings, nameOf) : 'a talk';
          expect(words).toMatch(/^[^a-z].*[^.]$|^a talk$/s);
          expect(words).not.toContain('undefined');
        }
      }),
    );
  });
});

it('says what is wrong, with the measured value', () => {
  expect(flagWords({ name: 'out-of-order', by: 60 }, consoleEn, 'en')).toBe(
    'Out of order: happened 60\u00a0ms before an earlier step',
  );
  expect(flagWords({ name: 'slow', took: 1_840 }, consoleEs, 'es')).toBe('Respuesta lenta: 1,84\u00a0s');
  expect(flagWords({ name: 'asked-again' }, consoleEn, 'en')).toBe('Answer URL retried');
});

it.each([
  [null, 'is not in this call yet'],
  [{ name: 'ringing', who: null }, 'hears ringing'],
  [{ name: 'ringing', who: 'Alice' }, 'hears ringing: Vonage is calling Alice'],
  [{ name: 'message', text: 'Please wait' }, 'hears the message “Please wait”'],
  [{ name: 'playing', action: 'conversation' }, 'is in a conference'],
  [{ name: 'talking', who: null }, 'is talking with the agent'],
  [{ name: 'nothing' }, 'hears silence'],
  [{ name: 'over' }, 'has left the call'],
] as const)('the caller %j: %s', (callerAudio, words) => {
  expect(callerAudioWords(callerAudio, consoleEn)).toBe(words);
});
