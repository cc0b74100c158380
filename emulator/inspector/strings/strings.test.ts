import { expect, it } from 'vitest';
import { en } from './en.ts';
import { es } from './es.ts';

it('distinguishes one request from several', () => {
  for (const { page, list, request } of [en, es]) {
    expect(page.held(1)).not.toMatch(/s$/);
    expect(page.held(2)).toMatch(/s$/);
    expect(list.count(1, 1)).toMatch(/^1 /);
    expect(list.count(3, 10)).toMatch(/^3 \S+ 10 /);
    expect(request.headers(1)).not.toBe(request.headers(2).replace('2', '1'));
  }
});
