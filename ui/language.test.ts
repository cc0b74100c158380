// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { chooseLanguage, firstKnown, languages } from './language.ts';
import { fakeStorage } from './testing.ts';

const texts = { ...languages, en: 'Hello', es: 'Hola' };
const root = document.documentElement;

describe('the language of a page', () => {
  it.each([
    [['es-MX', 'en'], 'es'],
    [['xx-DE', 'es', 'en'], 'es'],
    [['EN-us', 'es'], 'en'],
    [['constructor', 'toString'], 'en'],
    [['xx', ''], 'en'],
    [[], 'en'],
  ])('is, for a browser that prefers %j, %s', (preferred, expected) => {
    expect(firstKnown(preferred)).toBe(expected);
  });

  it('is the one chosen before, and is set on the page', () => {
    const storage = fakeStorage({ 'switchboard.language': 'es' });
    const { language, strings } = chooseLanguage(texts, storage, ['en'], root);
    expect([strings.value, root.lang]).toEqual(['Hola', 'es']);
    language.value = 'en';
    expect([strings.value, root.lang]).toEqual(['Hello', 'en']);
    expect(storage.getItem('switchboard.language')).toBe('en');
  });

  it('includes the reader’s region if the browser gives one', () => {
    const { language, locale } = chooseLanguage(texts, fakeStorage(), ['de-AT', 'en-GB', 'en'], root);
    expect(locale.value).toBe('en-GB');
    language.value = 'es';
    expect(locale.value).toBe('es');
  });

  it('is not remembered when only guessed, and an unknown one is ignored', () => {
    const storage = fakeStorage({ 'switchboard.language': 'constructor' });
    expect(chooseLanguage(texts, storage, ['es'], root).language.value).toBe('es');
    expect(storage.getItem('switchboard.language')).toBe('constructor');
  });
});
