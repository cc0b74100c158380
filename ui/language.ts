import { computed, effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { createChoice } from './choice.ts';

/** Each language's own name, for the language switch. */
export const languages = { en: 'English', es: 'Español' };

export type Language = keyof typeof languages;

interface LanguageChoice<Texts> {
  language: Signal<Language>;
  /** The locale for dates and numbers: the language with the reader's region, such as `en-GB`. */
  locale: ReadonlySignal<string>;
  strings: ReadonlySignal<Texts>;
}

/**
 * The language chosen on any page, or else the browser's first supported one. It is set on the page's root, too.
 * @param texts the page's texts in each language
 */
export function chooseLanguage<Texts>(
  texts: Record<Language, Texts>,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  preferred: readonly string[],
  root: { lang: string },
): LanguageChoice<Texts> {
  const language = createChoice(storage, 'switchboard.language', languages, firstKnown(preferred));
  effect(() => {
    root.lang = language.value;
  });
  return {
    language,
    locale: computed(() => preferred.find((tag) => primaryOf(tag) === language.value) ?? language.value),
    strings: computed(() => texts[language.value]),
  };
}

function primaryOf(tag: string): string | undefined {
  return tag.toLowerCase().split('-', 1)[0];
}

/** The first supported language of these BCP 47 tags, such as `es-MX`, or else English. */
export function firstKnown(preferred: readonly string[]): Language {
  const isKnown = (tag: string | undefined): tag is Language => Object.hasOwn(languages, tag ?? '');
  return preferred.map(primaryOf).find(isKnown) ?? 'en';
}
