import type { Signal } from '@preact/signals';
import { readTheme, THEMES, type Theme } from './theme.ts';

export interface ThemeChoiceProps {
  theme: Signal<Theme>;
  words: { appearance: string; themes: Record<Theme, string> };
}

export function ThemeChoice({ theme, words }: ThemeChoiceProps) {
  return (
    <label class="theme-choice">
      <span>{words.appearance}</span>
      <select
        value={theme.value}
        onChange={(event) => {
          theme.value = readTheme(event.currentTarget.value);
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {words.themes[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
