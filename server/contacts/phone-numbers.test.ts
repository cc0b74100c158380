import { expect, it } from 'vitest';
import { countryOf, formatNumber, numberIn, readNumber } from './phone-numbers.ts';

it.each([
  ['07700 900123', 'GB', '447700900123'],
  ['(020) 3829-7050', 'GB', '442038297050'],
  ['+34 612 34 56 78', 'GB', '34612345678'],
  ['0034 612 34 56 78', 'GB', '34612345678'],
  ['447700900123', 'GB', '447700900123'],
  // Without the + that a spreadsheet has taken for a sign.
  ['447700900123', 'ES', '447700900123'],
  ['612 345 678', 'ES', '34612345678'],
  ['+44 7700 900123', undefined, '447700900123'],
  ['07700 900123', undefined, undefined],
  ['4.47701E+11', 'GB', undefined],
  ['12', 'GB', undefined],
  ['call me', 'GB', undefined],
  ['07700 900123 / 07700 900124', 'GB', undefined],
] as const)('%s, in a file of %s, is %s', (text, country, number) => {
  expect(readNumber(text, country)).toBe(number);
});

it.each([
  ['447700900000', 'en', '+44 7700 900000', 'GB', 'United Kingdom'],
  ['447700900000', 'es', '+44 7700 900000', 'GB', 'Reino Unido'],
  ['34612345678', 'es-ES', '+34 612 34 56 78', 'ES', 'España'],
  ['anonymous', 'en', 'anonymous', null, null],
  ['123', 'en', '123', null, null],
])('%s is shown to a reader of %s as %s', (number, language, formatted, country, countryName) => {
  expect(formatNumber(number, language)).toEqual({ formatted, country, countryName });
});

it('takes numbers from addresses with and without +', () => {
  expect(['+447700900000', '447700900000', '+44 7700-900000'].map(numberIn)).toEqual(
    Array(3).fill('447700900000'),
  );
  expect(['anonymous', '12', '1234567890123456', ''].map(numberIn)).toEqual(Array(4).fill(undefined));
});

it('knows the country of the desk’s own number', () => {
  expect([countryOf('442038297050'), countryOf('34911234567'), countryOf(null)]).toEqual([
    'GB',
    'ES',
    undefined,
  ]);
});
