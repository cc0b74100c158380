import type { Signal } from '@preact/signals';
import { readTheme, THEMES, type Theme } from '../theme.ts';

const NAMES: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

export function ThemeChoice({ theme }: { theme: Signal<Theme> }) {
  return (
    <label class="theme-choice">
      Theme
      <select
        value={theme.value}
        onChange={(event) => {
          theme.value = readTheme(event.currentTarget.value);
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {NAMES[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
