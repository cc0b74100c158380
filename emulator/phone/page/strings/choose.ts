import { en, type Strings } from './en.ts';
import { es } from './es.ts';

/** The phone's words in the first language that there is among BCP 47 tags such as `es-MX`, else in English. */
export function chooseStrings(preferred: readonly string[]): Strings {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-', 1)[0];
    const found = [en, es].find(({ language }) => language === primary);
    if (found) return found;
  }
  return en;
}
