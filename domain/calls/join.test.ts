import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  earliestWins,
  greatest,
  type Join,
  latestWins,
  least,
  sorted,
  type Timestamped,
  union,
} from './join.ts';

const times = fc.option(fc.integer({ min: 0, max: 3 }));
const timestamped: fc.Arbitrary<Timestamped<string> | null> = fc.option(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), times),
);
const numbers = fc.option(fc.integer({ min: 0, max: 3 }));
const lists = fc
  .array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), at: numbers }), { maxLength: 4 })
  .map((items) => items.reduce<readonly Item[]>((list, item) => joinLists(list, [item]), []));

type Item = { key: string; at: number | null };

function joinLists(a: readonly Item[], b: readonly Item[]): readonly Item[] {
  return union(a, b, (one, other) => ({ key: one.key, at: least(one.at, other.at) }), 3);
}

function keepsTheLaws<T>(values: fc.Arbitrary<T>, join: Join<T>): void {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      expect(join(a, b)).toEqual(join(b, a));
      expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
      expect(join(a, a)).toEqual(a);
    }),
    { numRuns: 2000 },
  );
}

describe('a join is commutative, associative and idempotent:', () => {
  it('the smaller value', () => keepsTheLaws<number | null>(numbers, least));
  it('the greater value', () => keepsTheLaws<number | null>(numbers, greatest));
  it('the earliest value', () => keepsTheLaws<Timestamped<string> | null>(timestamped, earliestWins));
  it('the latest value', () => keepsTheLaws<Timestamped<string> | null>(timestamped, latestWins));
  it('the union of lists', () => keepsTheLaws(lists, joinLists));
});

describe('timestamped values', () => {
  it.each<
    [
      Timestamped<string> | null,
      Timestamped<string> | null,
      Timestamped<string> | null,
      Timestamped<string> | null,
    ]
  >([
    [
      ['a', 1],
      ['b', 2],
      ['a', 1],
      ['b', 2],
    ],
    [
      ['b', 1],
      ['a', 1],
      ['a', 1],
      ['b', 1],
    ],
    [
      ['a', null],
      ['b', 2],
      ['b', 2],
      ['b', 2],
    ],
    [
      ['a', null],
      ['b', null],
      ['a', null],
      ['b', null],
    ],
    [null, ['b', null], ['b', null], ['b', null]],
    [null, null, null, null],
  ])('by %j and %j is first %j and last %j', (a, b, first, last) => {
    expect(earliestWins(a, b)).toEqual(first);
    expect(latestWins(a, b)).toEqual(last);
  });
});

describe('a union', () => {
  it('has each key once, in code unit order, and keeps the smallest if there are too many', () => {
    const [a, b] = [
      ['é', 'Z'],
      ['a', 'b', 'Z'],
    ].map((keys) => sorted(keys.map((key) => ({ key, at: null }))));
    expect(joinLists(a ?? [], b ?? []).map(({ key }) => key)).toEqual(['Z', 'a', 'b']);
  });
});
