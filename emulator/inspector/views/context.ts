import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SingleKeys } from '../../../ui/list-keys.tsx';
import type { Theme } from '../../../ui/theme.ts';
import type { Inspector } from '../inspector.ts';
import type { Strings } from '../strings/en.ts';

/** What every view of the page may use. */
export interface PageParts {
  inspector: Inspector;
  strings: Strings;
  /** How times are written. */
  locale: string;
  theme: Signal<Theme>;
  singleKeys: Signal<SingleKeys>;
  /** What was done last, for everybody to see and hear; empty where it is not worth saying any more. */
  said: ReadonlySignal<string>;
  say: (words: string) => void;
  /** Copies a text, and says how that went. */
  copy: (text: string, words?: string) => void;
  /** Whether the request has the whole page where there is no room for the list beside it. */
  isReading: Signal<boolean>;
}

export const Page = createContext<PageParts | null>(null);

export function usePage(): PageParts {
  const parts = useContext(Page);
  if (!parts) throw new Error('The view is not part of a page.');
  return parts;
}
