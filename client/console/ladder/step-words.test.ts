import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeCalls } from '../../../domain/calls/testing.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { consoleEn } from '../../strings/console-en.ts';
import { consoleEs } from '../../strings/console-es.ts';
import type { Deed, LegDeed } from './deed.ts';
import { ladderOf } from './ladder.ts';
import { deedWords, flagWords, hearingWords } from './step-words.ts';

const nameOf = (party: string | null) => (party === '447700900000' ? '+44 7700 900000' : (party ?? 'nobody'));
const inEnglish = (deed: Deed) => deedWords(deed, consoleEn, nameOf);

const leg: LegDeed = {
  name: 'leg',
  party: 'agent',
  who: 'Alice',
  status: 'answered',
  isByParty: true,
  detail: null,
  duration: null,
};

describe('what happened, in words', () => {
  it.each<[Partial<LegDeed>, string]>([
    [{}, 'Alice answers'],
    [{ who: null }, 'The agent answers'],
    [{ status: 'rejected' }, 'Alice rejects the call'],
    [{ status: 'completed', isByParty: false }, 'Alice’s part of the call is over'],
    [{ status: 'completed' }, 'Alice hangs up'],
    [{ party: 'caller', who: '447700900000', status: 'started' }, '+44 7700 900000 calls'],
    [{ party: 'caller', status: 'answered' }, 'Vonage answers the caller'],
    [{ party: 'caller', status: 'completed' }, 'The caller hangs up'],
    [{ status: 'levitating' }, 'The leg of Alice is “levitating”'],
    [{ status: 'constructor' }, 'The leg of Alice is “constructor”'],
    [{ party: 'caller', who: '447700900000', status: 'busy' }, 'The leg of +44 7700 900000 is “busy”'],
  ])('of a leg %j: %s', (changes, words) => {
    expect(inEnglish({ ...leg, ...changes })).toBe(words);
  });

  it.each<[Ncco, string]>([
    [[], 'nothing to do'],
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
    expect(inEnglish({ name: 'instructs', ncco, took: 3 })).toBe(`The server answers: ${words}`);
  });

  it.each<[Deed, string]>([
    [{ name: 'asks', isFallback: true }, 'Vonage asks the fallback URL what to do with the call'],
    [{ name: 'input', digits: '42', speech: null }, 'The caller presses 42'],
    [{ name: 'input', digits: null, speech: 'sales' }, 'The caller says “sales”'],
    [{ name: 'input', digits: null, speech: null }, 'The caller gives no input'],
    [{ name: 'error', reason: 'bad NCCO' }, 'Vonage reports an error: bad NCCO'],
    [{ name: 'machine', isHuman: false }, 'A machine is at the other end'],
  ])('%j', (deed, words) => {
    expect(inEnglish(deed)).toBe(words);
  });

  it('is there for every step of any call, in either language', () => {
    fc.assert(
      fc.property(wholeCalls, fc.constantFrom(consoleEn, consoleEs), ({ entries }, strings) => {
        for (const rung of ladderOf(entries)) {
          const words = rung.type === 'step' ? deedWords(rung.deed, strings, nameOf) : 'a talk';
          expect(words).toMatch(/^[^a-z].*[^.]$|^a talk$/s);
          expect(words).not.toContain('undefined');
        }
      }),
    );
  });
});

it('says what is wrong, with its measure', () => {
  expect(flagWords({ name: 'out-of-order', by: 60 }, consoleEn, 'en')).toBe(
    'Out of order: it happened 60\u00a0ms before a step above',
  );
  expect(flagWords({ name: 'slow', took: 1_840 }, consoleEs, 'es')).toBe('Lento: Vonage esperó 1,84\u00a0s');
  expect(flagWords({ name: 'asked-again' }, consoleEn, 'en')).toContain('once more');
});

it.each([
  [null, 'does not appear in these entries yet'],
  [{ name: 'ringing', who: null }, 'hears it ring'],
  [{ name: 'ringing', who: 'Alice' }, 'hears it ring: Vonage calls Alice'],
  [{ name: 'message', text: 'Please wait' }, 'hears the message “Please wait”'],
  [{ name: 'playing', action: 'conversation' }, 'is in a conference'],
  [{ name: 'talking', who: null }, 'talks with the agent'],
  [{ name: 'nothing' }, 'hears nothing: the line is dead'],
  [{ name: 'over' }, 'is no longer on the line'],
] as const)('the caller %j: %s', (hearing, words) => {
  expect(hearingWords(hearing, consoleEn)).toBe(words);
});
