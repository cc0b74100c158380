import type { Signal } from '@preact/signals';
import { ExternalLink, Languages, SunMoon } from 'lucide';
import { ChoiceSelect } from './choice-select.tsx';
import { Icon } from './icon.tsx';
import { type Language, languages } from './language.ts';
import type { Theme } from './theme.ts';

/** A link of a page's footer, which opens beside the page. */
export function FooterLink({ href, words }: { href: string; words: string }) {
  return (
    <a href={href} target="_blank" rel="noopener">
      {words}
      <Icon icon={ExternalLink} />
    </a>
  );
}

interface FooterChoicesProps {
  language: Signal<Language>;
  theme: Signal<Theme>;
  words: { language: string; theme: string; themes: Readonly<Record<Theme, string>> };
}

/** Each one's own choices about a page, at the end of its footer. */
export function FooterChoices({ language, theme, words }: FooterChoicesProps) {
  return (
    <>
      <span class="footer__gap" />
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
