import { expect, it } from 'vitest';
import { curlCommand, quoted } from './curl.ts';

it.each([
  ['a b', `'a b'`],
  [`it's`, String.raw`'it'\''s'`],
  ['$HOME `id` \\', "'$HOME `id` \\'"],
])('quotes %s for a shell', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});

it('writes each option on a line of its own', () => {
  expect(curlCommand('here', ['-a', '-b'])).toBe('curl here \\\n  -a \\\n  -b');
  expect(curlCommand('here', [])).toBe('curl here');
});
