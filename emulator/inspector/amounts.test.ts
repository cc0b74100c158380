import { describe, expect, it } from 'vitest';
import { byteSize, duration, pathOf } from './amounts.ts';

describe('amounts', () => {
  it.each([
    [0.44, '0.4 ms'],
    [9.96, '10 ms'],
    [12.5, '13 ms'],
    [999, '999 ms'],
    [999.7, '1.00 s'],
    [1234, '1.23 s'],
    [12_345, '12.3 s'],
  ])('show %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345, '12 kB'],
    [999_600, '1.0 MB'],
    [2_500_000, '2.5 MB'],
  ])('show %d bytes as %s', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });

  it('show a URL without its origin', () => {
    expect(pathOf('http://localhost:3000/voice/event?a=1')).toBe('/voice/event?a=1');
    expect(pathOf('nonsense')).toBe('nonsense');
  });
});
