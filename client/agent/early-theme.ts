import { safeStorage } from '../parts/safe-storage.ts';
import { createTheme } from '../parts/theme.ts';

/** The remembered look, before the first paint, and the switch for it. */
export const theme = createTheme(
  safeStorage(() => localStorage),
  document.documentElement,
);
