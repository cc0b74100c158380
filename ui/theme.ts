import { effect, type Signal } from '@preact/signals';
import { createChoice } from './choice.ts';

const themes = { system: true, light: true, dark: true };

export type Theme = keyof typeof themes;

/** The look that the agent chose, on the page's root as `data-theme`; `system` is the absence of it. */
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
