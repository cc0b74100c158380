import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTooDeep } from './nesting.ts';

const nested = (levels: number) => Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test('a hundred levels are taken, and no more', () => {
  expect(isTooDeep(nested(100))).toBe(false);
  expect(isTooDeep(nested(101))).toBe(true);
  expect(isTooDeep(nested(1_000_000))).toBe(true);
  expect(isTooDeep(Buffer.from('{"a":'.repeat(101)))).toBe(true);
});

test('brackets in texts are no levels', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isTooDeep(Buffer.from(JSON.stringify([text, '['.repeat(200), '\\"['.repeat(200)])))).toBe(false);
    }),
  );
});
