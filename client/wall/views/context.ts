import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from '../../../ui/language.ts';
import type { Theme } from '../../../ui/theme.ts';
import type { LastAgent } from '../../session/last-agent.ts';
import type { WallStrings } from '../../strings/wall-en.ts';
import type { AlarmSound } from '../alarm-sound.ts';
import type { FigureName } from '../figures.ts';
import type { LiveWall } from '../live-wall.ts';

/** What is open over the wall. */
export type Opened =
  | { kind: 'agent'; name: string }
  | { kind: 'call'; id: string }
  | { kind: 'figure'; name: FigureName }
  | { kind: 'agents day' }
  | { kind: 'audit' };

interface PageContext {
  live: LiveWall;
  strings: ReadonlySignal<WallStrings>;
  language: Signal<Language>;
  /** For dates and numbers. */
  locale: ReadonlySignal<string>;
  theme: Signal<Theme>;
  opened: Signal<Opened | null>;
  /** Whether the page is read from far away, without controls. */
  isBig: ReadonlySignal<boolean>;
  /** Whether the network is there, as far as the browser knows. */
  isOnline: ReadonlySignal<boolean>;
  /** A number, or what to call a caller without one. */
  nameOf: (party: string | null) => string;
  lastAgent: LastAgent;
  /** Which agent the requests of this page name where nobody signs in; null: the first. */
  namedAgent: string | null;
  sound: AlarmSound;
  isSoundOn: Signal<boolean>;
  /** Saves a file on this computer. */
  save: (name: string, text: string) => void;
}

const Context = createContext<PageContext | null>(null);

export const Page = Context.Provider;

export function usePage(): PageContext {
  const page = useContext(Context);
  if (page === null) throw new Error('This is shown outside of the page.');
  return page;
}
