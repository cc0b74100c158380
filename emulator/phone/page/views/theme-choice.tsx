import type { Signal } from '@preact/signals';
import { readTheme, THEMES, type Theme } from '../theme.ts';
import { useStrings } from './strings.ts';

export function ThemeChoice({ theme }: { theme: Signal<Theme> }) {
  const { page } = useStrings();
  return (
    <label class="theme-choice">
      {page.appearance}
      <select
        value={theme.value}
        onChange={(event) => {
          theme.value = readTheme(event.currentTarget.value);
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {page.themes[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
