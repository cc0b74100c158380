import { describe, expect, it } from 'vitest';
import {
  readAmount,
  readFlag,
  readList,
  readNumber,
  readObject,
  readParty,
  readText,
  readTime,
  readWord,
} from './lenient-fields.ts';

describe('a field of a webhook', () => {
  it.each([
    ['447700900000', '447700900000'],
    [' 447700900000', '447700900000'],
    [447700900000, '447700900000'],
    [['Alice', 'Alice'], 'Alice'],
    [['', null, 'Alice', 'Bob'], 'Alice'],
    ['a\u0000b\r\n', 'ab'],
    ['half a \ud83d', 'half a \ufffd'],
    ['x'.repeat(1000), 'x'.repeat(512)],
  ])('%# is text', (value, expected) => {
    expect(readText(value)).toBe(expected);
  });

  it.each([[undefined], [null], [''], [' \t'], ['null'], [true], [{}], [[]], [[['a']]]])(
    '%j is not text',
    (value) => {
      expect(readText(value)).toBeNull();
    },
  );

  it('is compared in lower case if it is one of a list', () => {
    expect(readWord('Completed')).toBe('completed');
  });

  it.each<[unknown, number | null]>([
    [5, 5],
    ['5', 5],
    ['0.9405097', 0.9405097],
    [-0, 0],
    [-1, null],
    ['-1', null],
    ['1e3', null],
    ['', null],
    [' ', null],
    [Infinity, null],
    [null, null],
    [['7', '7'], 7],
    [' 7', 7],
    [['7'], 7],
    [{}, null],
  ])('%j is the number %j', (value, expected) => {
    expect(readNumber(value)).toBe(expected);
  });

  it.each([
    ['0.00720000', '0.00720000'],
    [0.0072, '0.0072'],
    [0, '0'],
    [0.00000072, '0.00000072'],
    [['0.10'], '0.10'],
    ['free', null],
    ['-1', null],
    [null, null],
  ])('%j is the amount %j', (value, expected) => {
    expect(readAmount(value)).toBe(expected);
  });

  it.each<[unknown, string]>([
    ['2021-03-29T21:20:05.582Z', '2021-03-29T21:20:05.582Z'],
    ['2021-03-29T21:20:05Z', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29 21:20:05', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29T21:20:05.582123456Z', '2021-03-29T21:20:05.582Z'],
    ['2021-03-29T23:20:05+02:00', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29T23:20:05+0200', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29T23:20:05+02', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29 21:20:05 UTC', '2021-03-29T21:20:05.000Z'],
    ['2021-03-29T21:20:05,582', '2021-03-29T21:20:05.582Z'],
    ['2021-03-29t21:20z', '2021-03-29T21:20:00.000Z'],
    [['2021-03-29T21:20:05Z'], '2021-03-29T21:20:05.000Z'],
    [1617052805582, '2021-03-29T21:20:05.582Z'],
    ['1617052805582', '2021-03-29T21:20:05.582Z'],
    [1617052805, '2021-03-29T21:20:05.000Z'],
    [1617052805.582, '2021-03-29T21:20:05.582Z'],
    ['1617052805582123', '2021-03-29T21:20:05.582Z'],
    ['1617052805582123456', '2021-03-29T21:20:05.582Z'],
  ])('%j is the time %s', (value, expected) => {
    expect(readTime(value)).toBe(Date.parse(expected));
  });

  it.each([
    [''],
    ['now'],
    ['2021'],
    ['2021-03-29'],
    ['2021-13-29T21:20:05Z'],
    [7],
    [-1617052805],
    [true],
    [null],
  ])('%j is not a time', (value) => {
    expect(readTime(value)).toBeNull();
  });

  it.each([
    [true, true],
    ['true', true],
    ['false', false],
    ['True', true],
    ['FALSE', false],
    [1, true],
    ['0', false],
    [[true], true],
    ['yes', null],
    [2, null],
  ])('%j is the flag %j', (value, expected) => {
    expect(readFlag(value)).toBe(expected);
  });

  it.each<[unknown, unknown]>([
    [{ a: 1 }, { a: 1 }],
    ['{"a":1}', { a: 1 }],
    [[{ a: 1 }], { a: 1 }],
    ['[{"a":1}]', { a: 1 }],
    ['{"a":', null],
    ['a', null],
    [null, null],
    [[], null],
  ])('%j is the object %j', (value, expected) => {
    expect(readObject(value)).toEqual(expected);
  });

  it.each<[unknown, unknown]>([
    [
      [1, 2],
      [1, 2],
    ],
    ['[1,2]', [1, 2]],
    [{ a: 1 }, [{ a: 1 }]],
    ['a', ['a']],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is the list %j', (value, expected) => {
    expect(readList(value)).toEqual(expected);
  });

  it.each([
    ['447700900000', '447700900000'],
    [{ type: 'phone', number: '447700900000' }, '447700900000'],
    [{ type: 'app', user: 'Alice' }, 'Alice'],
    [{ type: 'vbc', extension: 111 }, '111'],
    ['{"type":"websocket","uri":"wss://a.example/s"}', 'wss://a.example/s'],
    [[{ type: 'sip', uri: 'sip:bob@example.com' }], 'sip:bob@example.com'],
    [{ type: 'phone' }, null],
    [null, null],
  ])('%j is the party %j', (value, expected) => {
    expect(readParty(value)).toBe(expected);
  });
});
