import { describe, expect, it } from 'vitest';
import { formatNumber, readNumber } from './numbers.ts';

describe('readNumber', () => {
  it.each([
    ['442038297050', '442038297050'],
    ['+44 20 3829 7050', '442038297050'],
    ['+44 (0)20 3829-7050', '442038297050'],
    ['0044 20.3829/7050', '442038297050'],
    ['\u202a+44\u00a020\u20113829–7050\u202c', '442038297050'],
    ['tel:+442038297050', '442038297050'],
    ['999', '999'],
    ['+1 (415) 555-0100', '14155550100'],
  ])('reads %j as %s', (text, digits) => {
    expect(readNumber(text)).toEqual({ ok: true, digits });
  });

  it('adds the country code to a number that leaves it out', () => {
    expect(readNumber('020 3829 7050', 'GB')).toEqual({ ok: true, digits: '442038297050' });
    expect(readNumber('(020) 3829 7050', 'GB')).toEqual({ ok: true, digits: '442038297050' });
  });

  it('keeps a leading zero if the country is unknown', () => {
    expect(readNumber('020 3829 7050')).toEqual({ ok: true, digits: '02038297050' });
    expect(readNumber('020 3829 7050', 'ZZ')).toEqual({ ok: true, digits: '02038297050' });
  });

  it('leaves a number with a foreign country code unchanged', () => {
    expect(readNumber('442038297050', 'US')).toEqual({ ok: true, digits: '442038297050' });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    [' + ', 'empty'],
    ['Alice', 'not-digits'],
    ['44 20 eight', 'not-digits'],
    ['44+20', 'not-digits'],
    ['+44', 'too-short'],
    ['12', 'too-short'],
    ['1234567890123456', 'too-long'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(readNumber(text)).toEqual({ ok: false, problem });
  });
});

describe('formatNumber', () => {
  it.each([
    ['442038297050', '+44 20 3829 7050'],
    ['447700900000', '+44 7700 900000'],
    ['441632960000', '+44 1632 960000'],
    ['+14155550100', '+1 415 555 0100'],
    ['34912345678', '+34 912 34 56 78'],
    // No country has this code.
    ['99912345678', '+99912345678'],
    // Short codes have no country code.
    ['999', '999'],
    ['12345', '12345'],
    ['1234567890123456', '1234567890123456'],
    ['Acme', 'Acme'],
    ['sip:alice@example.com', 'sip:alice@example.com'],
    ['', ''],
  ])('writes %s as %s', (digits, text) => {
    expect(formatNumber(digits)).toBe(text);
  });
});
