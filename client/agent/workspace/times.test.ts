import { describe, expect, it } from 'vitest';
import { workspaceEn } from '../../strings/workspace-en.ts';
import { timesIn, whenWords } from './times.ts';

describe('when something was', () => {
  const now = new Date(2026, 10, 25, 14, 30).getTime();
  const at = (...time: [number, number, number, number, number]) => new Date(...time).getTime();
  const words = (when: number) => whenWords(when, now, 'en-GB', workspaceEn.lists);

  it.each([
    ['today by its time', at(2026, 10, 25, 9, 5), '09:05'],
    ['yesterday as such, however short ago', at(2026, 10, 24, 23, 59), 'Yesterday 23:59'],
    ['in the last week by its day', at(2026, 10, 20, 9, 5), 'Fri 09:05'],
    ['before by its date', at(2026, 10, 18, 9, 5), '18 Nov 09:05'],
  ])('is told %s', (_what, when, told) => {
    expect(words(when)).toBe(told);
  });
});

describe('the times in a country', () => {
  const noon = Date.UTC(2026, 10, 25, 12);

  it('are one where all its zones agree', () => {
    expect(timesIn('GB', noon, 'en-GB')).toEqual({ from: '12:00', to: '12:00' });
  });

  it('are the first and the last of several zones', () => {
    const { from, to } = timesIn('PT', noon, 'en-GB') ?? {};
    expect([from, to]).toEqual(['11:00', '12:00']);
  });

  it('are empty for an unknown country', () => {
    expect(timesIn('nowhere', noon, 'en-GB')).toBeNull();
  });
});
