import { computed, effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { createChoice } from './choice.ts';

/** Each in its own language, as a switch shows them. */
export const languages = { en: 'English', es: 'Español' };

export type Language = keyof typeof languages;

interface LanguageChoice<Texts> {
  language: Signal<Language>;
  /** How times are written: the language as it is used where the reader lives, such as `en-GB`. */
  locale: ReadonlySignal<string>;
  strings: ReadonlySignal<Texts>;
}

/**
 * The language that somebody chose on any page, or else the first of the browser's that there is; on the
 * page's root too.
 * @param texts what the page says, in each language
 */
export function chooseLanguage<Texts>(
  texts: Record<Language, Texts>,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  preferred: readonly string[],
  root: HTMLElement,
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

/** The first language that there is among BCP 47 tags such as `es-MX`, else English. */
export function firstKnown(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = primaryOf(tag);
    if (primary === 'en' || primary === 'es') {
      return primary;
    }
  }
  return 'en';
}
