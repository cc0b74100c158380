import { chooseLanguage, type Language, type LanguageChoice } from './choose-language.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';

export { firstKnown, type Language, languages } from './choose-language.ts';

const all: Record<Language, Strings> = { en, es };

/** The language of the agent page. */
export function createLanguage(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  preferred: readonly string[],
  root: HTMLElement,
): LanguageChoice<Strings> {
  return chooseLanguage(all, storage, preferred, root);
}
