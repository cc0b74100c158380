import type { Signal } from '@preact/signals';
import { Languages, SunMoon } from 'lucide';
import { ChoiceSelect } from './choice-select.tsx';
import { type Language, languages } from './language.ts';
import type { Theme } from './theme.ts';

interface FooterChoicesProps {
  language: Signal<Language>;
  theme: Signal<Theme>;
  words: { language: string; theme: string; themes: Readonly<Record<Theme, string>> };
}

/** Each one's own choices about a page, in its footer. */
export function FooterChoices({ language, theme, words }: FooterChoicesProps) {
  return (
    <>
      <ChoiceSelect
        icon={Languages}
        label={words.language}
        options={languages}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
      />
      <ChoiceSelect
        icon={SunMoon}
        label={words.theme}
        options={words.themes}
        value={theme.value}
        onChange={(value) => {
          theme.value = value;
        }}
      />
    </>
  );
}
