import { expect, it } from 'vitest';
import { markedParts } from './marked.tsx';

const shown = (text: string, wanted: { text?: string; digits?: string }) =>
  markedParts(text, { text: '', digits: '', ...wanted })
    .map((part) => (part.isMarked ? `[${part.text}]` : part.text))
    .join('');

it.each([
  ['Alice', {}, 'Alice'],
  ['Alice', { text: 'LI' }, 'A[li]ce'],
  ['banana', { text: 'an' }, 'b[an][an]a'],
  ['+44 7700 900000', { digits: '7700900' }, '+44 [7700 900]000'],
  ['+44 7700 900000', { digits: '447' }, '+[44 7]700 900000'],
  ['+44 7700 900000', { digits: '5' }, '+44 7700 900000'],
  ['a1b1', { text: 'a1', digits: '11' }, '[a1][b1]'],
  // Its small letters are more than its capitals.
  ['İx', { text: 'x' }, 'İ[x]'],
  ['', { text: 'x', digits: '1' }, ''],
])('in %j, %j is marked: %s', (text, wanted, expected) => {
  expect(shown(text, wanted)).toBe(expected);
});
