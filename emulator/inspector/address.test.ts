import { describe, expect, it } from 'vitest';
import { readPlace, writePlace } from './address.ts';
import { EVERYTHING } from './filter.ts';

const read = (address: string) => readPlace(new URL(address, 'http://localhost/inspector/'));

describe('an address', () => {
  it.each([
    ['./', { filter: EVERYTHING, activeId: null }],
    ['./#12', { filter: EVERYTHING, activeId: 12 }],
    ['./?call=CON-1#12', { filter: { ...EVERYTHING, call: 'CON-1' }, activeId: 12 }],
  ])('%s is read back as written', (address, place) => {
    expect(read(address)).toEqual(place);
    expect(writePlace(place)).toBe(address);
  });

  it('that is invalid shows everything', () => {
    expect(read('./?x=1#top')).toEqual({ filter: EVERYTHING, activeId: null });
    expect(read('./#99999999999999999999').activeId).toBeNull();
  });

  it('keeps a call with any ID', () => {
    const filter = { ...EVERYTHING, call: 'a&b#c d' };
    expect(read(writePlace({ filter, activeId: null })).filter.call).toBe('a&b#c d');
  });
});
