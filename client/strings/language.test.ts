// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { es } from './es.ts';
import { createLanguage, firstKnown } from './language.ts';

describe('the language of the page', () => {
  it.each([
    [['es-MX', 'en'], 'es'],
    [['de-DE', 'es', 'en'], 'es'],
    [['EN-us'], 'en'],
    [['de', 'fr'], 'en'],
    [[], 'en'],
  ])('of a browser that prefers %j is %s', (preferred, expected) => {
    expect(firstKnown(preferred)).toBe(expected);
  });

  it('is the one that was chosen before, and is written on the page', () => {
    const stored = new Map([['switchboard.language', 'es']]);
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    };
    const { language, strings } = createLanguage(storage, ['en'], document.documentElement);
    expect([strings.value, document.documentElement.lang]).toEqual([es, 'es']);
    language.value = 'en';
    expect([strings.value, document.documentElement.lang]).toEqual([en, 'en']);
    expect(stored.get('switchboard.language')).toBe('en');
  });

  it('is written as where the reader lives, if the browser says where', () => {
    const storage = { getItem: () => null, setItem: () => {} };
    const preferred = ['de-AT', 'en-GB', 'en'];
    const { language, locale } = createLanguage(storage, preferred, document.documentElement);
    expect(locale.value).toBe('en-GB');
    language.value = 'es';
    expect(locale.value).toBe('es');
  });

  it('that was only guessed is not remembered, and a strange one is not taken', () => {
    const stored = new Map([['switchboard.language', 'constructor']]);
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    };
    expect(createLanguage(storage, ['es'], document.documentElement).language.value).toBe('es');
    expect(stored.get('switchboard.language')).toBe('constructor');
  });
});

/** Every text with its path, functions called with sample words. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (typeof value === 'function') {
    return [[path, String(value(3))]];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`))
    : [];
}

describe('the Spanish texts', () => {
  const spanish = texts(es);

  it('are there for each English one', () => {
    expect(spanish.map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, but for the name of the product', () => {
    const english = new Map(texts(en));
    const same = spanish.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.product']);
  });
});

describe.each([
  ['English', en],
  ['Spanish', es],
])('in %s', (_name, strings) => {
  it('no other control has a name that holds the name of an action', () => {
    const { rejoin, ...names } = strings.actions;
    const controls = [
      rejoin(14),
      strings.line.retry,
      strings.waiting.takeNext,
      strings.sound.blocked,
      strings.microphone.check,
      strings.signIn.submit,
      strings.signIn.signOut,
      strings.log.copy,
      strings.call.openPhone,
      strings.settings.allowNotifications,
    ];
    for (const name of Object.values(names)) {
      expect(controls.filter((control) => control.toLowerCase().includes(name.toLowerCase()))).toEqual([]);
    }
  });
});
