import { effect, type Signal } from '@preact/signals';
import { createChoice } from './choice.ts';

const themes = { system: true, light: true, dark: true };

export type Theme = keyof typeof themes;

/** The chosen theme, on the page's root as `data-theme`; absent for `system`. */
export function createTheme(storage: Pick<Storage, 'getItem' | 'setItem'>, root: HTMLElement): Signal<Theme> {
  const theme = createChoice<Theme>(storage, 'switchboard.theme', themes, 'system');
  effect(() => {
    if (theme.value === 'system') {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = theme.value;
    }
  });
  return theme;
}
