import { expect, it } from 'vitest';
import { everything } from './filter.ts';
import { readPlace, writePlace } from './place.ts';

it.each([
  ['', { filter: everything, callId: null }],
  ['?call=CON-1', { filter: everything, callId: 'CON-1' }],
  ['?agent=Bob&call=leg%3A1+2', { filter: { ...everything, agent: 'Bob' }, callId: 'leg:1 2' }],
])('%j is parsed, and written back the same', (search, place) => {
  expect(readPlace(search)).toEqual(place);
  expect(writePlace(place)).toBe(search);
});

it('an empty call means none', () => {
  expect(readPlace('?call=').callId).toBeNull();
});
