import { expect, it } from 'vitest';
import { textsOf } from '../../../ui/testing.ts';
import { en } from './en.ts';
import { es } from './es.ts';

const VALUES = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });

const samples = (path: string) => (path.startsWith('.hints') ? [VALUES] : ['<ONE>', '<TWO>']);

it('has every English text in Spanish, with the same values', () => {
  const facts = (all: [string, string][]) =>
    all.map(([path, text]) => [path, (text.match(/<\w+>|\/emulator\/\w+|Bearer|200|205/g) ?? []).sort()]);
  const spanish = textsOf(es, samples);
  expect(facts(spanish)).toEqual(facts(textsOf(en, samples)));
  expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  const same = textsOf(en, samples).filter(([path, text]) =>
    spanish.some(([p, t]) => p === path && t === text),
  );
  expect(same.length).toBeLessThan(25);
});

it('distinguishes one request from several', () => {
  for (const { page, list, request } of [en, es]) {
    expect(page.held(1)).not.toMatch(/s$/);
    expect(page.held(2)).toMatch(/s$/);
    expect(list.count(1, 1)).toMatch(/^1 /);
    expect(list.count(3, 10)).toMatch(/^3 \S+ 10 /);
    expect(request.headers(1)).not.toBe(request.headers(2).replace('2', '1'));
  }
});
