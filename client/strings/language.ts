import { computed, effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { createChoice } from '../parts/choice.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';

/** Each in its own language, as a switch shows them. */
export const languages = { en: 'English', es: 'Español' };

export type Language = keyof typeof languages;

const all: Record<Language, Strings> = { en, es };

export interface LanguageChoice {
  language: Signal<Language>;
  strings: ReadonlySignal<Strings>;
}

/** The language that the agent chose, or else the first of the browser's that there is; on the page's root too. */
export function createLanguage(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  preferred: readonly string[],
  root: HTMLElement,
): LanguageChoice {
  const language = createChoice(storage, 'switchboard.language', languages, firstKnown(preferred));
  effect(() => {
    root.lang = language.value;
  });
  return { language, strings: computed(() => all[language.value]) };
}

/** The first language that there is among BCP 47 tags such as `es-MX`, else English. */
export function firstKnown(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [primary] = tag.toLowerCase().split('-');
    if (primary === 'en' || primary === 'es') {
      return primary;
    }
  }
  return 'en';
}
