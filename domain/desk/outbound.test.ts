import { expect, test } from 'vitest';
import { dialable } from './outbound.ts';

const rules = { countries: ['GB', 'ES'], prefixes: ['1212'], except: ['4420'] };

test.each([
  ['+44 161 496 0018', '441614960018'],
  ['34911234567', '34911234567'],
  ['+1 (212) 555-0100', '12125550100'],
])('%s may be dialled', (text, number) => {
  expect(dialable(text, rules)).toEqual({ number });
});

test.each([
  ['+33 1 23 45 67 89', /does not allow/],
  ['+1 415 555 0100', /does not allow/],
  ['+44 20 7946 0000', /does not allow/],
  ['+44 9012 345678', /premium/],
  ['+34 803 123456', /premium/],
  ['+44 1', /not an international/],
  // Unknown to the numbering plan: what it costs is unknown, too.
  ['+44 7700 900123', /does not allow/],
  ['112', /not an international/],
  ['sip:bob@example.com', /not an international/],
])('%s may not be dialled', (text, words) => {
  expect(dialable(text, rules)).toEqual({ words: expect.stringMatching(words) });
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
