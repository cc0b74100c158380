import { expect, it, test } from 'vitest';
import { readOptions } from './options.ts';

test('without options, nothing is forced, bought or a dry run', () => {
  expect(readOptions([])).toEqual({
    ok: true,
    options: {
      dryRun: false,
      force: false,
      yes: false,
      buy: undefined,
      country: undefined,
      name: 'Switchboard',
    },
  });
});

test('a number and a country are accepted in any notation', () => {
  const read = readOptions(['--buy', '+44 7700 900503', '--country', 'gb', '--yes', '--dry-run', '--force']);
  const options = { buy: '447700900503', country: 'GB', yes: true, dryRun: true, force: true };
  expect(read).toMatchObject({ ok: true, options });
});

it.each([
  [['--buy', 'cheap'], /--buy must be a phone number.*"cheap"/],
  [['--country', 'Britain'], /--country must be two letters/],
  [['--yes'], /needs --buy/],
  [['--bye', '1'], /--bye/],
  [['now'], /now/],
])('%j is rejected with a readable message', (args, words) => {
  expect(readOptions(args)).toMatchObject({ ok: false, isHelp: false, words: expect.stringMatching(words) });
});

test('--help returns the usage', () => {
  expect(readOptions(['--help'])).toMatchObject({ ok: false, isHelp: true });
});
