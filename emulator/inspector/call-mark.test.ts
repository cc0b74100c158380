import { expect, it } from 'vitest';
import { markOf } from './call-mark.ts';

it('always marks a call the same way, and calls in several colours', () => {
  const ids = Array.from({ length: 100 }, (_, index) => `CON-00000000-0000-4000-8000-${1000 + index}`);
  expect(ids.map(markOf)).toEqual(ids.map(markOf));
  expect(markOf('CON-1234abcd').tag).toBe('abcd');
  expect(new Set(ids.map((id) => markOf(id).hue)).size).toBeGreaterThan(10);
  for (const id of ids) expect(markOf(id).hue).toBeLessThan(360);
});
