import { describe, expect, it } from 'vitest';
import { chooseStrings } from './choose-strings.ts';

const en = { language: 'en' };
const es = { language: 'es' };

describe('the language of a page', () => {
  it.each([
    [['es-MX', 'en'], es],
    [['de-DE', 'es', 'en'], es],
    [['EN-us', 'es'], en],
    [['de', 'fr'], en],
    [[], en],
  ])('of a browser that prefers %j is the first that there is', (preferred, expected) => {
    expect(chooseStrings([en, es], preferred)).toBe(expected);
  });
});
