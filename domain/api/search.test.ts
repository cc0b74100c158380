import { expect, it } from 'vitest';
import { textSearch } from './search.ts';

const event = {
  status: 'Timeout',
  speech: { results: [{ text: 'sales team' }], final: true },
  sip_code: 480,
};
const reply = { status: 200, ncco: [{ action: 'connect', timeout: 45 }] };

it.each([
  ['timeout', true],
  ['TIME', true],
  ['sales', true],
  ['"sales"', false],
  ['"Sales Team"', true],
  ['480', true],
  ['true', true],
  ['connect', true],
  ['speech', false],
  ['nobody', false],
])('%s is found in a value of an event or its reply: %s', (text, isFound) => {
  expect(textSearch(text).finds(event, reply)).toBe(isFound);
});

it('does not find the name of a field', () => {
  expect(textSearch('timeout').finds(reply)).toBe(false);
});

it('says what to look for', () => {
  expect([textSearch('"sales"').wanted, textSearch('sales').wanted]).toEqual(['sales', 'sales']);
});
