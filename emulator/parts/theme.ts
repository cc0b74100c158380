import { effect, type Signal, signal } from '@preact/signals';
import type { Memory } from './remember.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The chosen theme, remembered, and shown on the root element as theme.css wants it. */
export function createTheme(memory: Memory, root: HTMLElement): Signal<Theme> {
  const theme = signal(readTheme(memory.read()));
  effect(() => {
    if (theme.value === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
    memory.write(theme.value);
  });
  return theme;
}

/** Reads a theme's name; what is none is the system's. */
export function readTheme(name: string | undefined): Theme {
  return THEMES.find((theme) => theme === name) ?? 'system';
}
