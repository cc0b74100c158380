import { expect, test } from 'vitest';
import { dialable, readDialled, usualOutbound } from './outbound.ts';

const rules = { countries: ['GB', 'ES'], prefixes: ['1212'], except: ['4420'] };

test.each([
  ['+44 161 496 0018', '441614960018'],
  ['34911234567', '34911234567'],
  ['+1 (212) 555-0100', '12125550100'],
])('%s may be dialled', (text, number) => {
  expect(dialable(text, rules)).toEqual({ number });
});

test.each([
  ['+33 1 23 45 67 89', 'not allowed', /does not allow/],
  ['+1 415 555 0100', 'not allowed', /does not allow/],
  ['+44 20 7946 0000', 'not allowed', /does not allow/],
  ['+44 9012 345678', 'premium', /premium/],
  ['+34 803 123456', 'premium', /premium/],
  ['+44 70 1234 5678', 'premium', /premium/],
  ['+44 1', 'not a number', /not an international/],
  // Unknown to the numbering plan: what it costs is unknown, too.
  ['+44 7700 900123', 'not allowed', /does not allow/],
  ['112', 'not a number', /not an international/],
  ['sip:bob@example.com', 'not a number', /not an international/],
])('%s may not be dialled', (text, reason, words) => {
  expect(dialable(text, rules)).toEqual({ reason, words: expect.stringMatching(words) });
});

test('nothing may be dialled without rules', () => {
  const none = { countries: [], prefixes: [], except: [] };
  expect(dialable('441614960018', none)).toHaveProperty('words');
});

test('a longer allowed prefix wins over an exception', () => {
  const allowed = { ...rules, prefixes: ['442079'] };
  expect(dialable('442079460000', allowed)).toEqual({ number: '442079460000' });
  expect(dialable('442089460000', allowed)).toHaveProperty('words');
});

const line = { ours: '442038297050', others: ['34911234567'], outbound: { ...rules, except: [] } };

test.each([
  ['0161 496 0018', '441614960018'],
  ['(0161) 496-0018', '441614960018'],
  ['0044 161 496 0018', '441614960018'],
  ['441614960018', '441614960018'],
  ['  +44\u00a0161\u2011496\u20110018 ', '441614960018'],
  ['+34 912 34 56 78', '34912345678'],
])('what an agent types, like %s, is read as a number', (text, number) => {
  expect(readDialled(text, line)).toEqual({ number });
});

test.each([
  ['', 'not a number'],
  ['Alice', 'not a number'],
  ['sip:bob@example.com', 'not a number'],
  ['0161 496 0018 ext. 7', 'not a number'],
  ['4.47E+11', 'not a number'],
  ['+44 1', 'not a number'],
  ['112', 'short'],
  ['999', 'short'],
  ['1 1 2', 'short'],
  ['911', 'short'],
  ['020 3829 7050', 'own'],
  ['+34 911 234 567', 'own'],
  ['0901 234 5678', 'premium'],
  ['+33 1 23 45 67 89', 'not allowed'],
])('what an agent types, like %s, is refused with a reason', (text, reason) => {
  expect(readDialled(text, line)).toEqual({ reason, words: expect.stringMatching(/\.$/) });
});

test('where our country is not known, numbers must be international', () => {
  const unknown = { ...line, ours: null };
  expect(readDialled('0161 496 0018', unknown)).toHaveProperty('reason');
  expect(readDialled('+44 161 496 0018', unknown)).toEqual({ number: '441614960018' });
});

test('without a desk file, our own country may be dialled, and the phones of the emulator', () => {
  const usual = (isEmulated: boolean) => ({ ...line, outbound: usualOutbound(line.ours, isEmulated) });
  expect(readDialled('0161 496 0018', usual(false))).toHaveProperty('number');
  expect(readDialled('+34 912 34 56 78', usual(false))).toHaveProperty('reason', 'not allowed');
  expect(readDialled('07700 900123', usual(false))).toHaveProperty('reason', 'not allowed');
  expect(readDialled('07700 900123', usual(true))).toEqual({ number: '447700900123' });
  expect(usualOutbound(undefined, false)).toEqual({ countries: [], prefixes: [], except: [] });
});
